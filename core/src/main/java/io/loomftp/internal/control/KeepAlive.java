package io.loomftp.internal.control;

import io.loomftp.FtpException;
import io.loomftp.internal.wire.Command;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends NOOP at an interval during a transfer, on a virtual thread of its own, and counts the pending replies. */
public final class KeepAlive {
  private static final Logger LOG = LoggerFactory.getLogger(KeepAlive.class);
  static final Command NOOP = Command.of("NOOP");

  private final ControlConnection control;
  private final long intervalNanos;
  private final ReentrantLock counting = new ReentrantLock();
  private final Condition stopping = counting.newCondition();
  private boolean stopped;
  private int outstanding;

  private KeepAlive(ControlConnection control, Duration interval) {
    this.control = control;
    this.intervalNanos = interval.toNanos();
  }

  public static KeepAlive start(ControlConnection control, Duration interval) {
    KeepAlive keepAlive = new KeepAlive(control, interval);
    Thread.ofVirtual().name("ftp-keep-alive").start(keepAlive::run);
    return keepAlive;
  }

  private void run() {
    counting.lock();
    try {
      long left = intervalNanos;
      while (!stopped) {
        left = left > 0 ? stopping.awaitNanos(left) : send();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (FtpException e) {
      LOG.debug("keep-alive ended: {}", e.getMessage());
    } finally {
      counting.unlock();
    }
  }

  private long send() throws FtpException {
    outstanding++;
    control.sendDirectly(NOOP);
    return intervalNanos;
  }

  /** Stops; no NOOP is sent after this returns. */
  public void stop() {
    counting.lock();
    try {
      stopped = true;
      stopping.signalAll();
    } finally {
      counting.unlock();
    }
  }

  /** The number of pending replies to NOOP. */
  public int outstanding() {
    counting.lock();
    try {
      return outstanding;
    } finally {
      counting.unlock();
    }
  }

  /** Counts a reply to a NOOP as read. */
  public void answered() {
    counting.lock();
    try {
      outstanding--;
    } finally {
      counting.unlock();
    }
  }
}
