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
 * 2025 nov   22       22.11. 19:56        19:56 22 Thg 11      22. nov. u 19:56
 * </pre>
 *
 * <p>The form decides what is a date; {@link #set} decides which it is, with what the listing tells. Used again for each line.
 */
final class DateReader {
  private final LocalTimes times;
  private final FoundTime found;
  private final ListingContext context;
  private final TimeReader time = new TimeReader();
  private final NumericDate numbers = new NumericDate();
  private final SignedDate signs = new SignedDate();

  private int year; // 0: not told
  private int month; // 0: not understood
  private int day;
  private int[] names = Months.NONE; // what the name of the month can mean, if it is no plain English one
  private boolean english;
  private boolean numeric;
  private int padding = -1; // the form, if it is one that may be padded
  private int wordsOfName;

  DateReader(LocalTimes times, FoundTime found, ListingContext context) {
    this.times = times;
    this.found = found;
    this.context = context;
  }

  private void clear() {
    year = 0;
    month = 0;
    day = 0;
    names = Months.NONE;
    english = false;
    numeric = false;
    padding = -1;
    time.clear();
  }

  /** Gives the entry the time that was read, if it is one, and lets the rest of the listing learn from it. */
  void set() {
    if (numeric) {
      numbers.resolve(times, context);
      year = numbers.year;
      month = numbers.month;
      day = numbers.day;
    } else if (english) {
      context.language.sawEnglish(month);
    } else if (names.length > 0) {
      context.language.learn(names);
      context.open(context.language.isOpen(names));
      month = context.language.month(names);
    }
    int second = hasTime() ? time.second : 0;
    if (year == 0) {
      times.yearless(found, month, day, second, time.nano, time.precision);
    } else if (time.offset == TimeReader.NO_OFFSET) {
      times.local(found, year, month, day, second, time.nano, time.precision);
    } else {
      times.withOffset(found, year, month, day, second, time.nano, time.precision, time.offset, Source.LIST_ZONED);
    }
  }

  /** Whether the last date read had a time of day. */
  boolean hasTime() {
    return time.second != TimeReader.NONE;
  }

  /** The form of the last date, if it is one that some servers pad; else -1. */
  int padding() {
    return padding;
  }

  /** The words that a time behind a date takes, with AM, PM or the distance from UTC; 0 where there is no time. */
  int timeBehind(Words d, int word) {
    return time.behind(d, word);
  }

  /** Reads the date that begins with a word; the number of its words, 0 where none begins there. */
  int read(Words d, int word) {
    return ByteScanner.isDigit(d.line[d.from[word]]) ? digitsFirst(d, word) : nameFirst(d, word);
  }

  private int nameFirst(Words d, int word) {
    if (word + 2 >= d.words) {
      return 0;
    }
    clear();
    if (readName(d, word)) {
      int rest = dayAndEnd(d, word + wordsOfName);
      return rest == 0 ? 0 : rest + wordsOfName;
    }
    if (word + 3 < d.words && Months.isWeekday(d.line, d.from[word], d.to[word])) {
      int rest = ByteScanner.isDigit(d.line[d.from[word + 1]]) ? 0 : nameFirst(d, word + 1);
      return rest == 0 ? 0 : rest + 1;
    }
    return 0;
  }

  private int digitsFirst(Words d, int word) {
    clear();
    if (d.length(word) > 3 && isNoBreakSpaceBehindDay(d, word)) {
      separate(d, word);
    }
    int words = d.length(word) <= 3 ? dayFirst(d, word) : 0;
    words = words > 0 ? words : numeric(d, word);
    words = words > 0 ? words : withSigns(d, word);
    words = words > 0 ? words : yearFirst(d, word);
    words = words > 0 ? words : timeFirst(d, word);
    return words > 0 ? words : numberedMonthFirst(d, word);
  }

  /** Czech: a no-break space, in UTF-8 or ISO 8859, joins the day to the month. */
  private static boolean isNoBreakSpaceBehindDay(Words d, int word) {
    int dot = ByteScanner.skipDigits(d.line, d.from[word], d.to[word]);
    return dot - d.from[word] <= 2 && dot + 3 < d.to[word] && d.line[dot] == '.'
        && (d.line[dot + 1] == (byte) 0xA0 || (d.line[dot + 1] == (byte) 0xC2 && d.line[dot + 2] == (byte) 0xA0));
  }

  private static void separate(Words d, int word) {
    int dot = ByteScanner.skipDigits(d.line, d.from[word], d.to[word]);
    d.cut(word, dot + 1, d.line[dot + 1] == (byte) 0xA0 ? dot + 2 : dot + 3);
  }

  /** Reads the name of a month, of one word to three. */
  private boolean readName(Words d, int word) {
    byte[] line = d.line;
    int from = d.from[word];
    int to = d.to[word];
    wordsOfName = 1;
    int plain = Months.english(line, from, to);
    if (plain != 0 && context.language.mayBeEnglish()) {
      english = true;
      month = plain;
      return true;
    }
    english = false;
    if (Months.beginsName(line, from, to)) {
      for (wordsOfName = Math.min(3, d.words - word); wordsOfName > 1; wordsOfName--) {
        names = Months.find(line, from, d.to[word + wordsOfName - 1]);
        if (names.length > 0) {
          return true;
        }
      }
    }
    names = Months.find(line, from, to);
    return names.length > 0;
  }

  /** The same, and where there is no date we know, what has the form of one. */
  int readAny(Words d, int word) {
    int words = read(d, word);
    return words > 0 ? words : readUnknownMonth(d, word);
  }

  /** Reads what has the form of a date around one or two words that are no month we know; no time comes of it. */
  int readUnknownMonth(Words d, int word) {
    if (word + 2 >= d.words) {
      return 0;
    }
    clear();
    int words = unknown(d, word);
    month = 0;
    return words;
  }

  private int unknown(Words d, int word) {
    if (isWord(d, word)) { // Xyz 22 19:56
      int rest = dayAndEnd(d, word + 1);
      return rest == 0 ? 0 : rest + 1;
    }
    boolean isYear = d.length(word) == 4 && d.isNumber(word);
    if (isYear && isWord(d, word + 1) && word + 2 < d.words && isDay(d, word + 2)) { // 2025 xyz 22
      return 3;
    }
    if (time.read(d.line, d.from[word], d.to[word])) { // 19:56 22 xyz
      return word + 3 < d.words && isDay(d, word + 1) && isWord(d, word + 2) ? 3 : 0;
    }
    if (!isDay(d, word) || !isWord(d, word + 1)) {
      return 0;
    }
    int more = word + 3 < d.words && isWord(d, word + 2) ? 2 : 1; // 22 Xyz 2025, 22 de xyz 19:56
    int end = yearOrTime(d, word + 1 + more);
    return end == 0 ? 0 : end + 1 + more;
  }

  private static boolean isWord(Words d, int word) {
    for (int i = d.from[word]; i < d.to[word]; i++) {
      byte b = d.line[i];
      if (b >= 0 && (b < 'A' || b > 'z' || (b > 'Z' && b < 'a')) && b != '.' && b != '?' && b != '\'') {
        return false;
      }
    }
    return d.length(word) >= 2;
  }

  /** Reads the day, then the year or the time. */
  private int dayAndEnd(Words d, int word) {
    if (word + 1 >= d.words || !isDay(d, word)) {
      return 0;
    }
    int end = yearOrTime(d, word + 1);
    if (end == 0) {
      return 0;
    }
    // Nov 22 19:56:14 2026: the year stands behind, if it is not the name.
    if (time.precision == Precision.SECOND && word + 3 < d.words) {
      int behind = fourDigits(d, word + 2);
      if (behind >= 1900 && behind < 2200) {
        year = behind;
        return 3;
      }
    }
    return 1 + end;
  }

  /** Reads 22 Nov 19:56 and 22. 11. 19:56. */
  private int dayFirst(Words d, int word) {
    if (word + 2 >= d.words || !isDay(d, word)) {
      return 0;
    }
    int next = word + 1;
    int dayRead = day;
    boolean dotted = d.line[d.to[word] - 1] == '.' && d.line[d.to[next] - 1] == '.';
    if (dotted && d.length(next) <= 3 && isDay(d, next)) {
      month = day;
      day = dayRead;
      wordsOfName = 1;
    } else if (ByteScanner.isDigit(d.line[d.from[next]]) || !readName(d, next)) {
      return 0;
    }
    next += wordsOfName;
    if (next + 1 < d.words && d.length(next) <= 2 && !ByteScanner.isDigit(d.line[d.from[next]])) {
      next++; // 22. nov. u 19:56
    }
    int end = next < d.words ? yearOrTime(d, next) : 0;
    return end == 0 ? 0 : next - word + end;
  }

  /** Reads 2025 nov 22; a size of 2025 before the month is told from it by what stands behind. */
  private int yearFirst(Words d, int word) {
    int listed = fourDigits(d, word);
    if (listed < 0 || word + 3 >= d.words || !readName(d, word + 1)) {
      return 0;
    }
    int dayWord = word + 1 + wordsOfName;
    if (dayWord + 1 >= d.words || !isDay(d, dayWord)) {
      return 0;
    }
    boolean alignedSize = word > 0 && d.to[word - 1] == context.sizeEnd;
    if (!alignedSize && dayWord + 2 < d.words && yearOrTime(d, dayWord + 1) > 0) {
      return 0; // month, day and time without it
    }
    time.clear();
    padding = -1;
    year = Math.max(listed, 1);
    return dayWord + 1 - word;
  }

  /** Reads 19:56 22 Thg 11. */
  private int timeFirst(Words d, int word) {
    if (word + 3 >= d.words || !time.read(d.line, d.from[word], d.to[word]) || !isDay(d, word + 1)
        || !readName(d, word + 2)) {
      return 0;
    }
    int last = word + 1 + wordsOfName;
    padding = d.length(last) == 1 ? ListingContext.MONTH_LAST : -1; // ls makes all months as wide as the widest
    return last + 1 - word;
  }

  /** Reads 11-р сар 22 19:56: a name that begins with a number. */
  private int numberedMonthFirst(Words d, int word) {
    if (word + 2 >= d.words || d.isNumber(word) || !readName(d, word)) {
      return 0;
    }
    int rest = dayAndEnd(d, word + wordsOfName);
    return rest == 0 ? 0 : rest + wordsOfName;
  }

  /** Reads 11 22 19:56, where the sign behind the month is missing; only if nothing else is a date. */
  int readBareNumbers(Words d, int word) {
    if (word + 3 >= d.words || !d.isNumber(word) || !d.isNumber(word + 1) || d.length(word) > 2 || d.length(word + 1) > 2) {
      return 0;
    }
    clear();
    if (!time.read(d.line, d.from[word + 2], d.to[word + 2])) {
      return 0;
    }
    int first = (int) d.number(word);
    day = (int) d.number(word + 1);
    month = day > 12 && first <= 12 ? first : 0; // else which of them is the day is not known
    return 3;
  }

  private boolean isDay(Words d, int word) {
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

  /** Reads a year or a time, with AM or PM behind it; the number of words. */
  private int yearOrTime(Words d, int word) {
    int from = d.from[word];
    int to = d.to[word];
    boolean dotted = to - from == 5 && d.line[to - 1] == '.';
    if (to - from == 4 || dotted) {
      int number = ByteScanner.small(d.line, from, from + 4);
      if (number >= 0) {
        year = Math.max(number, 1);
        padding = from - d.to[word - 1] == 1 ? ListingContext.YEAR_LAST : -1;
        return 1;
      }
    }
    if (to - from == 2 && d.isNumber(word) && timeBehind(d, word + 1) == 2) { // 99 8:45 pm of NetWare
      year = NumericDate.fullYear((int) d.number(word), 2);
      return 3;
    }
    if (time.read(d.line, from, to)) {
      boolean half = d.is(word + 1, "AM") || d.is(word + 1, "PM");
      return half && word + 2 < d.words ? time.behind(d, word) : 1;
    }
    return time.readWithDot(d.line, from, to) ? 1 : 0;
  }

  private static int fourDigits(Words d, int word) {
    return d.length(word) == 4 ? ByteScanner.small(d.line, d.from[word], d.to[word]) : -1;
  }

  private int numeric(Words d, int word) {
    byte[] line = d.line;
    int from = d.from[word];
    int to = d.to[word];
    if (to - from > 11 && line[from + 10] == 'T' && date(line, from, from + 10, NumericDate.Order.LEARNT)) {
      return time.readWithOffset(line, from + 11, to) ? 1 : 0;
    }
    if (dayMonthYear(line, from, to) || date(line, from, to, NumericDate.Order.LEARNT)) {
      int words = 1 + timeBehind(d, word + 1);
      padding = words == 1 ? ListingContext.ISO_DAY : -1;
      return words;
    }
    if (to - from == 5 && line[from + 2] == '-' && word + 1 < d.words) { // 11-22 19:56 of ls --time-style=iso
      return twoNumbers(d, word, '-') && time.read(line, d.from[word + 1], d.to[word + 1]) ? 2 : 0;
    }
    if (to - from >= 4 && to - from <= 6 && line[to - 1] == '.' && word + 1 < d.words && twoNumbers(d, word, '.')) {
      int first = month; // 22.11. 19:56
      month = day;
      day = first;
      int end = yearOrTime(d, word + 1);
      return end == 0 ? 0 : 1 + end;
    }
    return 0;
  }

  private boolean twoNumbers(Words d, int word, char sign) {
    int at = ByteScanner.indexOf(d.line, d.from[word], d.to[word], sign);
    int to = d.line[d.to[word] - 1] == '.' ? d.to[word] - 1 : d.to[word];
    month = at < 0 ? -1 : ByteScanner.small(d.line, d.from[word], at);
    day = at < 0 ? -1 : ByteScanner.small(d.line, at + 1, to);
    return month >= 0 && day >= 0;
  }

  /** Reads three numbers with the same sign between them, as 2025-11-22, 11/22/25 or 22.11.2025. */
  boolean date(byte[] line, int from, int to, NumericDate.Order order) {
    if (!numbers.read(line, from, to, order)) {
      return false;
    }
    clear();
    numeric = true;
    return true;
  }

  /** Reads 22-NOV-2025. */
  boolean dayMonthYear(byte[] line, int from, int to) {
    int first = ByteScanner.skipDigits(line, from, Math.min(to, from + 2));
    if (first == from || first + 5 >= to || line[first] != '-' || ByteScanner.isDigit(line[first + 1])) {
      return false;
    }
    int second = ByteScanner.indexOf(line, first + 1, Math.min(to, first + 12), '-');
    if (second < 0 || to - second > 5 || to - second < 3 || !ByteScanner.isNumber(line, second + 1, to)) {
      return false;
    }
    clear();
    readNameBetween(line, first + 1, second);
    setDayAndYear(line, from, first, second + 1, to);
    return true;
  }

  /** Reads Nov-22-2025. */
  boolean monthDayYear(byte[] line, int from, int to) {
    int first = ByteScanner.indexOf(line, from, Math.min(to, from + 4), '-');
    int second = first < 0 ? -1 : ByteScanner.indexOf(line, first + 1, Math.min(to, first + 4), '-');
    if (second < 0 || Months.english(line, from, first) == 0 || !ByteScanner.isNumber(line, first + 1, second)
        || !ByteScanner.isNumber(line, second + 1, to) || to - second > 5) {
      return false;
    }
    clear();
    readNameBetween(line, from, first);
    setDayAndYear(line, first + 1, second, second + 1, to);
    return true;
  }

  private void readNameBetween(byte[] line, int from, int to) {
    month = Months.english(line, from, to);
    english = month != 0;
    names = english ? Months.NONE : Months.find(line, from, to);
  }

  private void setDayAndYear(byte[] line, int dayFrom, int dayTo, int yearFrom, int yearTo) {
    day = ByteScanner.small(line, dayFrom, dayTo);
    year = NumericDate.fullYear(ByteScanner.small(line, yearFrom, yearTo), yearTo - yearFrom);
  }

  /** Reads 11月 22日 19:56 and its kin. */
  private int withSigns(Words d, int word) {
    clear();
    int words = signs.read(d, word, time);
    if (words == 0) {
      return 0;
    }
    year = signs.year;
    month = signs.month;
    day = signs.day;
    return words + (year != 0 && !hasTime() ? timeBehind(d, word + words) : 0);
  }
}
