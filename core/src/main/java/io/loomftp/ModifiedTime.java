package io.loomftp;

import java.io.Serializable;
import java.time.Instant;
import java.util.Objects;

/**
 * A time of modification with its precision and source.
 *
 * @param instant the point in time; fields below its precision are zero (a day starts at midnight in the zone of
 *     the server)
 * @param precision the smallest unit that the server gives
 * @param source the origin of the time
 */
public record ModifiedTime(Instant instant, Precision precision, Source source) implements Serializable {
  /** Checks that no component is null. */
  public ModifiedTime {
    Objects.requireNonNull(instant);
    Objects.requireNonNull(precision);
    Objects.requireNonNull(source);
  }

  /** The smallest unit of a time that is known. */
  public enum Precision {
    /** The day only: listings of files older than half a year, data sets. */
    DAY,
    /** Hour and minute. */
    MINUTE,
    /** Second. */
    SECOND,
    /** Millisecond, or finer. */
    MILLI
  }

  /** The origin of a time, which decides how far its zone can be trusted. */
  public enum Source {
    /** The {@code modify} fact of MLSD or MLST: UTC by definition (RFC 3659 section 2.3). */
    MLSD,
    /** The reply to MDTM: UTC by definition (RFC 3659 section 3). */
    MDTM,
    /** A listing that gives the zone together with the time: EPLF, or a date with its offset. */
    LIST_ZONED,
    /** A listing that does not give its zone: {@link FtpConfig#serverZone()} was assumed. */
    LIST
  }
}
