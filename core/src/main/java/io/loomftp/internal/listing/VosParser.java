package io.loomftp.internal.listing;

import io.loomftp.EntryType;
import io.loomftp.internal.text.NameCodec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads the listings of Stratus VOS: the access of this user, blocks of 4,096 bytes, the organization of files, date and time,
 * the name. Blocks are no size in bytes, so they are a fact. Only folders have the access {@code m} (modify) or {@code s}
 * (status); {@code n} and {@code u} do not tell what an entry is.
 *
 * <pre>
 * Files: 2   Blocks: 166
 *
 * w    158 stm       90-05-19 11:53:44  acctng.cobol
 * r      8 seq       04-06-23 09:12:01  master file
 *
 * Dirs: 1
 *
 * m      1           04-06-23 09:12:01  reports
 * </pre>
 */
final class VosParser implements LineParser {
  private static final String ACCESS_TO_FILES = "erw";
  private static final String ACCESS_TO_FOLDERS = "ms";
  private static final String NO_ACCESS = "nu";

  @Override
  public LineMatch read(EntryBuilder d) {
    int words = d.split(0);
    if (words >= 2 && (d.is(0, "Files:") || d.is(0, "Dirs:") || d.is(0, "Links:")) && d.isNumber(1)) {
      return words == 4 && d.is(2, "Blocks:") ? LineMatch.HEADER : LineMatch.NOISE;
    }
    if (words < 5 || d.length(0) != 1 || !d.isNumber(1)) {
      return LineMatch.FOREIGN;
    }
    char access = (char) d.line[d.from[0]];
    int date = d.length(2) == 3 ? 3 : 2;
    if (date + 2 >= words || !isYearFirst(d, date) || d.dates.timeBehind(d, date + 1) != 1) {
      return LineMatch.FOREIGN;
    }
    if (ACCESS_TO_FILES.indexOf(access) >= 0) {
      d.type = EntryType.FILE;
    } else if (ACCESS_TO_FOLDERS.indexOf(access) >= 0) {
      d.type = EntryType.DIRECTORY;
    } else if (NO_ACCESS.indexOf(access) < 0) {
      return LineMatch.FOREIGN;
    }
    d.dates.set();
    d.permissions(d.from[0], d.to[0]);
    d.name(d.from[date + 2], d.line.length);
    return LineMatch.CERTAIN;
  }

  private static boolean isYearFirst(EntryBuilder d, int word) {
    return d.length(word) == 8 && d.line[d.from[word] + 2] == '-'
        && d.dates.date(d.line, d.from[word], d.to[word], NumericDate.Order.YEAR_FIRST);
  }

  @Override
  public Map<String, String> facts(byte[] line, NameCodec names) {
    String[] words = ByteScanner.words(line);
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("blocks", words[1]);
    if (words[2].length() == 3) {
      facts.put("organization", words[2]);
    }
    return Collections.unmodifiableMap(facts);
  }
}
