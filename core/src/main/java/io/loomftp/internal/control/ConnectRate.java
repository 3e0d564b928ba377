package io.loomftp.internal.control;

import java.time.Duration;

/**
 * The pace of pools.
 *
 * @param burst connections that may be made at once
 * @param perSecond connections a second after that
 * @param raiseAfter how long a limit must have held before one more is tried
 */
public record ConnectRate(int burst, double perSecond, Duration raiseAfter) {
  /** What is kept unless something else is said. */
  public static final ConnectRate USUAL = new ConnectRate(16, 10, Duration.ofSeconds(60));
}
