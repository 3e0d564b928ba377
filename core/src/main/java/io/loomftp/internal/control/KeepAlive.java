package io.loomftp.internal.control;

import io.loomftp.FtpException;
import io.loomftp.internal.wire.Command;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends NOOP now and then while a transfer is running, on a virtual thread of its own, and counts the replies owed. */
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
    control.interject(NOOP);
    return intervalNanos;
  }

  /** No NOOP is sent after this returns. */
  public void stop() {
    counting.lock();
    try {
      stopped = true;
      stopping.signalAll();
    } finally {
      counting.unlock();
    }
  }

  /** How many replies to NOOP are owed. */
  public int outstanding() {
    counting.lock();
    try {
      return outstanding;
    } finally {
      counting.unlock();
    }
  }

  /** A reply that answered a NOOP was read. */
  public void answered() {
    counting.lock();
    try {
      outstanding--;
    } finally {
      counting.unlock();
    }
  }
}
