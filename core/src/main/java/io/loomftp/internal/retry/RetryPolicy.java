package io.loomftp.internal.retry;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The number of attempts at an operation and the time for them.
 *
 * @param attempts with the first, at least 1
 * @param total the time after the start of the first attempt within which another may begin
 * @param backoff the pauses between attempts
 */
public record RetryPolicy(int attempts, Duration total, Backoff backoff) {
  /** Checks that there is at least one attempt. */
  public RetryPolicy {
    if (attempts < 1 || total.isNegative()) {
      throw new IllegalArgumentException("not a retry policy: " + attempts + " attempts within " + total);
    }
    total = LongestWait.cut(total);
  }

  /** Begins to count the attempts at one operation. */
  public Attempts begin() {
    return begin(System::nanoTime);
  }

  /** The same, on a clock of nanoseconds. */
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

    /** Begins the next attempt and returns the pause before it; empty when there is none. */
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
