package io.loomftp.internal.retry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Calls off one operation. It is given to the operation and to nobody else, so it cannot hit the one that comes next; it is
 * sticky, so a wait that begins after {@link #cancel} ends at once as well.
 *
 * <p>Safe for use by any thread. Actions run on the thread that cancels, without a lock held.
 */
public final class Cancellation {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition called = lock.newCondition();
  private final List<Registration> actions = new ArrayList<>(); // guarded by lock
  private volatile boolean cancelled;

  /** What is done on cancellation, until it is closed. */
  public final class Registration implements AutoCloseable {
    private final Runnable action;

    private Registration(Runnable action) {
      this.action = action;
    }

    /** The action is not wanted any more; one that is running on another thread is not waited for. */
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

  /** Calls the operation off; only the first call has an effect. */
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

  /** Whether the operation was called off. */
  public boolean isCancelled() {
    return cancelled;
  }

  /**
   * Has something done on cancellation: at once, on this thread, when that has happened already.
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
   * Sleeps, unless the operation is called off.
   *
   * @return true when it was called off
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
