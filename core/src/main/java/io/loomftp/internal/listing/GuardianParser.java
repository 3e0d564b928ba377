package io.loomftp.internal.listing;

import io.loomftp.EntryType;
import io.loomftp.internal.text.NameCodec;
import java.util.Map;

/**
 * Reads the listings of the Guardian file system (HP NonStop): name, code of the type, size, date and time, group and user,
 * and who may read, write, execute and purge. There are no folders.
 *
 * <pre>
 * File         Code             EOF  Last Modification    Owner  RWEP
 * ACCOUNTS      101           16354 18-Mar-09 15:09:12 244, 10 "nunu"
 * </pre>
 */
final class GuardianParser implements LineParser {
  private static final int LONGEST_NAME = 8;

  @Override
  public LineMatch read(EntryBuilder d) {
    int words = d.split(0);
    if (words < 5) {
      return LineMatch.FOREIGN;
    }
    if (d.is(0, "File") && d.is(1, "Code") && d.is(2, "EOF")) {
      return LineMatch.HEADER;
    }
    boolean isEntry = isName(d) && d.isNumber(1) && d.isNumber(2) && d.dates.dayMonthYear(d.line, d.from[3], d.to[3])
        && d.dates.timeBehind(d, 4) == 1 && words <= 8;
    if (!isEntry) {
      return LineMatch.FOREIGN;
    }
    d.dates.set();
    d.type = EntryType.FILE;
    d.size = d.number(2);
    if (words > 5 && isQuoted(d, words - 1)) {
      d.permissions(d.from[words - 1] + 1, d.to[words - 1] - 1);
      readOwner(d, d.from[5], d.to[words - 2]);
    }
    d.name(d.from[0], d.to[0]);
    return LineMatch.CERTAIN;
  }

  /** Reads 155,106 or 244, 10: the group and the user. */
  private static void readOwner(EntryBuilder d, int from, int to) {
    int comma = ByteScanner.indexOf(d.line, from, to, ',');
    int user = comma < 0 ? to : ByteScanner.skipBlanks(d.line, comma + 1);
    if (user < to) {
      d.group(from, comma);
      d.owner(user, to);
    }
  }

  private static boolean isName(EntryBuilder d) {
    if (d.length(0) > LONGEST_NAME || ByteScanner.isDigit(d.line[d.from[0]])) {
      return false;
    }
    for (int i = d.from[0]; i < d.to[0]; i++) {
      byte b = d.line[i];
      if ((b < 'A' || b > 'Z') && (b < 'a' || b > 'z') && !ByteScanner.isDigit(b)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isQuoted(EntryBuilder d, int word) {
    return d.length(word) == 6 && d.line[d.from[word]] == '"' && d.line[d.to[word] - 1] == '"';
  }

  @Override
  public Map<String, String> facts(byte[] line, NameCodec names) {
    return Map.of("code", ByteScanner.words(line)[1]);
  }
}
