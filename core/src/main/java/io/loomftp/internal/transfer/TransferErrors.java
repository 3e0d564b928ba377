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
 * Ends one transfer that failed and builds its exception. Afterwards the control connection is in step, known to be out of
 * step, or closed.
 */
final class TransferErrors {
  private final TransferContext context;
  private final TransferRequest request;
  private final ControlConnection control;
  private final TransferReplies replies;
  private final DataLine line;
  private final TransferAbort abort;
  /** Thrown again by later calls, so that no second read looks like a clean end. */
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

  /** The failure of the transfer, as an exception of its own; null while it is unknown. */
  @Nullable
  FtpTransferException again() {
    FtpTransferException before = first;
    return before == null
        ? null
        : build(before.getMessage() + " (reported before)", before.kind(), before.certain(), before);
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

  /** The data connection failed or was closed on purpose: the final reply of the server is read and reported. */
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
      context.pipeline().transferFailed(replies.followers(), request.command(), line.bytes());
    }
    return failure(
        request + " broke off after " + line.bytes() + " bytes: " + reply + " (" + cause.getMessage() + ")",
        kind,
        refusal.certain(),
        cause);
  }

  /** A wait for data exceeded its timeout. */
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

  /** All data was moved, but without the server's final reply the outcome is unknown. */
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

  /** The exception for an aborted transfer, after the control connection was resynchronized. */
  FtpException settled() {
    try {
      abort.settle();
      return aborted();
    } catch (FtpException e) {
      return e;
    }
  }

  /** Throws when the transfer was aborted before its command was sent. */
  void checkCancelled() throws FtpException {
    if (abort.isRequested()) {
      throw aborted();
    }
  }

  /** The exception for an aborted transfer. */
  FtpTransferException aborted() {
    return failure(request + " was aborted after " + line.bytes() + " bytes", ErrorKind.ABORTED, true, null);
  }

  /** Ends the transfer; its connection can no longer be used. */
  void stop() {
    replies.stopKeepAlive();
    line.close();
    abort.over();
  }
}
