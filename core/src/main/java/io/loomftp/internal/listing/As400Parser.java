package io.loomftp.internal.listing;

import io.loomftp.EntryType;
import io.loomftp.internal.text.NameCodec;
import java.util.Map;

/**
 * Reads the listings of OS/400 (IBM i): owner, size, date and time, the type of the object, its name. Members of a file
 * have neither size nor date; folders end in a slash.
 *
 * <pre>
 * QSYS            77824 12/25/97 15:07:03 *DIR       QOpenSys/
 * PEP             36864 04/03/24 14:06:34 *STMF      read me.txt
 * ALICE                                   *MEM       ORDERS.FILE/JANUARY.MBR
 * |                                       |          |
 * 0                                       40         51
 * </pre>
 *
 * <p>The name begins 11 columns behind the type, and what blanks follow are the name's. Dates are in the order of the
 * server's job: year first unless the numbers or the signs between them tell otherwise.
 */
final class As400Parser implements LineParser {
  private static final int TYPE_TO_NAME = 11;
  private static final int TYPE_AT_MOST = 7; // words before the type

  @Override
  public LineMatch read(EntryBuilder d) {
    byte[] line = d.line;
    int words = d.split(0);
    int type = 0;
    while (type < words && type < TYPE_AT_MOST && !isType(d, type)) {
      type++;
    }
    if (type >= words || type >= TYPE_AT_MOST || d.to[type] + 1 >= line.length) {
      return LineMatch.FOREIGN;
    }
    if (type > 0 && !columns(d, type)) {
      return LineMatch.FOREIGN;
    }
    int name = ByteScanner.skipBlanks(line, d.to[type]);
    int column = d.from[type] + TYPE_TO_NAME;
    if (name > column && column < line.length) {
      name = column;
    }
    if (name >= line.length) {
      return LineMatch.FOREIGN;
    }
    boolean slash = line[line.length - 1] == '/' && line.length - name > 1;
    d.type = type(d, type, name);
    d.name(name, slash ? line.length - 1 : line.length);
    if (d.type == EntryType.DIRECTORY) {
      d.recogniseDots();
    }
    return type == 0 ? LineMatch.WITHIN : LineMatch.CERTAIN;
  }

  /** Reads owner, size, date and time, of which all but the owner may be missing. */
  private static boolean columns(EntryBuilder d, int type) {
    int word = 0;
    boolean ownerless = d.isNumber(0) && type >= 3 && isDate(d, 1);
    if (!ownerless) {
      d.owner(d.from[0], d.to[0]);
      word = 1;
    }
    if (word < type && d.isNumber(word)) {
      d.size = d.number(word);
      word++;
    }
    if (word < type && isDate(d, word)) {
      word += 1 + d.dates.timeBehind(d, word + 1);
      d.dates.set();
    }
    return word >= type || type == 4; // four words of which the date is broken are still those four
  }

  private static boolean isDate(EntryBuilder d, int word) {
    return d.dates.date(d.line, d.from[word], d.to[word], NumericDate.Order.LEARNT);
  }

  private static boolean isType(EntryBuilder d, int word) {
    int length = d.to[word] - d.from[word];
    if (length < 3 || length > 11 || d.line[d.from[word]] != '*') {
      return false;
    }
    for (int i = d.from[word] + 1; i < d.to[word]; i++) {
      byte b = d.line[i];
      if ((b < 'A' || b > 'Z') && !ByteScanner.isDigit(b)) {
        return false;
      }
    }
    return true;
  }

  private static EntryType type(EntryBuilder d, int word, int name) {
    if (d.is(word, "*DIR") || d.is(word, "*DDIR") || d.is(word, "*LIB") || d.is(word, "*FLR")) {
      return EntryType.DIRECTORY;
    }
    if (d.is(word, "*FILE")) { // a database file holds members, a save file bytes
      return d.line.length - name > 5 && ByteScanner.startsWith(d.line, d.line.length - 5, ".SAVF")
          ? EntryType.FILE
          : EntryType.DIRECTORY;
    }
    if (d.is(word, "*STMF") || d.is(word, "*DSTMF") || d.is(word, "*MEM") || d.is(word, "*DOC") || d.is(word, "*SAVF")) {
      return EntryType.FILE;
    }
    return d.is(word, "*SYMLNK") ? EntryType.LINK : EntryType.OTHER;
  }

  @Override
  public Map<String, String> facts(byte[] line, NameCodec names) {
    int star = 0;
    while (star < line.length && !(line[star] == '*' && (star == 0 || ByteScanner.isBlank(line[star - 1])))) {
      star++;
    }
    return Map.of("object-type", ByteScanner.ascii(line, star, ByteScanner.skipWord(line, star)));
  }
}
