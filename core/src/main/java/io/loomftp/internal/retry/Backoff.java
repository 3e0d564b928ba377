package io.loomftp.internal.retry;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Exponential backoff with jitter: the pause doubles with each consecutive failure and is shortened at random by up to a half,
 * so that many clients do not return at the same moment.
 *
 * @param first the pause after the first failure, before jitter
 * @param longest the upper bound of all pauses
 */
public record Backoff(Duration first, Duration longest) {
  private static final int MOST_DOUBLINGS = 30; // more would overflow

  /** Checks that the pauses have an upper bound. */
  public Backoff {
    if (first.isNegative() || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException("no bounds for a backoff: from " + first + " to " + longest);
    }
    first = LongestWait.cut(first);
    longest = LongestWait.cut(longest);
  }

  /** The pause after this many consecutive failures, with jitter. */
  public Duration pause(int failures) {
    long full = fullPause(failures).toNanos();
    return Duration.ofNanos(full - ThreadLocalRandom.current().nextLong(full / 2 + 1));
  }

  /** The pause after this many consecutive failures, without jitter. */
  public Duration fullPause(int failures) {
    if (failures < 1) {
      return Duration.ZERO;
    }
    double doubled = first.toNanos() * Math.pow(2, Math.min(failures - 1, MOST_DOUBLINGS));
    return Duration.ofNanos((long) Math.min((double) longest.toNanos(), doubled));
  }
}
