package io.loomftp;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;

/** The time zone of a server's listings, where they do not give it (all but MLSD). */
public sealed interface ServerZone {
  /** UTC: the default. */
  static ServerZone utc() {
    return of(ZoneOffset.UTC);
  }

  /** A zone that the caller knows. */
  static ServerZone of(ZoneId zone) {
    return new Known(zone);
  }

  /**
   * Detected once for each server in a JVM: at the first listing without a zone, the time of a file in it is compared with
   * its MDTM, which is always UTC (RFC 3659). That costs one more listing and one more command. Where nothing can be
   * compared, times are taken as UTC and the next listing tries again. The result is the offset at that time: it does not
   * follow daylight saving.
   */
  static ServerZone detect() {
    return new Detected();
  }

  /**
   * A zone that the caller knows.
   *
   * @param zone the zone
   */
  record Known(ZoneId zone) implements ServerZone {
    /** Checks that the zone is not null. */
    public Known {
      Objects.requireNonNull(zone);
    }
  }

  /** A zone to be detected. */
  record Detected() implements ServerZone {}
}
