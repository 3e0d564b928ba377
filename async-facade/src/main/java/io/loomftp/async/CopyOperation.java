package io.loomftp.async;

import io.loomftp.FtpInputStream;
import io.loomftp.FtpOutputStream;
import io.loomftp.FtpSession;
import io.loomftp.TransferResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import java.util.Optional;

/** {@code get} or {@code put} of a part of a file, between the server and a stream of the user. */
final class CopyOperation extends TransferOperation<TransferResult> {
  private final Work work;

  private CopyOperation(SessionLoop session, String name, String path, Work work) {
    super(session, name, path);
    this.work = work;
  }

  @FunctionalInterface
  private interface Work {
    TransferResult run(FtpSession ftp, CopyOperation operation) throws IOException;
  }

  static CopyOperation download(SessionLoop session, String path, OutputStream target, EventDownload.Opener opener) {
    Objects.requireNonNull(target);
    return new CopyOperation(session, "get", path, (ftp, operation) -> operation.receive(opener.open(ftp), operation.users()
        .target(target)));
  }

  static CopyOperation upload(SessionLoop session, String path, InputStream source, StreamUpload.Opener opener) {
    Objects.requireNonNull(source);
    return new CopyOperation(session, "put", path, (ftp, operation) -> operation.send(operation.users().source(source), opener
        .open(ftp)));
  }

  @Override
  Outcome<TransferResult> run() throws Exception {
    TransferResult result = work.run(session().open(), this);
    return new Outcome<>(result, done(Optional.of(result)));
  }

  private TransferResult receive(FtpInputStream in, OutputStream target) throws IOException {
    byte[] block = new byte[session().config().blockSize()];
    long bytes = 0;
    try (in) {
      for (int n = in.read(block, 0, block.length); n >= 0; n = in.read(block, 0, block.length)) {
        users(block, n, target);
        bytes += n;
        if (isCancelled()) {
          throw abortedAfter(bytes);
        }
      }
      return in.result().orElseThrow();
    }
  }

  /** Writes to the stream of the user. */
  private void users(byte[] block, int length, OutputStream target) {
    try {
      target.write(block, 0, length);
    } catch (Throwable e) {
      failByUserCode(e);
    }
  }

  private TransferResult send(InputStream source, FtpOutputStream out) throws IOException {
    byte[] block = new byte[session().config().blockSize()];
    try {
      for (int n = users(source, block); n >= 0; n = users(source, block)) {
        out.write(block, 0, n);
        if (isCancelled()) {
          throw abortedAfter(out.bytes());
        }
      }
      if (isCancelled()) {
        throw abortedAfter(out.bytes());
      }
    } catch (Throwable e) {
      abort(out, e);
      throw e;
    }
    out.close();
    return out.result().orElseThrow();
  }

  /** Reads from the stream of the user; -1 also when it threw. */
  private int users(InputStream source, byte[] block) {
    try {
      return source.read(block);
    } catch (Throwable e) {
      failByUserCode(e);
      return -1;
    }
  }
}
