package io.loomftp.internal.transfer;

import io.loomftp.ErrorKind;
import io.loomftp.FtpException;
import io.loomftp.FtpInDoubtException;
import io.loomftp.FtpTimeoutException;
import io.loomftp.FtpTransferException;
import io.loomftp.Reply;
import io.loomftp.internal.control.ControlConnection;
import io.loomftp.internal.control.ReplyClassifier;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Brings one transfer that went wrong to its end, and builds the exception that says what happened: the connection is in step
 * then, or known to be out of step, or closed.
 */
final class TransferErrors {
  private final TransferContext context;
  private final TransferRequest request;
  private final ControlConnection control;
  private final TransferReplies replies;
  private final DataLine line;
  private final TransferAbort abort;
  /** Thrown again to whoever asks again, so that no second read looks like a good end. */
  private @Nullable FtpTransferException first;

  TransferErrors(
      TransferContext context, TransferRequest request, TransferReplies replies, DataLine line, TransferAbort abort) {
    this.context = context;
    this.request = request;
    this.control = context.control();
    this.replies = replies;
    this.line = line;
    this.abort = abort;
  }

  /** Why the transfer did not end well, in an exception of its own; null while that is not known. */
  @Nullable
  FtpTransferException again() {
    FtpTransferException before = first;
    return before == null
        ? null
        : build(before.getMessage() + " (told before)", before.kind(), before.certain(), before);
  }

  FtpTransferException failure(String message, ErrorKind kind, boolean certain, @Nullable Throwable cause) {
    FtpTransferException failure = build(message, kind, certain, cause);
    if (first == null) {
      first = failure;
    }
    return failure;
  }

  private FtpTransferException build(String message, ErrorKind kind, boolean certain, @Nullable Throwable cause) {
    return new FtpTransferException(
        message, replies.finalReply(), line.bytes(), kind, certain, control.transcript().lines(), cause);
  }

  /** The data connection failed or was closed on purpose: what the server says of it is read, and that is the error. */
  FtpException broken(IOException cause) {
    line.close();
    if (Thread.currentThread().isInterrupted() || !control.isOpen()) {
      stop();
      return control.lost(request, cause);
    }
    if (abort.isRequested()) {
      return settled();
    }
    try {
      Reply reply = replies.awaitFinal(context.config().timeouts().reply());
      boolean inStep = replies.settleOthers();
      if (!abort.endUnlessAborting(inStep)) {
        return settled();
      }
      return brokenOff(reply, cause);
    } catch (FtpException e) {
      stop();
      if (e != cause) {
        e.addSuppressed(cause);
      }
      return e;
    }
  }

  private FtpException brokenOff(Reply reply, IOException cause) {
    ReplyClassifier refusal =
        reply.isError() ? ReplyClassifier.of(request.command().verb(), reply) : new ReplyClassifier(ErrorKind.TRUNCATED, true);
    ErrorKind kind = refusal.kind() == ErrorKind.BUSY ? ErrorKind.TRUNCATED : refusal.kind();
    if (kind == ErrorKind.TRUNCATED || kind == ErrorKind.CONNECT) {
      context.pipeline().suspect(replies.followers(), request.command(), line.bytes());
    }
    return failure(
        request + " broke off after " + line.bytes() + " bytes: " + reply + " (" + cause.getMessage() + ")",
        kind,
        refusal.certain(),
        cause);
  }

  /** A wait for data has lasted too long. */
  FtpException timedOut(String what, IOException cause) {
    if (Thread.currentThread().isInterrupted()) {
      return broken(cause);
    }
    String late = control.bounds().isOver() ? "the operation did not end" : what;
    stop();
    return control.fail(
        new FtpTimeoutException(
            request + ": " + late + " in time, after " + line.bytes() + " bytes",
            ErrorKind.TIMEOUT,
            control.transcript().lines(),
            cause));
  }

  /** All data is through: without the server's final reply nobody can say what became of it. */
  FtpException inDoubt(FtpException cause) {
    stop();
    return cause.kind() == ErrorKind.ABORTED
        ? cause
        : new FtpInDoubtException(
            request + ": all data was moved, but the final reply is missing: " + cause.getMessage(),
            line.bytes(),
            control.transcript().lines(),
            cause);
  }

  /** The exception for a transfer that was called off, after the control connection was seen to. */
  FtpException settled() {
    try {
      abort.settle();
      return aborted();
    } catch (FtpException e) {
      return e;
    }
  }

  /** Throws when the transfer was called off before its command was sent. */
  void checkCancelled() throws FtpException {
    if (abort.isRequested()) {
      throw aborted();
    }
  }

  /** The exception for a transfer that was called off. */
  FtpTransferException aborted() {
    return failure(request + " was called off after " + line.bytes() + " bytes", ErrorKind.ABORTED, true, null);
  }

  /** Nothing more can be done over this connection. */
  void stop() {
    replies.stopKeepAlive();
    line.close();
    abort.over();
  }
}
