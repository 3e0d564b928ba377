package io.loomftp.internal.listing;

import io.loomftp.ModifiedTime.Precision;
import io.loomftp.ModifiedTime.Source;

/**
 * Reads the dates of listings, word by word, in all the orders and languages servers write them:
 *
 * <pre>
 * Nov 22 19:56        Nov 22  2025        22 Nov 19:56         22. Nov 2025      22-NOV-2025 19:56:14.12
 * 2025-11-22 19:56    11-22 19:56         2025-11-22 19:56:14.000000000 +0100    2025-11-22T19:56:14Z
 * 11月 22日 19:56     11月22日 2025年      2025년 11월 22일      Sun Nov 22 19:56:14 2026
 * </pre>
 *
 * <p>The form decides what is a date; whether there is such a day is asked later. Used again for each line.
 */
final class DateReader {
  /** What comes first in dates like 01/02/03, where nothing in the date tells. */
  enum Order {
    YEAR_FIRST,
    MONTH_FIRST,
    DAY_FIRST
  }

  private final TimeReader time = new TimeReader();
  private int year; // 0: not told
  private int month; // 0: not understood
  private int day;

  private void clear() {
    year = 0;
    month = 0;
    day = 0;
    time.clear();
  }

  /** Gives the time that was read to the draft, if there is such a time. */
  void set(EntryBuilder draft) {
    int second = hasTime() ? time.second : 0;
    if (year == 0) {
      draft.times.yearless(draft, month, day, second, time.nano, time.precision);
    } else if (time.offset == TimeReader.NO_OFFSET) {
      draft.times.local(draft, year, month, day, second, time.nano, time.precision);
    } else {
      draft.times.withOffset(
          draft, year, month, day, second, time.nano, time.precision, time.offset, Source.LIST_ZONED);
    }
  }

  /** Whether the last date read had a time of day. */
  boolean hasTime() {
    return time.second != TimeReader.NONE;
  }

  /** The words that a time behind a date takes, with AM, PM or the distance from UTC; 0 where there is no time. */
  int timeBehind(EntryBuilder d, int word) {
    return time.behind(d, word);
  }

  /** Reads the date that begins with a word; the number of its words, 0 where none begins there. */
  int read(EntryBuilder d, int word) {
    byte[] line = d.line;
    int from = d.from[word];
    int to = d.to[word];
    if (!ByteScanner.isDigit(line[from])) {
      if (word + 2 >= d.words) {
        return 0;
      }
      int named = Months.of(line, from, to);
      if (named != 0) {
        clear();
        month = named;
        return monthFirst(d, word);
      }
      if (word + 3 < d.words && Months.isWeekday(line, from, to)) {
        int rest = ByteScanner.isDigit(line[d.from[word + 1]]) ? 0 : read(d, word + 1);
        return rest == 0 ? 0 : rest + 1;
      }
      return 0;
    }
    clear();
    if (to - from <= 3) {
      int words = dayFirst(d, word);
      if (words > 0) {
        return words;
      }
    }
    int words = numeric(d, word);
    return words > 0 ? words : withSigns(d, word);
  }

  /** The same, and where there is no date we know, what has the form of one. */
  int readAny(EntryBuilder d, int word) {
    int words = read(d, word);
    return words > 0 ? words : readUnknownMonth(d, word);
  }

  /** The same for a word that may be a month in a language we do not know: form is all there is, and no time comes of it. */
  int readUnknownMonth(EntryBuilder d, int word) {
    if (word + 2 >= d.words) {
      return 0;
    }
    clear();
    if (isWord(d, word)) {
      month = 0;
      return monthFirst(d, word);
    }
    return isDay(d, word) && isWord(d, word + 1) && yearOrTime(d, word + 2) ? 3 : 0;
  }

  private static boolean isWord(EntryBuilder d, int word) {
    for (int i = d.from[word]; i < d.to[word]; i++) {
      byte b = d.line[i];
      if (b >= 0 && (b < 'A' || b > 'z' || (b > 'Z' && b < 'a')) && b != '.' && b != '?') {
        return false;
      }
    }
    return d.to[word] - d.from[word] >= 2;
  }

  private int monthFirst(EntryBuilder d, int word) {
    if (!isDay(d, word + 1) || !yearOrTime(d, word + 2)) {
      return 0;
    }
    // Nov 22 19:56:14 2026: the year stands behind, if it is not the name.
    if (time.precision == Precision.SECOND && word + 4 < d.words) {
      int behind = fourDigits(d, word + 3);
      if (behind >= 1900 && behind < 2200) {
        year = behind;
        return 4;
      }
    }
    return 3;
  }

  private int dayFirst(EntryBuilder d, int word) {
    if (word + 2 >= d.words || !isDay(d, word)) {
      return 0;
    }
    month = Months.of(d.line, d.from[word + 1], d.to[word + 1]);
    return month != 0 && yearOrTime(d, word + 2) ? 3 : 0;
  }

  private boolean isDay(EntryBuilder d, int word) {
    int from = d.from[word];
    int to = d.to[word];
    if (to - from > 1 && (d.line[to - 1] == '.' || d.line[to - 1] == ',')) {
      to--;
    }
    if (to - from > 2) {
      return false;
    }
    day = ByteScanner.small(d.line, from, to);
    return day >= 0;
  }

  private boolean yearOrTime(EntryBuilder d, int word) {
    int from = d.from[word];
    int to = d.to[word];
    if (to - from == 4) {
      int number = ByteScanner.small(d.line, from, to);
      if (number >= 0) {
        year = number;
        return true;
      }
    }
    return time.read(d.line, from, to) || time.readWithDot(d.line, from, to);
  }

  private int fourDigits(EntryBuilder d, int word) {
    return d.to[word] - d.from[word] == 4 ? ByteScanner.small(d.line, d.from[word], d.to[word]) : -1;
  }

  private int numeric(EntryBuilder d, int word) {
    byte[] line = d.line;
    int from = d.from[word];
    int to = d.to[word];
    if (to - from > 11 && line[from + 10] == 'T' && date(line, from, from + 10, Order.MONTH_FIRST)) {
      return time.readWithOffset(line, from + 11, to) ? 1 : 0;
    }
    if (dayMonthYear(line, from, to) || date(line, from, to, Order.MONTH_FIRST)) {
      return 1 + timeBehind(d, word + 1);
    }
    if (to - from == 5 && line[from + 2] == '-' && word + 1 < d.words) { // 11-22 19:56 of ls --time-style=iso
      month = ByteScanner.small(line, from, from + 2);
      day = ByteScanner.small(line, from + 3, to);
      return month >= 0 && day >= 0 && time.read(line, d.from[word + 1], d.to[word + 1]) ? 2 : 0;
    }
    return 0;
  }

  /** Reads three numbers with the same sign between them, as 2025-11-22, 11/22/25 or 22.11.2025. */
  boolean date(byte[] line, int from, int to, Order order) {
    int first = ByteScanner.skipDigits(line, from, to);
    if (first == from || first - from > 4 || first >= to) {
      return false;
    }
    byte sign = line[first];
    int second = ByteScanner.skipDigits(line, first + 1, to);
    if ((sign != '-' && sign != '/' && sign != '.') || second == first + 1 || second - first > 3 || second >= to) {
      return false;
    }
    int end = ByteScanner.skipDigits(line, second + 1, to);
    if (line[second] != sign || end == second + 1 || end - second > 5 || end != to) {
      return false;
    }
    clear();
    arrange(
        ByteScanner.small(line, from, first), first - from,
        ByteScanner.small(line, first + 1, second),
        ByteScanner.small(line, second + 1, end), end - second - 1,
        sign == '.' ? Order.DAY_FIRST : order);
    return true;
  }

  /** Which of three numbers is what: by their length and size where these tell, else by the given order. */
  private void arrange(int a, int lengthOfA, int b, int c, int lengthOfC, Order order) {
    Order known = order;
    if (lengthOfA > 2 || a > 31) {
      known = Order.YEAR_FIRST;
    } else if (a > 12 && (order != Order.YEAR_FIRST || lengthOfC > 2 || c > 31)) {
      known = Order.DAY_FIRST;
    } else if (b > 12) {
      known = Order.MONTH_FIRST;
    } else if (order == Order.YEAR_FIRST && (lengthOfC > 2 || c > 31)) {
      known = Order.MONTH_FIRST;
    }
    switch (known) {
      case YEAR_FIRST -> set(fullYear(a, lengthOfA), b, c);
      case MONTH_FIRST -> set(fullYear(c, lengthOfC), a, b);
      case DAY_FIRST -> set(fullYear(c, lengthOfC), b, a);
    }
  }

  private void set(int newYear, int newMonth, int newDay) {
    year = newYear;
    month = newMonth;
    day = newDay;
  }

  private static int fullYear(int number, int digits) {
    if (digits > 2) {
      return Math.max(number, 1);
    }
    return number < 70 ? 2000 + number : 1900 + number;
  }

  /** Reads 22-NOV-2025. */
  boolean dayMonthYear(byte[] line, int from, int to) {
    int first = ByteScanner.skipDigits(line, from, Math.min(to, from + 2));
    if (first == from || first + 5 >= to || line[first] != '-' || ByteScanner.isDigit(line[first + 1])) {
      return false;
    }
    int second = ByteScanner.indexOf(line, first + 1, Math.min(to, first + 12), '-');
    if (second < 0 || (to - second != 5 && to - second != 3) || !ByteScanner.isNumber(line, second + 1, to)) {
      return false;
    }
    int named = Months.of(line, first + 1, second);
    clear();
    set(fullYear(ByteScanner.small(line, second + 1, to), to - second - 1), named, ByteScanner.small(line, from, first));
    return true;
  }

  /** Reads numbers with the signs of East Asia behind them; the order is year, month, day, and the year may come last. */
  private int withSigns(EntryBuilder d, int word) {
    clear();
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
    return at - word + (year != 0 ? timeBehind(d, at) : 0);
  }

  private static boolean hasSigns(EntryBuilder d, int word) {
    int sign = ByteScanner.skipDigits(d.line, d.from[word], d.to[word]);
    return sign > d.from[word] && sign < d.to[word] && d.line[sign] < 0;
  }

  private boolean takePlain(EntryBuilder d, int word) {
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
