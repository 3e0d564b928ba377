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
 * <p>IIS aligns: the size ends 21 columns behind the time, the name begins after one more blank, and what blanks follow
 * are the name's. Where a server aligns otherwise, blanks before the name are not the name's.
 */
final class DosParser implements LineParser {
  private static final int TIME_TO_SIZE = 21;

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
    int column = d.to[time - 1] + TIME_TO_SIZE;
    if (line[kind] == '<') {
      column = Math.max(column, end);
      d.type = type(d, time);
    } else if (isSize(d, time)) {
      d.type = EntryType.FILE;
    } else {
      return LineMatch.FOREIGN;
    }
    int name = ByteScanner.skipBlanks(line, end);
    boolean aligned = line[kind] == '<' ? name > column : end == column;
    if (aligned && column + 1 < line.length) {
      name = column + 1;
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
