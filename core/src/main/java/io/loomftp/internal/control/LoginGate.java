package io.loomftp.internal.control;

import io.loomftp.FtpLoginException;
import io.loomftp.internal.retry.Backoff;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a wrong password from being sent many times, which servers answer by locking the user out. Until one login of this
 * user and password has succeeded they are sent one at a time; after a refusal pools pause, with exponential backoff. Guarded
 * by its owner.
 */
final class LoginGate {
  private static final Backoff PAUSES = new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(5));

  private boolean proven;
  private int underway;
  private int refusals;
  private long pausesUntil;
  private @Nullable FtpLoginException refusal;

  /** The nanoseconds for which pools pause logins, 0 for none. */
  long pause(long now) {
    return refusals == 0 ? 0 : Math.max(0, pausesUntil - now);
  }

  /** Whether one more login may be sent now. */
  boolean isFree() {
    return proven || underway == 0;
  }

  /** Whether no login is running and none was refused. */
  boolean isUnused(long now) {
    return underway == 0 && pause(now) == 0;
  }

  void enter() {
    underway++;
  }

  /** Ends a login that neither accepted nor refused the password. */
  void leave() {
    underway--;
  }

  void succeeded() {
    proven = true;
    refusals = 0;
    refusal = null;
  }

  void refused(FtpLoginException reason, long now) {
    proven = false;
    refusals++;
    refusal = reason;
    pausesUntil = now + PAUSES.fullPause(refusals).toNanos();
  }

  /** The number of consecutive refusals. */
  int refusals() {
    return refusals;
  }

  /** The last refusal, unless a login has succeeded since. */
  @Nullable
  FtpLoginException refusal() {
    return refusal;
  }
}
