package io.loomftp.internal.retry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Cancels one operation. It belongs to that operation alone, so it never affects the next one; it is sticky, so a wait that
 * begins after {@link #cancel} also ends at once.
 *
 * <p>Safe for use by any thread. Actions run on the thread that cancels, without a lock held.
 */
public final class Cancellation {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition called = lock.newCondition();
  private final List<Registration> actions = new ArrayList<>(); // guarded by lock
  private volatile boolean cancelled;

  /** An action to run on cancellation, until it is closed. */
  public final class Registration implements AutoCloseable {
    private final Runnable action;

    private Registration(Runnable action) {
      this.action = action;
    }

    /** Removes the action; does not wait for one that is running on another thread. */
    @Override
    public void close() {
      lock.lock();
      try {
        actions.remove(this);
      } finally {
        lock.unlock();
      }
    }
  }

  /** Cancels the operation; only the first call has an effect. */
  public void cancel() {
    List<Registration> due;
    lock.lock();
    try {
      if (cancelled) {
        return;
      }
      cancelled = true;
      due = List.copyOf(actions);
      actions.clear();
      called.signalAll();
    } finally {
      lock.unlock();
    }
    due.forEach(registration -> registration.action.run());
  }

  /** Whether the operation was cancelled. */
  public boolean isCancelled() {
    return cancelled;
  }

  /**
   * Registers an action to run on cancellation; runs it at once, on this thread, if that has happened already.
   *
   * @param action must not block
   */
  public Registration onCancel(Runnable action) {
    Registration registration = new Registration(action);
    lock.lock();
    try {
      if (!cancelled) {
        actions.add(registration);
        return registration;
      }
    } finally {
      lock.unlock();
    }
    action.run();
    return registration;
  }

  /**
   * Sleeps unless the operation is cancelled.
   *
   * @return true when it was cancelled
   */
  public boolean await(Duration time) throws InterruptedException {
    long left = time.toNanos();
    lock.lockInterruptibly();
    try {
      while (!cancelled && left > 0) {
        left = called.awaitNanos(left);
      }
      return cancelled;
    } finally {
      lock.unlock();
    }
  }
}
