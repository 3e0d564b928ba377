package io.loomftp.examples.benchmarks;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.apache.commons.net.ftp.FTP;
import org.apache.commons.net.ftp.FTPClient;

/** A session of Apache Commons Net in binary and passive mode. */
final class CommonsClient implements AutoCloseable {
  /** The size of its buffer when nothing is said. */
  static final int AS_IT_COMES = 0;
  /** A large buffer. */
  static final int MEBIBYTE = 1 << 20;
  /** Its name, with the buffer that it comes with. */
  static final String NAME = "Commons Net";
  /** Its name, with the large buffer. */
  static final String NAME_MEBIBYTE = "Commons Net, 1 MiB buffer";

  private final FTPClient ftp = new FTPClient();

  CommonsClient(Endpoint endpoint, int bufferSize) throws IOException {
    if (bufferSize != AS_IT_COMES) {
      ftp.setBufferSize(bufferSize);
    }
    ftp.setUseEPSVwithIPv4(endpoint.far());
    ftp.connect(endpoint.host(), endpoint.port());
    check(ftp.login(endpoint.user(), endpoint.password()));
    check(ftp.setFileType(FTP.BINARY_FILE_TYPE));
    ftp.enterLocalPassiveMode();
  }

  /** The version, as its jar says it. */
  static String version() {
    return Optional.ofNullable(FTPClient.class.getPackage().getImplementationVersion()).orElse("");
  }

  /** Fetches a file into a sink. */
  void get(String path, OutputStream sink) throws IOException {
    check(ftp.retrieveFile(path, sink));
  }

  /** Fetches a file by a stream. */
  byte[] getByStream(String path) throws IOException {
    InputStream in = ftp.retrieveFileStream(path);
    check(in != null);
    byte[] content;
    try (InputStream stream = in) {
      content = stream.readAllBytes();
    }
    check(ftp.completePendingCommand());
    return content;
  }

  /** Fetches a file into a file. */
  void get(String path, Path target) throws IOException {
    try (OutputStream out = Files.newOutputStream(target)) {
      get(path, out);
    }
  }

  /** Fetches a file into one with a temporary name, which gets its own name when it is whole. */
  void getByTemporaryName(String path, Path target) throws IOException {
    Path temporary = target.resolveSibling(target.getFileName() + ".part");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(temporary))) {
      get(path, out);
    }
    Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Stores a file. */
  void put(Path source, String path) throws IOException {
    try (InputStream in = Files.newInputStream(source)) {
      check(ftp.storeFile(path, in));
    }
  }

  private void check(boolean good) throws IOException {
    if (!good) {
      throw new IOException("Commons Net: " + ftp.getReplyString());
    }
  }

  @Override
  public void close() throws IOException {
    ftp.disconnect();
  }
}
