package io.loomftp.internal.listing;

import io.loomftp.EntryType;

/**
 * Reads the listings of Novell NetWare: the rights of the trustee stand in brackets, and blanks before the name are not
 * the name's.
 *
 * <pre>
 * d [R----F--] supervisor            512       Jan 16 18:53    login
 * - [RWCEAFMS] rhesus             214059       Oct 20 15:27    cx.exe
 * </pre>
 */
final class NetwareParser implements LineParser {
  private static final int MOST_WORDS_OF_OWNER = 12;

  @Override
  public LineMatch read(EntryBuilder d) {
    byte[] line = d.line;
    if (line.length < 5 || (line[0] != '-' && line[0] != 'd') || (!ByteScanner.isBlank(line[1]) && line[1] != '[')) {
      return LineMatch.FOREIGN;
    }
    int open = ByteScanner.skipBlanks(line, 1);
    int close = ByteScanner.indexOf(line, open, Math.min(line.length, open + 20), ']');
    if (open >= line.length || line[open] != '[' || close < 0 || !areRights(line, open + 1, close)) {
      return LineMatch.FOREIGN;
    }
    d.split(close + 1);
    int last = Math.min(d.words, MOST_WORDS_OF_OWNER + 2);
    for (int i = 1; i < last; i++) {
      int words = d.isNumber(i - 1) ? d.dates.readAny(d, i) : 0;
      if (words > 0 && i + words < d.words) {
        d.dates.set();
        d.type = line[0] == 'd' ? EntryType.DIRECTORY : EntryType.FILE;
        d.size = d.number(i - 1);
        d.permissions(open + 1, close);
        if (i > 1) {
          d.owner(d.from[0], d.to[i - 2]);
        }
        d.name(d.from[i + words], line.length);
        d.recogniseDots();
        return LineMatch.CERTAIN;
      }
    }
    return LineMatch.FOREIGN;
  }

  private static boolean areRights(byte[] line, int from, int to) {
    for (int i = from; i < to; i++) {
      if ((line[i] < 'A' || line[i] > 'Z') && line[i] != '-' && line[i] != ' ') {
        return false;
      }
    }
    return to > from;
  }
}
