package io.loomftp.internal.net;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.commons.io.IOUtils;

/**
 * Closes a socket when a blocking call on it lasts longer than its bound. Socket timeouts bound neither writes nor a peer
 * that sends one byte at a time; this does. One thread guards one kind of call at a time.
 */
public final class StallGuard {
  private static final long IDLE = 0;
  private static final long EXPIRED = 1;
  private static final ScheduledThreadPoolExecutor TIMER = timer();

  private final Closeable victim;
  private volatile long lookNanos = Long.MAX_VALUE;
  private volatile Runnable onLook = () -> {};
  /** The time at which the running call is overdue, in {@link System#nanoTime} with the two lowest values kept for the states. */
  private final AtomicLong due = new AtomicLong(IDLE);
  /** The next run of the timer; {@link Long#MAX_VALUE} when there is none. */
  private final AtomicLong nextLook = new AtomicLong(Long.MAX_VALUE);

  /** A guard that closes {@code victim}, which must make a blocked call on the socket fail. */
  public StallGuard(Closeable victim) {
    this.victim = victim;
  }

  /** Runs an action at this interval on another thread while a call lasts; it may run once more just after the call. */
  public void watch(Duration every, Runnable action) {
    onLook = action;
    lookNanos = every.toNanos();
  }

  /** A call that may block. */
  @FunctionalInterface
  public interface Call<T> {
    /** May block. */
    T run() throws IOException;
  }

  /** A call that may block and has no result. */
  @FunctionalInterface
  public interface Action {
    /** May block. */
    void run() throws IOException;
  }

  /** Runs the call; when it lasts longer than the bound the socket is closed and a {@link StallException} thrown. */
  public <T> T within(Duration bound, Call<T> call) throws IOException {
    long mine = begin(bound);
    try {
      return call.run();
    } catch (IOException e) {
      if (due.get() == EXPIRED) {
        throw new StallException(bound, e);
      }
      throw e;
    } finally {
      due.compareAndSet(mine, IDLE);
    }
  }

  /** The same for a call without a result. */
  public void run(Duration bound, Action action) throws IOException {
    within(
        bound,
        () -> {
          action.run();
          return true;
        });
  }

  private long begin(Duration bound) throws StallException {
    long nanos = Math.max(1, bound.toNanos());
    long mine = Math.max(EXPIRED + 1, sinceStart() + nanos);
    if (!due.compareAndSet(IDLE, mine)) {
      throw new StallException(bound, null);
    }
    long first = Math.min(nanos, lookNanos);
    if (mine - nanos + first < nextLook.get()) {
      nextLook.set(mine - nanos + first);
      lookAfter(first);
    }
    return mine;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // look() throws nothing, and is never cancelled
  private void lookAfter(long nanos) {
    TIMER.schedule(this::look, nanos, TimeUnit.NANOSECONDS);
  }

  private void look() {
    nextLook.set(Long.MAX_VALUE);
    long seen = due.get();
    if (seen == IDLE || seen == EXPIRED) {
      return;
    }
    long left = seen - sinceStart();
    if (left > 0) {
      if (lookNanos != Long.MAX_VALUE) {
        Thread.ofVirtual().name("ftp-stall-look").start(onLook);
      }
      long next = Math.min(left, lookNanos);
      nextLook.set(sinceStart() + next);
      lookAfter(next);
    } else if (due.compareAndSet(seen, EXPIRED)) {
      // Closing may block, the timer must not.
      Thread.ofVirtual().name("ftp-stall-guard").start(() -> IOUtils.closeQuietly(victim));
    }
  }

  private static final long START = System.nanoTime();

  private static long sinceStart() {
    return System.nanoTime() - START;
  }

  private static ScheduledThreadPoolExecutor timer() {
    var timer =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name("ftp-timer").daemon().factory());
    return timer;
  }
}
