package io.loomftp;

import io.loomftp.internal.file.LocalFailure;
import io.loomftp.internal.session.SessionCore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Runs an upload body. When the body throws, the upload is aborted and the incomplete remote file deleted. */
final class BodyUpload {
  private final SessionCore session;
  private final String what;

  BodyUpload(SessionCore session, String what) {
    this.session = session;
    this.what = what;
  }

  /** Opens a stream to the server. */
  @FunctionalInterface
  interface Opener {
    FtpOutputStream open() throws FtpException;
  }

  /** Uploads a local file without comparing it afterwards. */
  TransferResult from(Path source, Opener opener) throws FtpException {
    return session.runOperation(
        () -> {
          try (InputStream in = Files.newInputStream(regular(source))) {
            return write(opener.open(), out -> copy(in, out));
          } catch (FtpException e) {
            throw e;
          } catch (IOException e) {
            throw local(e);
          }
        });
  }

  private static Path regular(Path source) throws IOException {
    if (Files.isDirectory(source)) {
      throw new IOException(source + " is a folder");
    }
    return source;
  }

  private void copy(InputStream in, OutputStream out) throws IOException {
    byte[] block = new byte[session.config().blockSize()];
    for (int n = in.read(block); n >= 0; n = in.read(block)) {
      out.write(block, 0, n);
    }
  }

  /** Uploads what the body writes. */
  TransferResult write(FtpOutputStream out, UploadBody body) throws FtpException {
    try {
      body.writeTo(out);
    } catch (FtpException e) {
      abort(out, e);
      throw e;
    } catch (IOException e) {
      abort(out, e);
      throw local(e);
    } catch (Throwable e) { // code of other languages throws checked exceptions too
      abort(out, e);
      throw e;
    }
    out.close();
    return out.result().orElseThrow(this::aborted);
  }

  /** The body returned normally but had aborted the upload itself. */
  private FtpTransferException aborted() {
    return new FtpTransferException(
        what + " was aborted by its body", null, 0, ErrorKind.ABORTED, true, session.transcript().lines(), null);
  }

  private static void abort(FtpOutputStream out, Throwable reason) {
    try {
      out.abort();
    } catch (FtpException e) {
      reason.addSuppressed(e);
    }
  }

  private FtpLocalException local(IOException cause) {
    return new FtpLocalException(what + ": " + cause, LocalFailure.kind(cause), session.isOpen(), session.transcript().lines(),
        cause);
  }
}
