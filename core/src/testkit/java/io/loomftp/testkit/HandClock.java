package io.loomftp.testkit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A clock of nanoseconds that stands still until a test moves it. */
public final class HandClock implements LongSupplier {
  private final AtomicLong now = new AtomicLong(1_000_000_000L);

  @Override
  public long getAsLong() {
    return now.get();
  }

  /** Moves the clock forward. */
  public void advance(Duration time) {
    now.addAndGet(time.toNanos());
  }
}
