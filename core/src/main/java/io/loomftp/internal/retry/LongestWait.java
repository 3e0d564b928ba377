package io.loomftp.internal.retry;

import java.time.Duration;

/** Cuts durations to ten years: the nanoseconds of several of them together fit into a {@code long}. */
public final class LongestWait {
  private static final Duration LONGEST = Duration.ofDays(3_650);

  private LongestWait() {}

  /** The duration, or ten years if it is longer. */
  public static Duration cut(Duration time) {
    return time.compareTo(LONGEST) > 0 ? LONGEST : time;
  }
}
