package io.loomftp.pool;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sweeps a pool's sessions at an interval, on one virtual thread that lives while there are any. */
final class IdleEvictor {
  private static final Logger LOG = LoggerFactory.getLogger(IdleEvictor.class);
  private static final long LONGEST = Duration.ofSeconds(5).toNanos();
  private static final long SHORTEST = Duration.ofMillis(50).toNanos();

  private final long interval;
  private final BooleanSupplier hasSessions;
  private final Runnable sweep;
  private final AtomicBoolean running = new AtomicBoolean();

  IdleEvictor(Duration maxIdle, BooleanSupplier hasSessions, Runnable sweep) {
    this.interval = Math.clamp(maxIdle.toNanos() / 4, SHORTEST, LONGEST);
    this.hasSessions = hasSessions;
    this.sweep = sweep;
  }

  /** Starts the thread if it does not run. */
  void start() {
    if (running.compareAndSet(false, true)) {
      Thread.ofVirtual().name("ftp-pool-keeper").start(this::run);
    }
  }

  private void run() {
    do {
      while (hasSessions.getAsBoolean()) {
        LockSupport.parkNanos(this, interval);
        sweep();
      }
      running.set(false);
    } while (hasSessions.getAsBoolean() && running.compareAndSet(false, true));
  }

  private void sweep() {
    try {
      sweep.run();
    } catch (RuntimeException e) {
      LOG.warn("the idle sessions could not be swept; the next sweep tries again", e);
    }
  }
}
