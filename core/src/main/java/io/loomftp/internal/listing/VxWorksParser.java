package io.loomftp.internal.listing;

import io.loomftp.EntryType;

/**
 * Reads the listings of VxWorks, the system of many devices: size, date, time, name, and a mark behind folders.
 *
 * <pre>
 *   size          date       time       name
 * --------       ------     ------    --------
 *      512    Jan-01-1980  00:00:00   logs              &lt;DIR&gt;
 *     6775    Jan-01-1980  00:00:00   boot.tcl
 * </pre>
 */
final class VxWorksParser implements LineParser {
  private static final int MARK = 5;

  @Override
  public LineMatch read(EntryBuilder d) {
    int words = d.split(0);
    if (words < 4) {
      return LineMatch.FOREIGN;
    }
    if (words == 4 && isHeading(d)) {
      return LineMatch.HEADER;
    }
    if (words == 4 && isRuler(d)) {
      return LineMatch.NOISE;
    }
    if (!d.isNumber(0) || !d.dates.monthDayYear(d.line, d.from[1], d.to[1]) || d.dates.timeBehind(d, 2) != 1) {
      return LineMatch.FOREIGN;
    }
    int end = withoutBlanks(d.line, d.line.length);
    boolean folder = endsWithMark(d.line, d.from[3], end);
    d.dates.set();
    d.type = folder ? EntryType.DIRECTORY : EntryType.FILE;
    d.size = folder ? -1 : d.number(0);
    d.name(d.from[3], folder ? withoutBlanks(d.line, end - MARK) : end);
    if (folder) {
      d.recogniseDots();
    }
    return LineMatch.CERTAIN;
  }

  private static boolean isHeading(EntryBuilder d) {
    return d.is(0, "size") && d.is(1, "date") && d.is(2, "time") && d.is(3, "name");
  }

  private static boolean isRuler(EntryBuilder d) {
    for (int i = d.from[0]; i < d.to[3]; i++) {
      if (d.line[i] != '-' && d.line[i] != ' ') {
        return false;
      }
    }
    return true;
  }

  private static int withoutBlanks(byte[] line, int to) {
    int end = to;
    while (end > 0 && line[end - 1] == ' ') {
      end--;
    }
    return end;
  }

  private static boolean endsWithMark(byte[] line, int from, int end) {
    int mark = end - MARK;
    return mark - 1 > from && line[mark - 1] == ' ' && ByteScanner.same(line, mark, end, "<DIR>");
  }
}
