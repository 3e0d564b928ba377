package io.loomftp.internal.transfer;

import io.loomftp.FtpException;
import io.loomftp.internal.control.ControlConnection;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;

/** Looks, between two slices of a wait for the data connection, whether there is still a reason to wait. */
final class DataWait {
  /** How often it is looked. */
  static final Duration SLICE = Duration.ofMillis(100);

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

  /** Throws when the transfer was called off, or the server has ended it or the session. */
  void check() throws IOException {
    if (abort.isRequested()) {
      throw new IOException("called off");
    }
    checkServer();
  }

  /** Throws when the server has ended the transfer or the session, or the thread was interrupted. */
  void checkServer() throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("interrupted");
    }
    if (abort.isCommandSent()) {
      if (replies.hasBegun() && replies.endedEarly(Duration.ZERO) && replies.hasFailed()) {
        throw new IOException("the server ended the transfer: " + replies.finalReply());
      }
    } else {
      control.dropUnasked(request.command());
    }
  }

  /** The same, where only the server's word counts. */
  boolean hasServerEnded() throws FtpException {
    return replies.endedEarly(Duration.ZERO) && replies.hasFailed();
  }
}
