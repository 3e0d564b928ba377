package io.loomftp.internal.retry;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How often an operation is attempted, and for how long.
 *
 * @param attempts with the first, at least 1
 * @param total no attempt begins later than this after the start of the first
 * @param backoff the pauses between attempts
 */
public record RetryPolicy(int attempts, Duration total, Backoff backoff) {
  /** Checks that there is an attempt at all. */
  public RetryPolicy {
    if (attempts < 1 || total.isNegative()) {
      throw new IllegalArgumentException("not a retry policy: " + attempts + " attempts within " + total);
    }
  }

  /** Begins to count the attempts at one operation. */
  public Attempts begin() {
    return begin(System::nanoTime);
  }

  /** The same, by a clock that counts nanoseconds. */
  public Attempts begin(LongSupplier clock) {
    return new Attempts(clock);
  }

  /** Counts the attempts at one operation; used by one thread, or guarded by its owner. */
  public final class Attempts {
    private final LongSupplier clock;
    private final long start;
    private int count = 1;

    private Attempts(LongSupplier clock) {
      this.clock = clock;
      this.start = clock.getAsLong();
    }

    /** The number of the present attempt; the first is 1. */
    public int count() {
      return count;
    }

    /** The pause before the next attempt, which counts from now on; empty when there is to be none. */
    public Optional<Duration> next() {
      Duration pause = backoff.pause(count);
      long spent = clock.getAsLong() - start;
      if (count >= attempts || spent + pause.toNanos() > total.toNanos()) {
        return Optional.empty();
      }
      count++;
      return Optional.of(pause);
    }
  }
}
