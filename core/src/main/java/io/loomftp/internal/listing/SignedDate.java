package io.loomftp.internal.listing;

/**
 * Reads the dates of East Asia, whose numbers have signs behind them:
 *
 * <pre>
 * 11月 22日 19:56     11月22日 2025年      2025년 11월 22일
 * </pre>
 */
final class SignedDate {
  int year; // 0: not told
  int month;
  int day;

  /** Reads numbers with the signs of East Asia behind them; the order is year, month, day, and the year may come last. */
  int read(Words d, int word, TimeReader time) {
    year = 0;
    month = 0;
    day = 0;
    int at = word;
    while (at < d.words && at < word + 3) {
      boolean signs = hasSigns(d, at);
      if (!signs && (at == word || !takePlain(d, at))) {
        break;
      }
      if (signs && !takeSigned(d.line, d.from[at], d.to[at])) {
        return 0;
      }
      at++;
      if (year != 0 && day != 0) {
        break;
      }
      if (day != 0 && at < d.words && time.read(d.line, d.from[at], d.to[at])) {
        return at + 1 - word;
      }
    }
    if (month == 0 || day == 0) {
      return 0;
    }
    return at - word;
  }

  private static boolean hasSigns(Words d, int word) {
    int sign = ByteScanner.skipDigits(d.line, d.from[word], d.to[word]);
    return sign > d.from[word] && sign < d.to[word] && d.line[sign] < 0;
  }

  private boolean takePlain(Words d, int word) {
    int number = d.to[word] - d.from[word] <= 4 ? ByteScanner.small(d.line, d.from[word], d.to[word]) : -1;
    return number >= 0 && take(number, d.to[word] - d.from[word]);
  }

  private boolean takeSigned(byte[] line, int from, int to) {
    int at = from;
    while (at < to) {
      int end = ByteScanner.skipDigits(line, at, to);
      if (end == at || end - at > 4 || end == to || !take(ByteScanner.small(line, at, end), end - at)) {
        return false;
      }
      at = end;
      while (at < to && at < end + 4 && !ByteScanner.isDigit(line[at])) {
        at++;
      }
    }
    return true;
  }

  private boolean take(int number, int digits) {
    if (digits == 4) {
      boolean first = year == 0;
      year = Math.max(number, 1);
      return first;
    }
    if (month == 0) {
      month = number;
      return digits <= 2 && number > 0;
    }
    boolean first = day == 0;
    day = number;
    return first && digits <= 2 && number > 0;
  }
}
