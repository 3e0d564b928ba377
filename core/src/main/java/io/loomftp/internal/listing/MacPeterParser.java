package io.loomftp.internal.listing;

import io.loomftp.EntryType;
import io.loomftp.internal.text.NameCodec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads the listings of Peter Lewis' servers for the Macintosh (NetPresenz and its kin). A file has the sizes of its
 * resource fork, its data fork and of both; the data fork is what a transfer brings. A folder has the number of its items.
 *
 * <pre>
 * drwxrwxr-x               folder        2 May 10  1996 network
 * -------r--         326  1391972  1392298 Nov 22  1995 MegaPhone.sit
 * </pre>
 */
final class MacPeterParser implements LineParser {
  @Override
  public LineMatch read(EntryBuilder d) {
    byte[] line = d.line;
    if (line.length < 20 || (line[0] != '-' && line[0] != 'd') || !ByteScanner.isBlank(line[10])) {
      return LineMatch.FOREIGN;
    }
    for (int i = 1; i < 10; i++) {
      if (line[i] != "rwx".charAt((i - 1) % 3) && line[i] != '-') {
        return LineMatch.FOREIGN;
      }
    }
    d.split(10);
    boolean folder = d.is(0, "folder") && d.isNumber(1);
    if (folder != (line[0] == 'd') || (!folder && !sums(d))) {
      return LineMatch.FOREIGN;
    }
    int date = folder ? 2 : 3;
    int words = date < d.words ? d.dates.readAny(d, date) : 0;
    int name = words == 0 ? line.length : d.to[date + words - 1] + 1;
    if (name >= line.length) {
      return LineMatch.FOREIGN;
    }
    d.dates.set();
    d.type = folder ? EntryType.DIRECTORY : EntryType.FILE;
    d.size = folder ? -1 : d.number(1);
    d.permissions(1, 10);
    d.name(name, line.length);
    d.recogniseDots();
    return folder ? LineMatch.CERTAIN : LineMatch.LIKELY;
  }

  /** Whether three numbers follow the permissions, and the third is the sum of the others. */
  static boolean sums(EntryBuilder d) {
    if (d.words < 5 || !d.isNumber(0) || !d.isNumber(1) || !d.isNumber(2) || d.isNumber(3)) {
      return false;
    }
    long resource = d.number(0);
    long data = d.number(1);
    return resource >= 0 && data >= 0 && resource + data == d.number(2);
  }

  @Override
  public Map<String, String> facts(byte[] line, NameCodec names) {
    int from = ByteScanner.skipBlanks(line, 10);
    int to = ByteScanner.skipWord(line, from);
    int next = ByteScanner.skipBlanks(line, to);
    int end = ByteScanner.skipWord(line, next);
    if (line[0] == 'd') {
      return Map.of("items", ByteScanner.ascii(line, next, end));
    }
    int total = ByteScanner.skipBlanks(line, end);
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("resource-size", ByteScanner.ascii(line, from, to));
    facts.put("total-size", ByteScanner.ascii(line, total, ByteScanner.skipWord(line, total)));
    return Collections.unmodifiableMap(facts);
  }
}
