package io.loomftp;

import java.io.Serializable;
import java.time.Instant;
import java.util.Objects;

/**
 * When something was modified, how exactly that is known and who said so.
 *
 * @param instant the point in time; where less than its fields is known they are zero (a day starts at midnight in the
 *     zone of the server)
 * @param precision the smallest unit that the server told
 * @param source where the time comes from
 */
public record ModifiedTime(Instant instant, Precision precision, Source source) implements Serializable {
  /** Checks that all are there. */
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

  /** Where a time comes from, which is how far its zone can be trusted. */
  public enum Source {
    /** The {@code modify} fact of MLSD or MLST: UTC by definition (RFC 3659 section 2.3). */
    MLSD,
    /** The reply to MDTM: UTC by definition (RFC 3659 section 3). */
    MDTM,
    /** A listing that tells the zone together with the time: EPLF, or a date with its offset. */
    LIST_ZONED,
    /** A listing that does not tell its zone: {@link FtpConfig#serverZone()} was assumed. */
    LIST
  }
}
