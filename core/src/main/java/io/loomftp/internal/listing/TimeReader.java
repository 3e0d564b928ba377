package io.loomftp.internal.listing;

import io.loomftp.ModifiedTime.Precision;

/** Reads the times of day in listings, with the half of the day or the distance from UTC behind them. */
final class TimeReader {
  static final int NONE = -2;
  static final int NO_OFFSET = Integer.MIN_VALUE;

  int second = NONE; // of the day; -1: there is no such time
  int nano;
  int offset = NO_OFFSET; // from UTC, in seconds
  Precision precision = Precision.DAY;

  void clear() {
    second = NONE;
    nano = 0;
    offset = NO_OFFSET;
    precision = Precision.DAY;
  }

  /** Reads 19:56, 7:56PM, 19:56:14, 19:56:14.123 into the time of day; false where the form is another. */
  boolean read(byte[] line, int from, int to) {
    int colon = ByteScanner.skipDigits(line, from, Math.min(to, from + 2));
    if (colon == from || colon + 3 > to || line[colon] != ':') {
      return false;
    }
    int hour = ByteScanner.small(line, from, colon);
    int minute = ByteScanner.small(line, colon + 1, colon + 3);
    int at = colon + 3;
    int seconds = 0;
    int fraction = 0;
    Precision read = Precision.MINUTE;
    if (at + 3 <= to && line[at] == ':') {
      seconds = ByteScanner.small(line, at + 1, at + 3);
      at += 3;
      read = Precision.SECOND;
      if (at + 1 < to && (line[at] == '.' || line[at] == ',')) {
        int end = ByteScanner.skipDigits(line, at + 1, to);
        fraction = nanos(line, at + 1, end);
        read = Precision.MILLI;
        at = end;
      }
    }
    if (minute < 0 || seconds < 0) {
      return false;
    }
    if (at < to) {
      hour = half(line, at, to, hour);
      if (hour < 0) {
        return false;
      }
    }
    second = LocalTimes.secondOfDay(hour, minute, seconds);
    nano = fraction;
    precision = read;
    return true;
  }

  /** The hour in the half of the day that is named here; -1 where none is. */
  private static int half(byte[] line, int from, int to, int hour) {
    int sign = ByteScanner.lower(line[from]);
    if (to - from > 2 || (to - from == 2 && ByteScanner.lower(line[from + 1]) != 'm') || (sign != 'a' && sign != 'p')) {
      return -1;
    }
    if (hour > 12) {
      return hour; // 13:05PM has been seen: the number is the truth
    }
    return hour % 12 + (sign == 'p' ? 12 : 0);
  }

  static int nanos(byte[] line, int from, int to) {
    int value = 0;
    for (int i = 0; i < 9; i++) {
      value = value * 10 + (from + i < to ? line[from + i] - '0' : 0);
    }
    return value;
  }

  /** The words that a time behind a date takes, with AM, PM or the distance from UTC; 0 where there is no time. */
  int behind(Words d, int word) {
    if (word >= d.words || !read(d.line, d.from[word], d.to[word])) {
      return 0;
    }
    if (word + 1 >= d.words) {
      return 1;
    }
    if (isHalf(d, word + 1)) {
      int colon = ByteScanner.indexOf(d.line, d.from[word], d.to[word], ':');
      int listed = ByteScanner.small(d.line, d.from[word], colon);
      int hour = half(d.line, d.from[word + 1], d.from[word + 1] + 1, listed);
      second = second < 0 ? second : second + (hour - listed) * 3600;
      return 2;
    }
    return precision.compareTo(Precision.SECOND) >= 0 && zone(d.line, d.from[word + 1], d.to[word + 1]) ? 2 : 1;
  }

  private static boolean isHalf(Words d, int word) {
    return d.is(word, "AM") || d.is(word, "PM") || d.is(word, "a.m.") || d.is(word, "p.m.");
  }

  /** Reads +0100, +01:00 or -0500. */
  private boolean zone(byte[] line, int from, int to) {
    int length = to - from;
    if (length < 5 || length > 6 || (line[from] != '+' && line[from] != '-') || (length == 6 && line[from + 3] != ':')) {
      return false;
    }
    int hours = ByteScanner.small(line, from + 1, from + 3);
    int minutes = ByteScanner.small(line, to - 2, to);
    if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59) {
      return false;
    }
    offset = (line[from] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
    return true;
  }

  /** Reads 19:56:14Z or 19:56:14+01:00. */
  boolean readWithOffset(byte[] line, int from, int to) {
    if (line[to - 1] == 'Z') {
      offset = 0;
      return read(line, from, to - 1);
    }
    for (int length = 5; length <= 6; length++) {
      if (to - length > from && zone(line, to - length, to)) {
        return read(line, from, to - length);
      }
    }
    return read(line, from, to);
  }

  /** A time as Finnish and Danish servers write it: 19.56. */
  boolean readWithDot(byte[] line, int from, int to) {
    if (to - from != 5 || line[from + 2] != '.') {
      return false;
    }
    int hour = ByteScanner.small(line, from, from + 2);
    int minute = ByteScanner.small(line, from + 3, to);
    if (hour < 0 || minute < 0) {
      return false;
    }
    second = LocalTimes.secondOfDay(hour, minute, 0);
    precision = Precision.MINUTE;
    return true;
  }
}
