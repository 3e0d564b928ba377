package io.loomftp.internal.wire;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Points in time as MDTM and MFMT write them: {@code YYYYMMDDHHMMSS[.s+]}, always UTC (RFC 3659 section 2.3). */
public final class Timestamps {
  private static final DateTimeFormatter WRITTEN = DateTimeFormatter.ofPattern("uuuuMMddHHmmss");
  private static final int SECONDS_LENGTH = 14;
  private static final int NANO_DIGITS = 9;

  private Timestamps() {}

  /**
   * Reads a time. The year 2000 written as {@code 19100} is accepted.
   *
   * @throws BadReplyException when the text is not a time
   */
  public static Instant parse(String text) throws BadReplyException {
    String value = text.strip();
    if (value.startsWith("191") && digits(value) == SECONDS_LENGTH + 1) {
      value = "20" + value.substring(3);
    }
    int digits = digits(value);
    String fraction = value.length() > digits + 1 && value.charAt(digits) == '.' ? value.substring(digits + 1) : "";
    boolean whole = value.length() == digits || (!fraction.isEmpty() && digits(fraction) == fraction.length());
    if (digits != SECONDS_LENGTH || !whole) {
      throw new BadReplyException("not a time: '" + Command.printable(text) + "'");
    }
    try {
      LocalDateTime time =
          LocalDateTime.of(
              Integer.parseInt(value, 0, 4, 10),
              Integer.parseInt(value, 4, 6, 10),
              Integer.parseInt(value, 6, 8, 10),
              Integer.parseInt(value, 8, 10, 10),
              Integer.parseInt(value, 10, 12, 10),
              Math.min(59, Integer.parseInt(value, 12, 14, 10)));
      return time.plusNanos(nanos(fraction)).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw new BadReplyException("not a time: '" + Command.printable(text) + "'");
    }
  }

  /** Writes a time, to the second. */
  public static String format(Instant time) {
    return WRITTEN.format(time.atOffset(ZoneOffset.UTC));
  }

  private static long nanos(String fraction) {
    String padded = (fraction + "0".repeat(NANO_DIGITS)).substring(0, NANO_DIGITS);
    return Long.parseLong(padded);
  }

  private static int digits(String text) {
    int i = 0;
    while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
      i++;
    }
    return i;
  }
}
