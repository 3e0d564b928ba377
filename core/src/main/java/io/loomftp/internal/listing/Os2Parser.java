package io.loomftp.internal.listing;

import io.loomftp.EntryType;
import io.loomftp.internal.text.NameCodec;
import java.util.Map;

/**
 * Reads what {@code dir} prints on OS/2: the size first, then attributes or DIR, date and time, two blanks, the name.
 *
 * <pre>
 *                  0           DIR   12-26-94  23:46  BIN
 *              73098      A          04-09-97  15:58  NSLOOKUP.EXE
 * </pre>
 */
final class Os2Parser implements LineParser {
  @Override
  public LineMatch read(EntryBuilder d) {
    byte[] line = d.line;
    if (d.split(0) < 4 || !d.isNumber(0)) {
      return LineMatch.FOREIGN;
    }
    int word = 1;
    boolean folder = false;
    while (word < 3 && isAttributes(d, word)) {
      folder |= d.is(word, "DIR");
      word++;
    }
    if (word + 2 >= d.words || !d.dates.date(line, d.from[word], d.to[word], NumericDate.Order.MONTH_FIRST)) {
      return LineMatch.FOREIGN;
    }
    if (d.dates.timeBehind(d, word + 1) != 1) {
      return LineMatch.FOREIGN;
    }
    d.dates.set();
    d.type = folder ? EntryType.DIRECTORY : EntryType.FILE;
    d.size = folder ? -1 : d.number(0);
    int name = d.to[word + 1];
    name += name + 2 < line.length && ByteScanner.isBlank(line[name + 1]) ? 2 : 1;
    d.name(name, line.length);
    if (folder) {
      d.recogniseDots();
    }
    return LineMatch.CERTAIN;
  }

  private static boolean isAttributes(EntryBuilder d, int word) {
    if (d.is(word, "DIR")) {
      return true;
    }
    for (int i = d.from[word]; i < d.to[word]; i++) {
      switch (d.line[i]) {
        case 'A', 'H', 'R', 'S' -> {}
        default -> {
          return false;
        }
      }
    }
    return true;
  }

  @Override
  public Map<String, String> facts(byte[] line, NameCodec names) {
    int from = ByteScanner.skipBlanks(line, ByteScanner.skipWord(line, ByteScanner.skipBlanks(line, 0)));
    int to = ByteScanner.skipWord(line, from);
    return ByteScanner.isDigit(line[from]) || ByteScanner.same(line, from, to, "DIR")
        ? Map.of()
        : Map.of("attributes", ByteScanner.ascii(line, from, to));
  }
}
