package io.loomftp.internal.transfer;

import io.loomftp.FtpException;
import io.loomftp.internal.control.AbortResync;
import io.loomftp.internal.control.ControlConnection;
import io.loomftp.internal.net.DataChannel;
import io.loomftp.internal.retry.Cancellation;
import io.loomftp.internal.wire.Command;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Aborts one transfer: any thread may send ABOR at any moment, the session's thread reads the replies. Owns the
 * {@link TransferState}, on which those threads have to agree.
 */
final class TransferAbort {
  private static final Logger LOG = LoggerFactory.getLogger(TransferAbort.class);

  private final TransferContext context;
  private final TransferRequest request;
  private final ControlConnection control;
  private final TransferReplies replies;
  private final DataLine line;
  private final Cancellation calledOff = new Cancellation();
  private final Cancellation.Registration ofOperation;

  private final ReentrantLock lock = new ReentrantLock();
  private TransferState state = TransferState.PREPARING; // guarded by lock
  private boolean aborSent; // guarded by lock
  private boolean inStep = true;

  TransferAbort(TransferContext context, TransferRequest request, TransferReplies replies, DataLine line) {
    this.context = context;
    this.request = request;
    this.control = context.control();
    this.replies = replies;
    this.line = line;
    calledOff.onCancel(this::breakOff);
    this.ofOperation = context.cancellation().onCancel(calledOff::cancel);
  }

  /** Aborts the transfer; does nothing once it is over. Called by any thread. */
  void request() {
    calledOff.cancel();
  }

  boolean isRequested() {
    return calledOff.isCancelled();
  }

  /** Sleeps unless the transfer is aborted; returns whether it is. */
  boolean await(Duration time) throws InterruptedException {
    return calledOff.await(time);
  }

  private void breakOff() {
    lock.lock();
    try {
      switch (state) {
        case SECURING, OVER -> {
          return;
        }
        case STARTING -> {
          if (awaitsStart()) {
            return; // the session's thread aborts after the reply, or a moment later
          }
          sendAbor();
        }
        case MOVING, ENDING -> sendAbor();
        case PREPARING -> LOG.debug("{} is aborted before it was sent", request);
      }
    } finally {
      lock.unlock();
    }
    closeData();
  }

  /**
   * Whether an abort waits for the reply that starts the transfer: a handshake is about to begin or has begun, or the server may
   * have emptied the file already, which only that reply tells.
   */
  boolean awaitsStart() {
    return context.protectsData() || request.upload();
  }

  private void closeData() {
    DataChannel data = line.channel();
    if (data == null || !data.isPeerInHandshake()) {
      line.close();
      return;
    }
    Thread.ofVirtual()
        .name("ftp-abort")
        .start(
            () -> {
              data.awaitPeerHandshakeElsewhere();
              line.close();
            });
  }

  private void sendAbor() {
    if (aborSent || !control.isOpen()) {
      return;
    }
    try {
      control.sendDirectly(AbortResync.ABOR);
      aborSent = true;
    } catch (FtpException e) {
      // The connection is closed now and keeps the reason for its next user.
      LOG.debug("ABOR was not sent: {}", e.getMessage());
    }
  }

  /** Sends the transfer's command; false when the transfer was aborted before. */
  boolean sendCommand() throws FtpException {
    control.dropUnsolicited(request.command());
    List<Command> flight = replies.flight();
    lock.lock();
    try {
      if (isRequested()) {
        return false;
      }
      control.sendDirectly(flight);
      state = TransferState.STARTING;
    } finally {
      lock.unlock();
    }
    flight.forEach(control::announce);
    return true;
  }

  /** Enters the next state. */
  void enter(TransferState next) {
    lock.lock();
    try {
      state = next;
    } finally {
      lock.unlock();
    }
  }

  boolean isCommandSent() {
    lock.lock();
    try {
      return state != TransferState.PREPARING;
    } finally {
      lock.unlock();
    }
  }

  boolean isOver() {
    lock.lock();
    try {
      return state == TransferState.OVER;
    } finally {
      lock.unlock();
    }
  }

  /** The transfer has ended by itself; false when an ABOR got in between, whose replies must be read first. */
  boolean endUnlessAborting(boolean settled) {
    lock.lock();
    try {
      if (aborSent) {
        return false;
      }
      if (state == TransferState.OVER) {
        return true;
      }
      state = TransferState.OVER;
    } finally {
      lock.unlock();
    }
    inStep &= settled;
    tellEnd();
    return true;
  }

  /** Nothing more happens. */
  void over() {
    lock.lock();
    try {
      if (state == TransferState.OVER) {
        return;
      }
      state = TransferState.OVER;
    } finally {
      lock.unlock();
    }
    tellEnd();
  }

  private void tellEnd() {
    ofOperation.close();
    context.ending().ended(inStep);
  }

  /** Sends ABOR if it is still of use, and reads what the server owes; the transfer is over then. */
  void settle() throws FtpException {
    DataChannel data = line.channel();
    if (data != null && (request.upload() || data.isPeerInHandshake()) && !line.isClosed()) {
      data.awaitPeerHandshake();
    }
    boolean commandSent = isCommandSent();
    int others = commandSent ? replies.takeOwed() : 0;
    boolean owed;
    lock.lock();
    try {
      if (commandSent && replies.finalReply() == null) {
        sendAbor();
      }
      owed = aborSent;
    } finally {
      lock.unlock();
    }
    line.close();
    Duration bound = context.config().timeouts().close();
    try {
      control.checkOpen(request);
      if (owed) {
        inStep = AbortResync.afterAbort(control, context.profile(), replies.finalReply() != null, others, bound);
      } else if (others > 0) {
        inStep = AbortResync.afterNoops(control, others, bound);
      }
    } catch (FtpException e) {
      if (!canBeReplaced()) {
        throw e;
      }
      LOG.debug("{} was called off, and the connection was lost over it: {}", request, e.getMessage());
      inStep = false;
    } finally {
      over();
    }
  }

  /** Whether another connection could go on: nobody is ending the session or interrupting its thread. */
  private boolean canBeReplaced() {
    return !context.use().isEnding() && !Thread.currentThread().isInterrupted() && !control.bounds().isOver();
  }
}
