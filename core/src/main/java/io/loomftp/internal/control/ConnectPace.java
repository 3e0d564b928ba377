package io.loomftp.internal.control;

import io.loomftp.internal.retry.Backoff;
import java.time.Duration;

/**
 * Spaces out the connections that pools make to one server: a burst, then so many a second, and none for a while after a
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
  private long lastFailure;
  private int failures;

  ConnectPace(int burst, double perSecond, long now) {
    this.burst = burst;
    this.perSecond = perSecond;
    tokens = burst;
    tokensAt = now;
    notBefore = now;
    lastFailure = now - LONGEST_PAUSE.toNanos();
  }

  /** Takes a connection; the nanoseconds to wait when there is to be none now, else 0. */
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

  /** A connection that was begun at some time has failed; of several that fail together one counts. */
  void failed(long begun, long now) {
    if (isOld(begun)) {
      return;
    }
    failures++;
    lastFailure = now;
    notBefore = now + PAUSES.pause(failures).toNanos();
  }

  /** Whether a connection was begun before the last failure was known. */
  boolean isOld(long begun) {
    return begun - lastFailure < 0;
  }

  boolean isFailing() {
    return failures > 0;
  }
}
