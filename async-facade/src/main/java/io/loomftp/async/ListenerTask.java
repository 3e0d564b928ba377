package io.loomftp.async;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** The listeners of one event on their way through an executor: they run once, however often they are started. */
final class ListenerTask implements Runnable {
  private final Runnable listeners;
  private final AtomicBoolean begun = new AtomicBoolean();
  private final CountDownLatch done = new CountDownLatch(1);

  ListenerTask(Runnable listeners) {
    this.listeners = listeners;
  }

  @Override
  public void run() {
    if (begun.compareAndSet(false, true)) {
      try {
        listeners.run();
      } finally {
        done.countDown();
      }
    }
  }

  /** Whether it has begun somewhere, or was dropped. */
  boolean hasBegun() {
    return begun.get();
  }

  /** Drops it unless it has begun; returns whether it had not. */
  boolean drop() {
    return begun.compareAndSet(false, true);
  }

  /** Waits for its end; an interrupt only ends the wait early. */
  boolean isDoneWithin(Duration bound) {
    try {
      return done.await(bound.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      return false; // left behind by a listener: it is for nobody else
    }
  }
}
