package io.loomftp.async;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Where the two threads of a session, and those who post to it, wait for each other: one lock, one condition. */
final class SessionMonitor {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  void lock() {
    lock.lock();
  }

  void unlock() {
    lock.unlock();
  }

  /** Changes something and wakes whoever waits for it. */
  void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Wakes all; to be called with the lock held. */
  void signal() {
    changed.signalAll();
  }

  /** Waits until this is so, however long; an interrupt is remembered, not obeyed. The condition is asked under the lock. */
  void await(BooleanSupplier condition) {
    lock.lock();
    try {
      while (!condition.getAsBoolean()) {
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until this is so, at most so long; says whether it is. */
  boolean await(BooleanSupplier condition, Duration bound) throws InterruptedException {
    long left = bound.toNanos();
    lock.lock();
    try {
      while (!condition.getAsBoolean()) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until this is so, however long. */
  void awaitInterruptibly(BooleanSupplier condition) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!condition.getAsBoolean()) {
        changed.await(1, TimeUnit.MINUTES);
      }
    } finally {
      lock.unlock();
    }
  }
}
