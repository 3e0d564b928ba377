package io.loomftp.internal.listing;

import io.loomftp.EntryType;
import io.loomftp.internal.text.NameCodec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads what DIRECTORY prints on OpenVMS. Every name has a version; sizes are in blocks, used and allocated. A long name
 * has a line of its own, and the rest follows on the next, which begins with blanks: the reader joins the two.
 *
 * <pre>
 * Directory DISK$5:[PUPS]
 *
 * CORE.DIR;1          1/9     8-SEP-1996 06:09  [PUPS,ALICE]     (RWED,RWED,RE,RE)
 * A_NAME_THAT_TAKES_ALL_OF_THE_LINE.TXT;12
 *                   213/216  29-JAN-1996 03:33:12.55  [ALICE]  (RWED,RWED,,)
 * SECRET.TXT;3     %RMS-E-PRV, insufficient privilege or file protection violation
 *
 * Total of 3 files, 214/225 blocks.
 * </pre>
 */
final class VmsParser implements LineParser {
  @Override
  public LineMatch read(EntryBuilder d) {
    byte[] line = d.line;
    int end = ByteScanner.skipWord(line, 0);
    int version = version(line, end);
    if (version < 0) {
      return frame(line);
    }
    d.name(0, end);
    d.type = ByteScanner.startsWith(line, Math.max(0, version - 5), ".DIR;") ? EntryType.DIRECTORY : EntryType.FILE;
    d.split(end);
    int word = d.words > 0 && ByteScanner.isDigit(line[d.from[0]]) && isBlocks(d) ? 1 : 0;
    if (word >= d.words || line[d.from[word]] == '%') {
      return LineMatch.LIKELY;
    }
    boolean dated = d.dates.dayMonthYear(line, d.from[word], d.to[word]);
    if (dated) {
      word += 1 + d.dates.timeBehind(d, word + 1);
      d.dates.set(d);
    }
    for (int i = word; i < d.words; i++) {
      protection(d, i);
    }
    return dated ? LineMatch.CERTAIN : LineMatch.WITHIN;
  }

  /** The place of the version number in a name that ends here; -1 where it has none. */
  private static int version(byte[] line, int end) {
    int at = end;
    while (at > 0 && ByteScanner.isDigit(line[at - 1])) {
      at--;
    }
    return at < end && at > 1 && end - at <= 5 && line[at - 1] == ';' ? at : -1;
  }

  private static boolean isBlocks(EntryBuilder d) {
    int slash = ByteScanner.indexOf(d.line, d.from[0], d.to[0], '/');
    return slash < 0
        ? d.isNumber(0)
        : ByteScanner.isNumber(d.line, d.from[0], slash) && ByteScanner.isNumber(d.line, slash + 1, d.to[0]);
  }

  private static void protection(EntryBuilder d, int word) {
    byte[] line = d.line;
    int from = d.from[word];
    int to = d.to[word];
    if (to - from < 3) {
      return;
    }
    if (line[from] == '[' && line[to - 1] == ']') {
      int comma = ByteScanner.indexOf(line, from, to, ',');
      if (comma > from + 1) {
        d.group(from + 1, comma);
      }
      d.owner((comma < 0 ? from : comma) + 1, to - 1);
    } else if (line[from] == '(' && line[to - 1] == ')') {
      d.permissions(from + 1, to - 1);
    }
  }

  private static LineMatch frame(byte[] line) {
    if (ByteScanner.startsWith(line, 0, "Directory ") && line[line.length - 1] == ']') {
      return LineMatch.HEADER;
    }
    return ByteScanner.startsWith(line, 0, "Total of ") || ByteScanner.startsWith(line, 0, "Grand total of ")
        ? LineMatch.NOISE
        : LineMatch.FOREIGN;
  }

  /** Whether the line is nothing but a name with its version, so that the rest may follow on the next. */
  static boolean isNameAlone(byte[] line) {
    int end = ByteScanner.skipWord(line, 0);
    return end > 0 && ByteScanner.skipBlanks(line, end) == line.length && version(line, end) > 0;
  }

  @Override
  public Map<String, String> facts(byte[] line, NameCodec names) {
    Map<String, String> facts = new LinkedHashMap<>();
    int end = ByteScanner.skipWord(line, 0);
    facts.put("version", ByteScanner.ascii(line, version(line, end), end));
    int from = ByteScanner.skipBlanks(line, end);
    int to = ByteScanner.skipWord(line, from);
    int slash = ByteScanner.indexOf(line, from, to, '/');
    int used = slash < 0 ? to : slash;
    if (ByteScanner.isNumber(line, from, used)) {
      facts.put("blocks", ByteScanner.ascii(line, from, used));
      if (slash > 0 && ByteScanner.isNumber(line, slash + 1, to)) {
        facts.put("allocated", ByteScanner.ascii(line, slash + 1, to));
      }
    }
    return Collections.unmodifiableMap(facts);
  }
}
