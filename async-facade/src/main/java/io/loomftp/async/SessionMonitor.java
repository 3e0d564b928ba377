package io.loomftp.async;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** The monitor with which the two threads of a session and the posting threads wait for each other: one lock, one condition. */
final class SessionMonitor {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  void lock() {
    lock.lock();
  }

  void unlock() {
    lock.unlock();
  }

  /** Changes state under the lock and wakes all waiting threads. */
  void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Wakes all waiting threads; called with the lock held. */
  void signal() {
    changed.signalAll();
  }

  /** Waits until the condition holds, without a bound; an interrupt stays pending. The condition is evaluated under the lock. */
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

  /** Waits until the condition holds, within the bound; returns whether it does. */
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

  /** Waits until the condition holds, without a bound. */
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
