package io.loomftp.pool;

import io.loomftp.internal.retry.LongestWait;
import java.time.Duration;
import java.util.function.LongSupplier;

/** The settings of a pool, as {@link FtpPool.Builder} collects them; no duration exceeds a century. */
record PoolSettings(
    int size,
    Duration patience,
    Duration maxIdle,
    Duration checkAfter,
    Duration noopAfter,
    Duration reportAfter,
    Duration grace,
    boolean tracing,
    LongSupplier clock) {
  /** A duration that can be counted in nanoseconds. */
  static Duration bounded(Duration time) {
    return time.isNegative() ? Duration.ZERO : LongestWait.cut(time);
  }

  static PoolSettings of(int size) {
    return new PoolSettings(
        size,
        Duration.ofSeconds(30),
        Duration.ofSeconds(60),
        Duration.ofMillis(250),
        Duration.ofSeconds(30),
        Duration.ofHours(1),
        Duration.ofSeconds(30),
        false,
        System::nanoTime);
  }

  PoolSettings {
    if (size < 1) {
      throw new IllegalArgumentException("a pool needs a size of at least 1, not " + size);
    }
    for (Duration each : new Duration[] {patience, maxIdle, checkAfter, noopAfter, reportAfter, grace}) {
      if (each.isNegative()) {
        throw new IllegalArgumentException("a duration must not be negative: " + each);
      }
    }
    patience = bounded(patience);
    maxIdle = bounded(maxIdle);
    checkAfter = bounded(checkAfter);
    noopAfter = bounded(noopAfter);
    reportAfter = bounded(reportAfter);
    grace = bounded(grace);
  }

  PoolSettings withPatience(Duration changed) {
    return new PoolSettings(size, changed, maxIdle, checkAfter, noopAfter, reportAfter, grace, tracing, clock);
  }

  PoolSettings withMaxIdle(Duration changed) {
    return new PoolSettings(size, patience, changed, checkAfter, noopAfter, reportAfter, grace, tracing, clock);
  }

  PoolSettings withCheckAfter(Duration changed) {
    return new PoolSettings(size, patience, maxIdle, changed, noopAfter, reportAfter, grace, tracing, clock);
  }

  PoolSettings withNoopAfter(Duration changed) {
    return new PoolSettings(size, patience, maxIdle, checkAfter, changed, reportAfter, grace, tracing, clock);
  }

  PoolSettings withReportAfter(Duration changed) {
    return new PoolSettings(size, patience, maxIdle, checkAfter, noopAfter, changed, grace, tracing, clock);
  }

  PoolSettings withGrace(Duration changed) {
    return new PoolSettings(size, patience, maxIdle, checkAfter, noopAfter, reportAfter, changed, tracing, clock);
  }

  PoolSettings withSize(int changed) {
    return new PoolSettings(changed, patience, maxIdle, checkAfter, noopAfter, reportAfter, grace, tracing, clock);
  }

  PoolSettings withTracing(boolean changed) {
    return new PoolSettings(size, patience, maxIdle, checkAfter, noopAfter, reportAfter, grace, changed, clock);
  }

  PoolSettings withClock(LongSupplier changed) {
    return new PoolSettings(size, patience, maxIdle, checkAfter, noopAfter, reportAfter, grace, tracing, changed);
  }
}
