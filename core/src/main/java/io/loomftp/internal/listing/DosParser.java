package io.loomftp.internal.listing;

import io.loomftp.EntryType;

/**
 * Reads what {@code dir} prints on Windows, as IIS and many small servers send it:
 *
 * <pre>
 * 11-22-25  07:56PM       &lt;DIR&gt;          reports
 * 11-22-2025  19:56              1024 notes.txt
 * 2025-11-22  19:56       &lt;JUNCTION&gt;     old
 * |       |          |    |             |
 * 0       8         17   24            39
 * </pre>
 *
 * <p>IIS aligns: the size ends in column 38, a mark such as {@code <DIR>} takes 15 columns, the name begins there, and further
 * blanks belong to the name. Where a server aligns otherwise, blanks before the name are not the name's.
 */
final class DosParser implements LineParser {
  private static final int END_OF_SIZE = 38;
  private static final int TIME_TO_SIZE = 21; // with a date of eight and a time of seven characters, or ten and five
  private static final int MARK_TO_NAME = 15;

  @Override
  public LineMatch read(EntryBuilder d) {
    byte[] line = d.line;
    int at = ByteScanner.skipBlanks(line, 0);
    if (at + 8 >= line.length || !ByteScanner.isDigit(line[at])) {
      return LineMatch.FOREIGN;
    }
    int date = ByteScanner.skipWord(line, at);
    if (!d.dates.date(line, at, date, NumericDate.Order.LEARNT)) {
      return LineMatch.FOREIGN;
    }
    d.split(date);
    int time = d.dates.timeBehind(d, 0);
    if (time == 0 || time + 1 >= d.words) {
      return LineMatch.FOREIGN;
    }
    int kind = d.from[time];
    int end = d.to[time];
    int name;
    if (line[kind] == '<') {
      d.type = type(d, time);
      name = Math.min(ByteScanner.skipBlanks(line, end), Math.max(kind + MARK_TO_NAME, end + 1));
    } else {
      int words = sizeWords(d, time, at);
      if (words == 0 || time + words >= d.words) {
        return LineMatch.FOREIGN;
      }
      d.type = EntryType.FILE;
      end = d.to[time + words - 1];
      name = isEndOfSize(d, time, at, end) ? end + 1 : ByteScanner.skipBlanks(line, end);
    }
    d.dates.set();
    d.name(name, line.length);
    nameOfLink(d);
    if (d.type == EntryType.DIRECTORY) {
      d.recogniseDots();
    }
    return LineMatch.CERTAIN;
  }

  private static EntryType type(EntryBuilder d, int word) {
    if (d.is(word, "<DIR>")) {
      return EntryType.DIRECTORY;
    }
    return d.is(word, "<JUNCTION>") || d.is(word, "<SYMLINKD>") || d.is(word, "<SYMLINK>")
        ? EntryType.LINK
        : EntryType.UNKNOWN;
  }

  /** Whether the size ends where IIS ends it. */
  private static boolean isEndOfSize(EntryBuilder d, int time, int at, int end) {
    return end - at == END_OF_SIZE || end == d.to[time - 1] + TIME_TO_SIZE;
  }

  /**
   * Reads 1024, 1,024 or 1 024; the number of words, 0 where there is no size. Groups of digits with blanks are a size only if
   * they end where sizes end; elsewhere the second may be the beginning of the name, so the line is not understood.
   */
  private static int sizeWords(EntryBuilder d, int word, int at) {
    if (!isSize(d, word)) {
      return 0;
    }
    int last = word;
    while (last + 1 < d.words && d.from[last + 1] == d.to[last] + 1 && isGroup(d, last + 1)) {
      last++;
    }
    if (last == word || d.length(word) > 3 || isEndOfSize(d, word, at, d.to[word])) {
      return 1;
    }
    for (int i = word + 1; i <= last; i++) {
      d.size = d.size * 1000 + ByteScanner.number(d.line, d.from[i], d.to[i]);
      if (isEndOfSize(d, word, at, d.to[i])) {
        return i - word + 1;
      }
    }
    return 0;
  }

  private static boolean isGroup(EntryBuilder d, int word) {
    return d.length(word) == 3 && ByteScanner.isNumber(d.line, d.from[word], d.to[word]);
  }

  /** Reads 1024 or 1,024. */
  private static boolean isSize(EntryBuilder d, int word) {
    long size = 0;
    for (int i = d.from[word]; i < d.to[word]; i++) {
      byte b = d.line[i];
      if (ByteScanner.isDigit(b)) {
        if (size > (Long.MAX_VALUE - 9) / 10) {
          size = -1;
          break;
        }
        size = size * 10 + b - '0';
      } else if (b != ',' || i == d.from[word]) {
        return false;
      }
    }
    d.size = size;
    return ByteScanner.isDigit(d.line[d.to[word] - 1]);
  }

  /** A junction has its target in brackets behind the name. */
  private static void nameOfLink(EntryBuilder d) {
    byte[] line = d.line;
    int last = line.length - 1;
    if (d.type == EntryType.LINK && line[last] == ']') {
      for (int i = last - 1; i > d.nameFrom + 1; i--) {
        if (line[i] == '[' && line[i - 1] == ' ') {
          d.link(i + 1, last);
          d.name(d.nameFrom, i - 1);
          return;
        }
      }
    }
  }
}
