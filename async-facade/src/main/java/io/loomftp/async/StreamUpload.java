package io.loomftp.async;

import io.loomftp.FtpException;
import io.loomftp.FtpOutputStream;
import io.loomftp.FtpSession;
import io.loomftp.TransferResult;
import java.io.IOException;
import java.util.Optional;

/** Writes the data of a {@link SendBuffer} to a remote file; when that fails, the upload is aborted and the file deleted. */
abstract class StreamUpload extends TransferOperation<TransferResult> {
  private final Opener opener;
  private final SendBuffer window;

  StreamUpload(SessionLoop session, String path, Opener opener) {
    super(session, "put", path);
    this.opener = opener;
    this.window = new SendBuffer(session.config().sendWindow());
  }

  /** Begins the transfer. */
  @FunctionalInterface
  interface Opener {
    FtpOutputStream open(FtpSession ftp) throws FtpException;
  }

  final SendBuffer window() {
    return window;
  }

  /** Called before the transfer begins. */
  abstract void begin();

  /** Called when the transfer has begun. */
  abstract void opened();

  /** Called when no more data is taken. */
  abstract void over();

  @Override
  final void wake() {
    window.wake();
  }

  @Override
  final Outcome<TransferResult> run() throws Exception {
    window.begin();
    begin();
    try {
      return put(session().open());
    } finally {
      window.end();
      over();
    }
  }

  private Outcome<TransferResult> put(FtpSession ftp) throws IOException {
    FtpOutputStream out = opener.open(ftp);
    try {
      opened();
      window.writeTo(out, session().config().blockSize(), session().config().timeouts().dataWrite(), this);
    } catch (Throwable e) {
      abort(out, e);
      throw e;
    }
    out.close();
    TransferResult result = out.result().orElseThrow();
    return new Outcome<>(result, done(Optional.of(result)));
  }
}
