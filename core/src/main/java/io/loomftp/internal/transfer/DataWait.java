package io.loomftp.internal.transfer;

import io.loomftp.FtpException;
import io.loomftp.internal.control.ControlConnection;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;

/** Checks between two slices of a wait for the data connection whether waiting still makes sense. */
final class DataWait {
  /** The interval of checks. */
  static final Duration SLICE = Duration.ofMillis(100);

  /** Long enough for a look that also notices the end of the control connection, which no count of arrived bytes shows. */
  private static final Duration LOOK = Duration.ofMillis(1);

  private final ControlConnection control;
  private final TransferRequest request;
  private final TransferReplies replies;
  private final TransferAbort abort;

  DataWait(TransferContext context, TransferRequest request, TransferReplies replies, TransferAbort abort) {
    this.control = context.control();
    this.request = request;
    this.replies = replies;
    this.abort = abort;
  }

  /** Throws when the transfer was aborted, or the server has ended it or the session. */
  void check() throws IOException {
    if (abort.isRequested()) {
      throw new IOException("aborted");
    }
    checkServer();
  }

  /** Throws when the server has ended the transfer or the session, or the thread was interrupted. */
  void checkServer() throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("interrupted");
    }
    if (abort.isCommandSent()) {
      if (replies.hasBegun() && replies.endedEarly(LOOK) && replies.hasFailed()) {
        throw new IOException("the server ended the transfer: " + replies.finalReply());
      }
    } else if (control.hasReply(LOOK)) {
      control.dropUnsolicited(request.command());
    }
  }

  /** Whether the server has ended the transfer. */
  boolean hasServerEnded() throws FtpException {
    return replies.endedEarly(Duration.ZERO) && replies.hasFailed();
  }
}
