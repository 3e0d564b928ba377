package io.loomftp.internal.listing;

import io.loomftp.EntryType;
import io.loomftp.internal.text.NameCodec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the listings of CMS, the system of z/VM: file name and file type, which commands take as {@code name.type}, the
 * format of the records, their length and number, the number of blocks, date and time, and the owner. FILELIST has a heading
 * and a file mode behind the type, and no owner.
 *
 * <pre>
 * README   ANONYMOU V         71         26          1 1997-04-02 12:33:20 TCP291
 * PROFILE  EXEC     F         80         12          1  6/26/02  9:33:21 -
 * WEBSHARE          DIR        -          -          -  5/30/97 18:44:17 -
 *
 * Filename FileType  Fm Format Lrecl  Records Blocks Date      Time
 * LASTING  GLOBALV   A1 V      41     21     1       9/16/91   15:10:32
 * </pre>
 *
 * <p>The size is known of records of fixed length only.
 */
final class CmsParser implements LineParser {
  private static final int LONGEST_NAME = 8;

  @Override
  public LineMatch read(EntryBuilder d) {
    int words = d.split(0);
    if (d.is(0, "Filename") && d.is(1, "FileType")) {
      return LineMatch.HEADER;
    }
    int format = format(d);
    if (format < 0 || words < format + 6 || words > format + 7) {
      return LineMatch.FOREIGN;
    }
    int date = format + 4;
    if (!ByteScanner.isDigit(d.line[d.from[date]]) || !ByteScanner.isDigit(d.line[d.from[date + 1]])) {
      return LineMatch.FOREIGN;
    }
    boolean dated = d.dates.date(d.line, d.from[date], d.to[date], NumericDate.Order.MONTH_FIRST);
    if (dated && d.dates.timeBehind(d, date + 1) == 1) {
      d.dates.set();
    }
    boolean folder = d.is(format, "DIR");
    d.type = folder ? EntryType.DIRECTORY : EntryType.FILE;
    d.size = d.is(format, "F") ? product(d.number(format + 1), d.number(format + 2)) : -1;
    d.name(d.from[0], folder ? d.to[0] : d.to[1]);
    int owner = format + 6;
    if (owner < words && !d.is(owner, "-")) {
      d.owner(d.from[owner], d.to[owner]);
    }
    return LineMatch.CERTAIN;
  }

  /** The word with the format of the records; -1 where none stands in its place. */
  private static int format(Words d) {
    for (int i = 1; i <= 3 && i + 5 < d.words; i++) {
      boolean file = i > 1 && (d.is(i, "F") || d.is(i, "V")) && d.isNumber(i + 1) && d.isNumber(i + 2) && d.isNumber(i + 3);
      boolean folder = d.is(i, "DIR") && d.is(i + 1, "-") && d.is(i + 2, "-") && d.is(i + 3, "-");
      int names = folder ? 1 : 2;
      if ((file || folder) && (i == names || (i == names + 1 && isFileMode(d, i - 1))) && areNames(d, names)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean areNames(Words d, int names) {
    return names == 1 || (d.length(0) <= LONGEST_NAME && d.length(1) <= LONGEST_NAME);
  }

  /** A letter and a digit, as A1. */
  private static boolean isFileMode(Words d, int word) {
    byte letter = d.line[d.from[word]];
    return d.length(word) == 2 && letter >= 'A' && letter <= 'Z' && ByteScanner.isDigit(d.line[d.to[word] - 1]);
  }

  private static long product(long length, long records) {
    return length < 0 || records < 0 || (length > 0 && records > Long.MAX_VALUE / length) ? -1 : length * records;
  }

  /** The name of a file and its type, joined by a dot. */
  @Override
  public byte @Nullable [] joinedName(byte[] line, int from, int to) {
    int end = ByteScanner.skipWord(line, from);
    if (end >= to) {
      return null; // a folder has no type
    }
    int type = ByteScanner.skipBlanks(line, end);
    byte[] name = new byte[end - from + 1 + to - type];
    System.arraycopy(line, from, name, 0, end - from);
    name[end - from] = '.';
    System.arraycopy(line, type, name, end - from + 1, to - type);
    return name;
  }

  @Override
  public Map<String, String> facts(byte[] line, NameCodec names) {
    Words words = new Words();
    words.line = line;
    words.split(0);
    int format = format(words);
    if (words.is(format, "DIR")) {
      return Map.of();
    }
    Map<String, String> facts = new LinkedHashMap<>();
    String[] columns = {"recfm", "lrecl", "records", "blocks"};
    for (int i = 0; i < columns.length; i++) {
      facts.put(columns[i], ByteScanner.ascii(line, words.from[format + i], words.to[format + i]));
    }
    return Collections.unmodifiableMap(facts);
  }
}
