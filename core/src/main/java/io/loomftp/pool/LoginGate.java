package io.loomftp.pool;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Keeps a wrong password from being sent many times, which servers answer by locking the user out: until one login has
 * succeeded they are tried one at a time, and after a refusal there is a pause, longer each time. Guarded by its owner.
 */
final class LoginGate {
  private static final long FIRST_PAUSE = Duration.ofSeconds(5).toNanos();
  private static final int MOST_DOUBLINGS = 6;

  private final LongSupplier clock;
  private boolean proven;
  private int refusals;
  private long again;

  LoginGate(LongSupplier clock) {
    this.clock = clock;
  }

  /** How long nobody should try, in nanoseconds; 0 for not at all. */
  long pause() {
    return refusals == 0 ? 0 : Math.max(0, again - clock.getAsLong());
  }

  /** Whether one more may try while so many are at it. */
  boolean letsIn(int underway) {
    return pause() == 0 && (proven || underway == 0);
  }

  void succeeded() {
    proven = true;
    refusals = 0;
  }

  void refused() {
    proven = false;
    again = clock.getAsLong() + (FIRST_PAUSE << Math.min(refusals, MOST_DOUBLINGS));
    refusals++;
  }
}
