package io.loomftp;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;

/** In which zone a server's listings tell the time, where they do not say it (all but MLSD). */
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
   * Found out once for each server in a JVM: at the first listing without a zone the time of a file there is compared with
   * its MDTM, which is always UTC (RFC 3659). That costs one more listing and one more command. Where nothing can be
   * compared, times are taken for UTC and the next listing tries again. The answer is an offset, as it is at the time of
   * asking: it knows nothing of daylight saving.
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
    /** Checks that it is there. */
    public Known {
      Objects.requireNonNull(zone);
    }
  }

  /** To be found out. */
  record Detected() implements ServerZone {}
}
