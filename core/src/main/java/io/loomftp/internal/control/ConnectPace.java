package io.loomftp.internal.control;

import io.loomftp.internal.retry.Backoff;
import java.time.Duration;

/**
 * Spaces out the connections that pools make to one server: a burst, then a steady rate, and a pause after a
 * failure, with exponential backoff. Guarded by its owner.
 */
final class ConnectPace {
  static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final Backoff PAUSES = new Backoff(Duration.ofMillis(250), LONGEST_PAUSE);
  private static final double SECOND = Duration.ofSeconds(1).toNanos();

  private final int burst;
  private final double perSecond;
  private double tokens;
  private long tokensAt;
  private long notBefore;
  private int failures;

  ConnectPace(int burst, double perSecond, long now) {
    this.burst = burst;
    this.perSecond = perSecond;
    tokens = burst;
    tokensAt = now;
    notBefore = now;
  }

  /** Takes a connection; returns 0, or the nanoseconds to wait before the next one is allowed. */
  long take(long now) {
    if (now - notBefore < 0) {
      return notBefore - now;
    }
    tokens = Math.min(burst, tokens + (now - tokensAt) / SECOND * perSecond);
    tokensAt = now;
    if (tokens < 1) {
      return (long) Math.ceil((1 - tokens) / perSecond * SECOND);
    }
    tokens--;
    return 0;
  }

  void succeeded() {
    failures = 0;
  }

  /**
   * A connection has failed. Of several that fail together one counts, and those that are made outside a pool during a pause
   * do not: the pause grows with the duration of the outage, not with the number of sessions that notice it.
   *
   * @param begun the time at which it was begun
   */
  void failed(long begun, long now) {
    if (isEarly(begun)) {
      return;
    }
    failures++;
    notBefore = now + PAUSES.pause(failures).toNanos();
  }

  /** Whether a connection was begun before the present pause was over. */
  private boolean isEarly(long begun) {
    return begun - notBefore < 0;
  }

  /** Whether a connection that was begun at that time was the first to be made after a pause. */
  boolean hasPaused(long begun) {
    return failures > 0 && !isEarly(begun);
  }
}
