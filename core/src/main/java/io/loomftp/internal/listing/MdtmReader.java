package io.loomftp.internal.listing;

import io.loomftp.ModifiedTime.Precision;
import io.loomftp.ModifiedTime.Source;

/**
 * Reads the times of RFC 3659 section 2.3, always UTC: {@code YYYYMMDDHHMMSS}, with or without a fraction.
 *
 * <pre>
 * 20251122195614.123
 * |   | | | | |  |
 * 0   4 6 8 10   15
 * </pre>
 *
 * <p>Also the {@code 19125} that old servers print for the year 2025, and times without seconds or without time of day.
 */
final class MdtmReader {
  /** The end of the year 9999. */
  static final long LAST_SECOND = 253_402_300_799L;

  private MdtmReader() {}

  /** Sets the time between two places of the line; leaves the draft without a time where there is none. */
  static void read(EntryBuilder d, int from, int to, Source source) {
    byte[] line = d.line;
    int digits = ByteScanner.skipDigits(line, from, to);
    int start = from;
    int year;
    if (digits - from == 15 && line[from] == '1' && line[from + 1] == '9' && line[from + 2] == '1') {
      year = 1900 + ByteScanner.small(line, from + 2, from + 5); // tm_year behind a literal 19
      start = from + 1;
    } else {
      year = digits - from >= 8 ? ByteScanner.small(line, from, from + 4) : -1;
    }
    int length = digits - start;
    if (year < 0 || (length != 14 && length != 12 && length != 8) || (digits < to && line[digits] != '.')) {
      return;
    }
    int month = ByteScanner.small(line, start + 4, start + 6);
    int day = ByteScanner.small(line, start + 6, start + 8);
    int hour = length >= 12 ? ByteScanner.small(line, start + 8, start + 10) : 0;
    int minute = length >= 12 ? ByteScanner.small(line, start + 10, start + 12) : 0;
    int second = length == 14 ? ByteScanner.small(line, start + 12, start + 14) : 0;
    int nano = 0;
    Precision precision = length == 8 ? Precision.DAY : length == 12 ? Precision.MINUTE : Precision.SECOND;
    if (digits + 1 < to && length == 14) {
      int end = ByteScanner.skipDigits(line, digits + 1, to);
      if (end > digits + 1) {
        nano = TimeReader.nanos(line, digits + 1, end);
        precision = Precision.MILLI;
      }
    }
    d.times.withOffset(
        d.time, year, month, day, LocalTimes.secondOfDay(hour, minute, second), nano, precision, 0, source);
  }
}
