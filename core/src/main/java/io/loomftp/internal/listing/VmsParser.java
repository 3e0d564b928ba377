package io.loomftp.internal.listing;

import io.loomftp.EntryType;
import io.loomftp.internal.text.NameCodec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads what DIRECTORY prints on OpenVMS. Every name has a version; sizes are in blocks, used and allocated. A long name
 * has a line of its own, and the rest follows on the next: the reader joins the two. The columns come in any order. The name
 * of a folder is given without {@code .DIR;1}, as commands take it.
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
    int extension = version - ".DIR;".length();
    boolean folder = extension > 0 && ByteScanner.startsWith(line, extension, ".DIR;");
    d.type = folder ? EntryType.DIRECTORY : EntryType.FILE;
    d.name(0, folder ? extension : end);
    d.split(end);
    if (d.words == 0 || line[d.from[0]] == '%' || (d.words == 1 && isBlocks(line, d.from[0], d.to[0]))) {
      return LineMatch.LIKELY;
    }
    boolean dated = false;
    for (int i = 0; i < d.words; i++) {
      if (!dated && d.dates.dayMonthYear(line, d.from[i], d.to[i])) {
        dated = true;
        d.dates.timeBehind(d, i + 1);
        d.dates.set();
      } else {
        protection(d, i);
      }
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

  /** Reads 9 and 9/12. */
  private static boolean isBlocks(byte[] line, int from, int to) {
    int slash = ByteScanner.indexOf(line, from, to, '/');
    return slash < 0
        ? ByteScanner.isNumber(line, from, to)
        : ByteScanner.isNumber(line, from, slash) && ByteScanner.isNumber(line, slash + 1, to);
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

  /** Whether the line is what follows a name on a line of its own, though no blank begins it. */
  static boolean isRest(byte[] line) {
    Words words = new Words();
    words.line = line;
    words.split(0);
    if (version(line, words.to[0]) > 0) {
      return false;
    }
    for (int i = 0; i < words.words; i++) {
      int dash = ByteScanner.indexOf(line, words.from[i], words.to[i], '-');
      boolean date = dash > 0 && dash - words.from[i] <= 2 && ByteScanner.isNumber(line, words.from[i], dash)
          && words.to[i] - dash > 5 && line[dash + 4] == '-';
      if (date) {
        return true;
      }
    }
    return false;
  }

  @Override
  public Map<String, String> facts(byte[] line, NameCodec names) {
    Map<String, String> facts = new LinkedHashMap<>();
    int end = ByteScanner.skipWord(line, 0);
    facts.put("version", ByteScanner.ascii(line, version(line, end), end));
    int from = ByteScanner.skipBlanks(line, end);
    while (from < line.length && line[from] != '%') {
      int to = ByteScanner.skipWord(line, from);
      if (isBlocks(line, from, to)) {
        int slash = ByteScanner.indexOf(line, from, to, '/');
        facts.put("blocks", ByteScanner.ascii(line, from, slash < 0 ? to : slash));
        if (slash > 0) {
          facts.put("allocated", ByteScanner.ascii(line, slash + 1, to));
        }
        break;
      }
      if (to - from > 2 && ByteScanner.isDigit(line[from]) && ByteScanner.lower(line[to - 1]) == 'b') {
        facts.put("size", ByteScanner.ascii(line, from, to)); // 2KB: rounded
        break;
      }
      from = ByteScanner.skipBlanks(line, to);
    }
    return Collections.unmodifiableMap(facts);
  }
}
