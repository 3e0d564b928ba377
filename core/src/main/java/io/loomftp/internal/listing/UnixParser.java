package io.loomftp.internal.listing;

import io.loomftp.EntryType;
import io.loomftp.internal.text.NameCodec;
import java.util.BitSet;
import java.util.Map;

/**
 * Reads what {@code ls -l} prints, on every system that has one:
 *
 * <pre>
 * drwxr-xr-x   2 alice    staff        4096 Nov 22 19:56 reports
 * -rw-r--r--+  1 alice    Domain Users  120 22. Nov 2025 notes.txt
 * lrwxrwxrwx   1 0        0               7 Nov 22  2025 latest -&gt; v1.2.3/
 * brw-rw----   1 root     disk       8,   0 2025-11-22 19:56 sda
 * </pre>
 *
 * <p>The date is what divides the line: before it stands the size, one blank behind it begins the name, with all its
 * blanks. Before the size come the count of links, the owner and the group, or fewer of them.
 */
final class UnixParser implements LineParser {
  private static final int WORDS_BEFORE_DATE = 42;
  private static final int MODE = 10;

  @Override
  public LineMatch read(EntryBuilder d) {
    byte[] line = d.line;
    int at = startOfMode(line);
    if (at < 0) {
      return isTotal(d) ? LineMatch.NOISE : LineMatch.FOREIGN;
    }
    int columns = at + (isMode(line, at, MODE) ? MODE : MODE - 1);
    if (columns < line.length && isMark(line[columns])) {
      columns++;
    }
    if (columns >= line.length || (!ByteScanner.isBlank(line[columns]) && !ByteScanner.isDigit(line[columns]))) {
      return LineMatch.FOREIGN;
    }
    d.permissions(at + 1, columns);
    d.type = type(line[at]);
    d.split(columns);
    if (d.is(0, "folder")) {
      return LineMatch.FOREIGN; // a Macintosh: MacPeterParser
    }
    int name = readDate(d);
    if (name <= 0 || name >= line.length) {
      return LineMatch.FOREIGN;
    }
    setName(d, name);
    return MacPeterParser.sums(d) ? LineMatch.LIKELY : LineMatch.CERTAIN;
  }

  /** Where type and permissions stand: at the start, or behind the inode number and block count of {@code ls -lis}. */
  private static int startOfMode(byte[] line) {
    if (isMode(line, 0, MODE)) {
      return 0;
    }
    int at = ByteScanner.skipBlanks(line, 0);
    if (isMode(line, at, MODE) || isShortMode(line, at)) {
      return at;
    }
    for (int numbers = 0; numbers < 2 && at < line.length && ByteScanner.isDigit(line[at]); numbers++) {
      int end = ByteScanner.skipDigits(line, at, line.length);
      at = ByteScanner.skipBlanks(line, end);
      if (at == end) {
        return -1;
      }
      if (isMode(line, at, MODE)) {
        return at;
      }
    }
    return -1;
  }

  /** A letter of the permissions is missing: {@code drw-r--rw   1 ...}. */
  private static boolean isShortMode(byte[] line, int at) {
    return isMode(line, at, MODE - 1) && at + MODE < line.length && ByteScanner.isBlank(line[at + MODE - 1]);
  }

  private static boolean isMode(byte[] line, int at, int length) {
    if (line.length - at < length || !isType(line[at])) {
      return false;
    }
    for (int i = at + 1; i < at + length; i++) {
      switch (line[i]) {
        case 'r', 'w', 'x', '-', 's', 'S', 't', 'T', 'l', 'L', '?' -> {}
        default -> {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean isType(byte b) {
    return switch (b) {
      case '-', 'd', 'l', 'b', 'c', 'p', 's', 'e', 'f', 'D', 'P', 'n', 'C', 'M', 'm', 'w', '?' -> true;
      default -> false;
    };
  }

  private static EntryType type(byte b) {
    return switch (b) {
      case '-', 'f', 'C', 'M', 'm' -> EntryType.FILE; // C contiguous, M and m migrated to tape
      case 'd' -> EntryType.DIRECTORY;
      case 'l', 'e' -> EntryType.LINK; // e external, on z/OS
      case '?' -> EntryType.UNKNOWN;
      default -> EntryType.OTHER; // devices, pipes, sockets, doors, ports, network specials, whiteouts
    };
  }

  /** Access control list, security context, extended attributes. */
  private static boolean isMark(byte b) {
    return b == '+' || b == '.' || b == '@' || b == '*';
  }

  /** Finds the date and reads what stands before it; the place of the name, or 0. */
  private static int readDate(EntryBuilder d) {
    int at = 0;
    int words = 0;
    int last = Math.min(d.words, WORDS_BEFORE_DATE);
    for (int i = 1; i < last; i++) {
      if (endsNumber(d, i - 1)) {
        int found = d.dates.read(d, i);
        if (found > 0) {
          at = i;
          words = found;
          if (i >= 4) {
            break; // before the fourth word, an owner named May may still look like a month
          }
        }
      }
    }
    if (words == 0) {
      return readWithoutKnownDate(d, last);
    }
    if (at < 4) {
      words = d.dates.read(d, at);
    }
    return take(d, at, words);
  }

  /** Takes the date that was read last and what stands before it; the place of the name. */
  private static int take(EntryBuilder d, int date, int words) {
    d.dates.set();
    columns(d, date - 1);
    int name = behind(d, date, words);
    if (d.size >= 0 && !d.context.undecided) {
      d.context.sizeEnd = d.to[date - 1];
      d.context.nameColumn = name;
    }
    return name;
  }

  /** The place of the name: one blank behind the date, or two where the date is padded. */
  private static int behind(EntryBuilder d, int date, int words) {
    int name = d.to[date + words - 1] + 1;
    int form = d.dates.padding();
    if (form < 0 || name + 1 >= d.line.length) {
      return name;
    }
    return d.context.isPadded(form, ByteScanner.isBlank(d.line[name])) ? name + 1 : name;
  }

  private static boolean endsNumber(EntryBuilder d, int word) {
    return ByteScanner.isDigit(d.line[d.to[word] - 1]) && ByteScanner.isDigit(d.line[d.from[word]]);
  }

  /** A month in an unknown language, a size like 4.0K, a date that is none: the name and what else is certain. */
  private static int readWithoutKnownDate(EntryBuilder d, int last) {
    for (boolean anySize = false;; anySize = true) {
      for (int i = 2; i < last; i++) {
        int words = anySize || mayBeSize(d, i - 1) ? d.dates.read(d, i) : 0;
        if (words > 0) {
          return take(d, i, words);
        }
      }
      if (anySize) {
        break;
      }
    }
    for (int i = 2; i < last; i++) {
      int words = endsNumber(d, i - 1) ? d.dates.readUnknownMonth(d, i) : 0;
      words = words == 0 && d.isNumber(i - 1) ? d.dates.readBareNumbers(d, i) : words;
      if (words > 0) {
        d.dates.set();
        columns(d, i - 1);
        return d.to[i + words - 1] + 1;
      }
    }
    if (d.words > 5 && d.is(0, "?") && d.is(1, "?") && d.is(2, "?") && d.is(3, "?") && d.is(4, "?")) {
      d.permissionsTo = 0; // ls could not ask for anything but the name
      return d.to[4] + 1;
    }
    return readByColumns(d, last);
  }

  /** Whether a word may be a size in units, as 4.0K, or a negative one: no number of bytes, but in the place of one. */
  private static boolean mayBeSize(EntryBuilder d, int word) {
    byte first = d.line[d.from[word]];
    return ByteScanner.isDigit(first) || first == '-' || first == '?' || first == '*';
  }

  /** Where the other lines have their sizes and names, if this one can have them there; else only if there is no date at all. */
  private static int readByColumns(EntryBuilder d, int last) {
    int name = d.context.nameColumn;
    for (int i = 1; i < last; i++) {
      if (d.to[i] == d.context.sizeEnd && d.isNumber(i) && name > d.to[i] && name < d.line.length
          && ByteScanner.isBlank(d.line[name - 1])) {
        columns(d, i);
        return name;
      }
    }
    int size = d.isNumber(3) ? 3 : d.isNumber(4) ? 4 : d.isNumber(2) ? 2 : 0;
    if (size == 3 && d.isNumber(4) && d.words > 5) {
      size = 4; // owner and group are numbers
    }
    if (size == 0 || size + 1 >= d.words) {
      return 0;
    }
    boolean masked = d.words > size + 3 && isMasked(d, size + 1) && isMasked(d, size + 2);
    if (masked) {
      columns(d, size);
      return d.to[d.words > size + 4 && isMasked(d, size + 3) ? size + 3 : size + 2] + 1;
    }
    int date = d.words > size + 3 && d.dates.date(d.line, d.from[size + 1], d.to[size + 1], NumericDate.Order.LEARNT) ? 2 : 0;
    for (int i = size + 1; i < Math.min(d.words, size + 5) && date == 0; i++) {
      if (ByteScanner.isDigit(d.line[d.from[i]])) {
        return 0; // it may be a date or the name
      }
    }
    columns(d, size);
    return d.to[size + date] + 1;
  }

  private static boolean isMasked(EntryBuilder d, int word) {
    byte first = d.line[d.from[word]];
    return first == '?' || first == '-' || first == '*';
  }

  /** Reads what stands from the permissions to the size. */
  private static void columns(EntryBuilder d, int size) {
    byte[] line = d.line;
    int end = size;
    if (size >= 1 && line[d.to[size - 1] - 1] == ',' && d.isNumber(size)) {
      end = size - 1; // 8,  0: the numbers of a device
    } else if (d.isNumber(size)) {
      d.size = d.number(size);
    }
    int start = d.isNumber(0) && size > 0 ? 1 : 0;
    if (start >= end) {
      return;
    }
    int group = start + 1;
    for (int i = start + 1; i < end; i++) {
      if (d.from[i] - d.to[i - 1] > 1) { // the padding of the owner's column, if owner or group have blanks
        group = i;
        break;
      }
    }
    d.owner(d.from[start], d.to[group - 1]);
    if (group < end) {
      d.group(d.from[group], d.to[end - 1]);
    }
  }

  private static void setName(EntryBuilder d, int from) {
    byte[] line = d.line;
    int to = line.length;
    if (d.type == EntryType.LINK) {
      int arrow = arrow(d, from);
      if (arrow > from) {
        d.link(arrow + 4, to);
        to = arrow;
      }
    } else if (d.type == EntryType.DIRECTORY && to - from > 1 && line[to - 1] == '/') {
      to--; // ls -F or -p; no name has a slash
    }
    d.name(from, to);
    if (d.type == EntryType.DIRECTORY) {
      d.recogniseDots();
    }
  }

  /** Where the arrow of a link stands: the one whose target is as long as the size says, else the first. */
  private static int arrow(EntryBuilder d, int from) {
    byte[] line = d.line;
    int first = -1;
    for (int i = from + 1; i + 4 < line.length; i++) {
      if (line[i] == ' ' && line[i + 1] == '-' && line[i + 2] == '>' && line[i + 3] == ' ') {
        if (line.length - i - 4 == d.size) {
          return i;
        }
        if (first < 0) {
          first = i;
        }
      }
    }
    return first;
  }

  /** The line that tells the blocks of all files, in the languages of ls. */
  private static boolean isTotal(EntryBuilder d) {
    if (d.line.length > 80 || d.split(0) < 2 || d.words > 3) {
      return false;
    }
    int number = d.words - 1;
    if (!ByteScanner.isDigit(d.line[d.from[number]])) {
      return false;
    }
    BitSet languages = Months.languagesOfTotal(d.line, d.from[0], d.to[number - 1]);
    if (languages.isEmpty()) {
      return false;
    }
    if (!languages.get(Months.ENGLISH)) {
      d.context.language.narrow(languages); // a server with months of its own may still say total
    }
    return true;
  }

  @Override
  public Map<String, String> facts(byte[] line, NameCodec names) {
    int mode = startOfMode(line);
    if (mode < 0 || (line[mode] != 'b' && line[mode] != 'c')) {
      return Map.of();
    }
    int comma = ByteScanner.indexOf(line, 0, line.length, ',');
    if (comma < 1 || !ByteScanner.isDigit(line[comma - 1])) {
      return Map.of();
    }
    int from = comma;
    while (ByteScanner.isDigit(line[from - 1])) {
      from--;
    }
    int minor = ByteScanner.skipBlanks(line, comma + 1);
    int end = ByteScanner.skipDigits(line, minor, line.length);
    return end == minor
        ? Map.of()
        : Map.of("device", ByteScanner.ascii(line, from, comma) + "," + ByteScanner.ascii(line, minor, end));
  }
}
