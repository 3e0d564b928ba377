package io.loomftp.internal.control;

import io.loomftp.ErrorKind;
import io.loomftp.FtpClosedException;
import io.loomftp.FtpException;
import io.loomftp.FtpProtocolException;
import io.loomftp.FtpTimeoutException;
import io.loomftp.internal.wire.BadReplyException;
import io.loomftp.internal.wire.Command;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keeps the reason for which a control connection ended: the first one counts, later failures are consequences. */
final class ConnectionEnd {
  private final Runnable disconnect;
  private final Transcript transcript;
  private final SecretMask mask;
  private final OperationBounds bounds;
  private final Consumer<String> note;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable FtpException reason;

  ConnectionEnd(Runnable disconnect, Transcript transcript, SecretMask mask, OperationBounds bounds, Consumer<String> note) {
    this.disconnect = disconnect;
    this.transcript = transcript;
    this.mask = mask;
    this.bounds = bounds;
    this.note = note;
  }

  boolean isOpen() {
    return reason == null;
  }

  /** Throws when the connection has ended; the reason is the cause. */
  void check(Object what) throws FtpException {
    FtpException first = reason;
    if (first != null) {
      throw closed(what + " not possible: the session was closed: " + first.getMessage(), ErrorKind.CLOSED, first);
    }
  }

  /** Keeps the reason if it is the first; the socket stays as it is. */
  void remember(FtpException why) {
    lock.lock();
    try {
      if (reason != null) {
        return;
      }
      reason = why;
    } finally {
      lock.unlock();
    }
    note.accept("* closed: " + Command.printable(String.valueOf(why.getMessage())));
  }

  /** Keeps the reason, closes the socket, and returns the reason for throwing. */
  <E extends FtpException> E fail(E why) {
    remember(why);
    disconnect.run();
    return why;
  }

  FtpClosedException closed(String message, ErrorKind kind, @Nullable Throwable cause) {
    return new FtpClosedException(message, kind, lines(), cause);
  }

  /** The exception for a failure of the socket; the connection is ended. */
  FtpException lost(Object what, IOException trouble) {
    FtpException first = reason;
    if (first != null) {
      return closed(what + ": the session was closed meanwhile: " + first.getMessage(), ErrorKind.CLOSED, first);
    }
    if (Thread.currentThread().isInterrupted()) {
      return fail(closed(what + ": the thread was interrupted", ErrorKind.ABORTED, trouble));
    }
    if (trouble instanceof InterruptedIOException) {
      return fail(late(what, trouble));
    }
    if (trouble instanceof BadReplyException bad) {
      ErrorKind kind = bad.isLimit() ? ErrorKind.LIMIT : ErrorKind.PROTOCOL;
      return fail(new FtpProtocolException(what + ": " + mask.masked(bad.getMessage()), kind, lines(), null));
    }
    return fail(closed(what + ": the connection was lost: " + trouble.getMessage(), ErrorKind.CLOSED, trouble));
  }

  private FtpException late(Object what, IOException trouble) {
    if (bounds.isCancelled()) {
      return closed(what + ": aborted, and the pending reply did not arrive in time", ErrorKind.ABORTED, trouble);
    }
    String message =
        bounds.isOver()
            ? what + ": the operation exceeded its timeout while a reply was pending"
            : what + ": no reply in time (" + trouble.getMessage() + ")";
    return new FtpTimeoutException(message, ErrorKind.TIMEOUT, lines(), trouble);
  }

  /** The conversation so far. */
  List<String> lines() {
    return transcript.lines();
  }
}
