package io.loomftp.internal.control;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Allows one thread at a time to use a session; a second one gets an exception and does not wait. */
public final class ExclusiveUse {
  private static final long A_MOMENT = Duration.ofMillis(1).toNanos();

  private final AtomicReference<@Nullable Thread> user = new AtomicReference<>();
  private volatile boolean ending;

  /** Work that only one thread may do at a time. */
  @FunctionalInterface
  public interface Work<T, E extends Exception> {
    /** Uses the session. */
    T run() throws E;
  }

  /**
   * Runs the work; it may call this method again.
   *
   * @throws IllegalStateException when another thread is using the session
   */
  public <T, E extends Exception> T run(Work<T, E> work) throws E {
    Thread me = Thread.currentThread();
    Thread other = user.compareAndExchange(null, me);
    while (ending && other != null && other != me) {
      // Another thread is ending the session, within its bounds: the caller is told that it is closed, not that it is in use.
      LockSupport.parkNanos(A_MOMENT);
      other = user.compareAndExchange(null, me);
    }
    if (other == me) {
      return work.run();
    }
    if (other != null) {
      throw new IllegalStateException(
          "the session is in use by thread '" + other.getName() + "': one thread at a time may use it");
    }
    try {
      return work.run();
    } finally {
      user.set(null);
    }
  }

  /** Runs the work unless another thread is using the session; returns whether it was run. */
  public boolean runUnlessBusy(Runnable work) {
    Thread me = Thread.currentThread();
    Thread other = user.compareAndExchange(null, me);
    if (other != null && other != me) {
      return false;
    }
    try {
      work.run();
    } finally {
      if (other == null) {
        user.set(null);
      }
    }
    return true;
  }

  /** Marks the session as ending: a thread that comes now waits for the end. */
  public void ending() {
    ending = true;
  }

  /** Whether the session is being ended, or was. */
  public boolean isEnding() {
    return ending;
  }

  /** Whether no other thread is using the session. */
  public boolean isFree() {
    Thread using = user.get();
    return using == null || using == Thread.currentThread();
  }
}
