package io.loomftp.internal.control;

import java.time.Duration;
import java.util.Optional;

/** The bound of a whole operation, under which every single wait is cut. */
public final class Deadline {
  private static final Duration AT_LEAST = Duration.ofMillis(1);

  private volatile long at = Long.MAX_VALUE;

  /** An operation begins. */
  public void begin(Optional<Duration> bound) {
    at = bound.map(d -> System.nanoTime() + d.toNanos()).orElse(Long.MAX_VALUE);
  }

  /** No operation is running. */
  public void clear() {
    at = Long.MAX_VALUE;
  }

  /** Whether nothing is left: to be asked where a wait may never come because there is always something to do. */
  public boolean isOver() {
    return at != Long.MAX_VALUE && at - System.nanoTime() <= 0;
  }

  /** The smaller of a bound and what is left; never nothing, so that the wait itself reports the end. */
  public Duration cut(Duration bound) {
    if (at == Long.MAX_VALUE) {
      return bound;
    }
    Duration left = Duration.ofNanos(at - System.nanoTime());
    Duration smaller = left.compareTo(bound) < 0 ? left : bound;
    return smaller.compareTo(AT_LEAST) < 0 ? AT_LEAST : smaller;
  }
}
