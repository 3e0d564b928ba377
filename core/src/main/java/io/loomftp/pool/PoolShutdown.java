package io.loomftp.pool;

import io.loomftp.FtpConfig;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for the end of a pool's sessions while it is closed, and closes those whose leases do not end. */
final class PoolShutdown {
  private static final Logger LOG = LoggerFactory.getLogger(PoolShutdown.class);

  private final ReentrantLock lock;
  private final Condition settled;

  /** Uses the lock of the pool and its condition for sessions that have ended. */
  PoolShutdown(ReentrantLock lock, Condition settled) {
    this.lock = lock;
    this.settled = settled;
  }

  /** Waits within the bound until the pool is in the state; an interrupt ends the wait and stays pending. */
  void await(Duration bound, BooleanSupplier state) {
    lock.lock();
    try {
      long left = bound.toNanos();
      while (!state.getAsBoolean() && left > 0) {
        left = settled.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** Closes the sessions that are still leased after the pool's grace time. */
  void closeLeasedAfter(PoolSettings settings, FtpConfig config, LeaseTable leased) {
    await(settings.grace(), leased::isEmpty);
    for (LeaseRecord record : all(leased)) {
      LOG.warn(
          "the pool of {} was closed, but a lease is still open; closing its session: {}", config,
          record.describe(settings.clock().getAsLong()));
      record.discard();
      record.session().close();
    }
  }

  private List<LeaseRecord> all(LeaseTable leased) {
    lock.lock();
    try {
      return leased.all();
    } finally {
      lock.unlock();
    }
  }
}
