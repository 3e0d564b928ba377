package io.loomftp.internal.listing;

import io.loomftp.EntryType;
import io.loomftp.ModifiedTime.Precision;
import io.loomftp.ModifiedTime.Source;
import io.loomftp.internal.text.NameCodec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Reads EPLF, the easily parsed listing of publicfile and anonftpd: facts with commas behind them, a tab, the name.
 *
 * <pre>
 * +i8388621.48594,m825718503,r,s280,up644,&lt;tab&gt;djb.html
 * +i8388621.50690,m824255907,/,&lt;tab&gt;514
 * </pre>
 *
 * <p>A slash is a folder, r a file that can be read, m the time in seconds since 1970, s the size, up the mode, i a
 * unique identification.
 */
final class EplfParser implements LineParser {
  @Override
  public LineMatch read(EntryBuilder d) {
    byte[] line = d.line;
    if (line.length < 3 || line[0] != '+') {
      return LineMatch.FOREIGN;
    }
    int tab = ByteScanner.indexOf(line, 1, line.length, '\t');
    if (tab < 0 || tab + 1 >= line.length) {
      return LineMatch.FOREIGN;
    }
    for (int at = 1; at < tab;) {
      int comma = ByteScanner.indexOf(line, at, tab, ',');
      int end = comma < 0 ? tab : comma;
      if (ByteScanner.indexOf(line, at, end, ' ') >= 0) {
        return LineMatch.FOREIGN;
      }
      fact(d, at, end);
      at = end + 1;
    }
    d.name(tab + 1, line.length);
    if (d.type == EntryType.DIRECTORY) {
      d.recogniseDots();
    }
    return LineMatch.CERTAIN;
  }

  private static void fact(EntryBuilder d, int from, int to) {
    byte[] line = d.line;
    if (from == to) {
      return;
    }
    switch (line[from]) {
      case '/' -> d.type = EntryType.DIRECTORY;
      case 'r' -> d.type = d.type == EntryType.DIRECTORY ? d.type : EntryType.FILE;
      case 's' -> d.size = ByteScanner.number(line, from + 1, to);
      case 'm' -> {
        long second = ByteScanner.number(line, from + 1, to);
        if (second >= 0 && second <= MdtmReader.LAST_SECOND) {
          d.time.set(second, 0, Precision.SECOND, Source.LIST_ZONED);
        }
      }
      case 'u' -> {
        if (to - from > 2 && line[from + 1] == 'p') {
          d.permissions(from + 2, to);
        }
      }
      default -> {} // a fact of the future is not in the way
    }
  }

  @Override
  public Map<String, String> facts(byte[] line, NameCodec names) {
    Map<String, String> facts = new LinkedHashMap<>();
    int tab = ByteScanner.indexOf(line, 1, line.length, '\t');
    for (int at = 1; at < tab;) {
      int comma = ByteScanner.indexOf(line, at, tab, ',');
      int end = comma < 0 ? tab : comma;
      if (end > at) {
        int value = ByteScanner.startsWith(line, at, "up") ? at + 2 : at + 1;
        String name = ByteScanner.ascii(line, at, value).toLowerCase(Locale.ROOT);
        facts.put(name.equals("i") ? "unique" : name, names.decode(line, value, end - value));
      }
      at = end + 1;
    }
    return Collections.unmodifiableMap(facts);
  }
}
