package io.loomftp.internal.control;

import java.time.Duration;

/**
 * The rate at which pools connect.
 *
 * @param burst connections that may be made at once
 * @param perSecond connections a second after that
 * @param raiseAfter the time after which a limit is raised by one as a trial
 */
public record ConnectRate(int burst, double perSecond, Duration raiseAfter) {
  /** The default. */
  public static final ConnectRate USUAL = new ConnectRate(16, 10, Duration.ofSeconds(60));
}
