package io.loomftp.async;

import io.loomftp.FtpConfig;
import io.loomftp.TlsPolicy;
import io.loomftp.testkit.Certificates;
import io.loomftp.testkit.EmbeddedServer;
import io.loomftp.testkit.RealServer;
import io.loomftp.testkit.RealServers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/** A server for random programs, whose files {@code /e0 ... /f0 ...} and folder {@code /list} never change. */
record FuzzServer(Kind kind, int port, String user, String password, Path home, AutoCloseable server)
    implements AutoCloseable {
  static final List<Integer> SIZES = List.of(0, 10, 5_000, 70_000, 600_000, 3_000_000);
  static final int ENTRIES = 40;
  static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");

  /** The servers. */
  enum Kind {
    VSFTPD, VSFTPD_TLS_1_2, VSFTPD_TLS_1_3, PROFTPD, PROFTPD_TLS_1_2, PROFTPD_TLS_1_3, EMBEDDED, EMBEDDED_TLS_1_2,
    EMBEDDED_TLS_1_3;

    boolean isTls() {
      return name().contains("TLS");
    }

    boolean isAvailable() {
      return name().startsWith("EMBEDDED")
          || RealServers.isAvailable(name().startsWith("V") ? RealServers.Kind.VSFTPD : RealServers.Kind.PROFTPD);
    }

    FuzzServer start() throws IOException, InterruptedException {
      String version = name().endsWith("1_2") ? "TLSv1.2" : "TLSv1.3";
      FuzzServer started =
          switch (this) {
            case EMBEDDED -> of(EmbeddedServer.plain());
            case EMBEDDED_TLS_1_2, EMBEDDED_TLS_1_3 -> of(EmbeddedServer.explicitTls(version));
            case VSFTPD -> of(RealServers.Kind.VSFTPD, RealServers.Variant.PLAIN);
            case VSFTPD_TLS_1_2 -> of(RealServers.Kind.VSFTPD, RealServers.Variant.TLS_1_2);
            case VSFTPD_TLS_1_3 -> of(RealServers.Kind.VSFTPD, RealServers.Variant.TLS_1_3_REUSE);
            case PROFTPD -> of(RealServers.Kind.PROFTPD, RealServers.Variant.PLAIN);
            case PROFTPD_TLS_1_2 -> of(RealServers.Kind.PROFTPD, RealServers.Variant.TLS_1_2_REUSE);
            case PROFTPD_TLS_1_3 -> of(RealServers.Kind.PROFTPD, RealServers.Variant.TLS_1_3_REUSE);
          };
      started.fill();
      return started;
    }

    private FuzzServer of(EmbeddedServer server) {
      return new FuzzServer(this, server.port(), server.user(), server.password(), server.home(), server);
    }

    private FuzzServer of(RealServers.Kind kind, RealServers.Variant variant) throws IOException, InterruptedException {
      RealServer server = RealServers.start(kind, variant);
      return new FuzzServer(this, server.port(), server.user(), server.password(), server.home(), server);
    }
  }

  private void fill() throws IOException {
    for (int i = 0; i < SIZES.size(); i++) {
      write(home.resolve("e" + i), content("/e" + i));
      write(home.resolve("f" + i), content("/f" + i));
    }
    open(Files.createDirectories(home.resolve("sub/deep")));
    open(home.resolve("sub"));
    for (int i = 0; i < ENTRIES; i++) {
      open(Files.createDirectories(home.resolve("list/entry-" + i)));
    }
    open(home.resolve("list"));
  }

  private static void write(Path file, byte[] content) throws IOException {
    Files.write(file, content);
    Files.setLastModifiedTime(file, FileTime.from(TIME));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
  }

  private static void open(Path folder) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  /** Makes a folder that the sessions of one program may write to. */
  Path folder(String name) throws IOException {
    Path folder = Files.createDirectory(home.resolve(name));
    open(folder);
    return folder;
  }

  /** The content of a file by its path, which decides everything: letters, so that it is the same in both types. */
  static byte[] content(String path) {
    return content(path, SIZES.get(path.charAt(2) - '0'));
  }

  static byte[] content(String name, int size) {
    Random random = new Random(name.hashCode());
    byte[] letters = new byte[size];
    for (int i = 0; i < size; i++) {
      letters[i] = (byte) ('a' + random.nextInt(26));
    }
    return letters;
  }

  static String text(byte[] content) {
    return new String(content, StandardCharsets.ISO_8859_1);
  }

  FtpConfig.Builder config(int at) {
    FtpConfig.Builder builder = FtpConfig.builder("localhost").port(at).credentials(user, password);
    return kind.isTls() ? builder.tls(TlsPolicy.explicit().withContext(Certificates.trusting())) : builder;
  }

  @Override
  public void close() throws IOException {
    try {
      server.close();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
