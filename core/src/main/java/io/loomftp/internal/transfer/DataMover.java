package io.loomftp.internal.transfer;

import io.loomftp.FtpException;
import io.loomftp.internal.control.ControlConnection;
import io.loomftp.internal.net.DataChannel;
import io.loomftp.internal.net.StallException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** Moves the data of one transfer, block by block, and watches the control connection: a final reply there ends the transfer. */
final class DataMover {
  private static final Duration PEEK = Duration.ofMillis(100);

  private final TransferContext context;
  private final ControlConnection control;
  private final TransferReplies replies;
  private final DataLine line;
  private final DataWait wait;
  private final TransferErrors errors;

  DataMover(TransferContext context, TransferReplies replies, DataLine line, DataWait wait, TransferErrors errors) {
    this.context = context;
    this.control = context.control();
    this.replies = replies;
    this.line = line;
    this.wait = wait;
    this.errors = errors;
  }

  /** Reads data that has arrived; -1 at its end. */
  int read(DataChannel data, byte[] buffer, int offset, int length) throws FtpException {
    checkTime();
    long deadline = System.nanoTime() + control.cut(context.config().timeouts().dataRead()).toNanos();
    while (true) {
      long left = deadline - System.nanoTime();
      try {
        checkInterrupt();
        Duration slice = Duration.ofNanos(Math.min(left, DataWait.SLICE.toNanos()));
        int n = data.read(buffer, offset, length, slice, Duration.ofNanos(Math.max(1, left)));
        line.moved(Math.max(0, n));
        return n;
      } catch (StallException e) {
        throw errors.timedOut("no data arrived", e);
      } catch (SocketTimeoutException e) {
        lookWhileWaiting(e);
        if (left <= DataWait.SLICE.toNanos()) {
          throw errors.timedOut("no data arrived", e);
        }
      } catch (IOException e) {
        throw errors.broken(e);
      }
    }
  }

  private void lookWhileWaiting(IOException timeout) throws FtpException {
    try {
      wait.check();
    } catch (FtpException e) {
      throw e;
    } catch (IOException e) {
      e.addSuppressed(timeout);
      throw errors.broken(e);
    }
  }

  /** An interrupt ends a read of a virtual thread by itself, but not one of a platform thread. */
  private static void checkInterrupt() throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("interrupted");
    }
  }

  /** Checks the operation's timeout, which no wait ends while data never pauses. */
  private void checkTime() throws FtpException {
    if (control.bounds().isOver()) {
      throw errors.timedOut("the operation did not end", new SocketTimeoutException("the timeout of the operation expired"));
    }
  }

  /** Writes a block of data. */
  void write(DataChannel data, byte[] source, int offset, int length) throws FtpException {
    checkTime();
    try {
      checkInterrupt();
      if (wait.hasServerEnded()) {
        throw new IOException("the server ended the transfer");
      }
      line.offered(length);
      data.write(source, offset, length, control.cut(context.config().timeouts().dataWrite()), this::lookWhileWriting);
      line.moved(length);
    } catch (FtpException e) {
      throw e;
    } catch (StallException e) {
      throw errors.timedOut("the server takes no data", e);
    } catch (IOException e) {
      throw errors.broken(e);
    }
  }

  /** Runs on another thread while a write is blocked: a server that has ended the transfer reads no more data. */
  private void lookWhileWriting() {
    if (replies.seemsToHaveFailed()) {
      line.close();
    }
  }

  /**
   * Ends the data cleanly.
   *
   * @return whether a download was truncated, as far as TLS shows
   */
  boolean end(DataChannel data, boolean upload) throws FtpException {
    Duration bound = control.cut(context.config().timeouts().close());
    try {
      if (upload) {
        data.finishOutput(bound, DataWait.SLICE, () -> wait.hasServerEnded());
      }
    } catch (FtpException e) {
      throw e;
    } catch (IOException e) {
      throw errors.broken(e);
    }
    boolean truncated = !upload && data.truncated() && context.demandsCloseNotify();
    data.close(bound);
    return truncated;
  }

  /** Whether the next thing to be read is the end of the data; a byte that arrives instead is lost. */
  static boolean isAtEnd(DataChannel data) {
    try {
      return data.read(new byte[1], 0, 1, PEEK, PEEK.multipliedBy(2)) < 0;
    } catch (IOException e) {
      return false;
    }
  }
}
