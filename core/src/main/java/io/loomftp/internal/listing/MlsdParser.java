package io.loomftp.internal.listing;

import io.loomftp.EntryType;
import io.loomftp.FtpEntry;
import io.loomftp.ModifiedTime.Source;
import io.loomftp.internal.text.NameCodec;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the lines of MLSD and MLST (RFC 3659 section 7): facts with a semicolon behind each, one blank, the name with all
 * its blanks.
 *
 * <pre>
 * type=file;size=1024;modify=20251122195614.123;UNIX.mode=0644;unique=801g4804; annual report.csv
 * Type=OS.unix=slink:/pub/v1.2.3;Modify=20251122195614; latest
 *  a name without facts
 * </pre>
 *
 * <p>Facts come in any case and order, and unknown ones are kept. Also understood: a semicolon that is missing before the name,
 * values with blanks, blanks before the facts, and a tab in place of the blank before the name.
 */
public final class MlsdParser implements LineParser {
  private static final boolean[] IN_NAME = new boolean[128];
  private static final List<String> NO_BLANKS =
      List.of("type", "size", "sizd", "modify", "create", "perm", "unique", "unix.mode", "unix.uid", "unix.gid");

  static {
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_/".chars().forEach(c -> IN_NAME[c] = true);
  }

  MlsdParser() {}

  /**
   * Reads the line of an MLST reply, with or without the blank that begins it; empty where it is no such line. The name
   * may be a whole path.
   */
  public static Optional<FtpEntry> mlst(String line, NameCodec names) {
    EntryBuilder draft = new EntryBuilder(new LocalTimes(Clock.systemUTC(), ZoneOffset.UTC)); // the times of MLST tell their year and zone
    byte[] bytes;
    try {
      bytes = names.encode(line);
    } catch (CharacterCodingException e) {
      bytes = line.getBytes(StandardCharsets.UTF_8); // the reply was decoded in another charset
    }
    int skip = bytes.length > 1 && bytes[0] == ' ' ? 1 : 0;
    draft.start(skip == 0 ? bytes : Arrays.copyOfRange(bytes, skip, bytes.length));
    MlsdParser parser = new MlsdParser();
    return parser.readEntry(draft) ? Optional.of(LineDetails.entry(draft, parser, names)) : Optional.empty();
  }

  @Override
  public LineMatch read(EntryBuilder d) {
    return d.line.length > 0 && !isBlank(d.line[0]) && readFacts(d, 0) ? LineMatch.CERTAIN : LineMatch.FOREIGN;
  }

  /** The same for a listing that is known to be of MLSD: there even a name alone behind a blank is an entry. */
  boolean readEntry(EntryBuilder d) {
    int facts = ByteScanner.skipBlanks(d.line, 0);
    if (facts == 0) {
      return readFacts(d, 0);
    }
    if (hasFactsAt(d.line, facts) && readFacts(d, facts)) {
      return true;
    }
    d.clear();
    if (d.line.length < 2) {
      return false;
    }
    d.name(1, d.line.length);
    return true;
  }

  private static boolean readFacts(EntryBuilder d, int from) {
    byte[] line = d.line;
    int length = line.length;
    int at = from;
    while (at < length && !isBlank(line[at])) {
      int equals = at;
      while (equals < length && isOfName(line[equals])) {
        equals++;
      }
      if (equals >= length || equals == at || line[equals] != '=') {
        return false;
      }
      int end = endOfValue(line, at, equals);
      fact(d, at, equals, end);
      at = end < length && line[end] == ';' ? end + 1 : end;
    }
    if (at + 1 >= length) {
      return false;
    }
    d.name(at + 1, length);
    if (d.type == EntryType.DIRECTORY) {
      d.recogniseDots();
    }
    return true;
  }

  private static boolean isOfName(byte b) {
    return b >= 0 && IN_NAME[b];
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }

  /**
   * The end of a value: a semicolon, or a blank where the semicolon is missing. Blanks belong to values of free text, such as
   * a group or the target of a link, if a semicolon follows them before a further fact or the name.
   */
  private static int endOfValue(byte[] line, int name, int equals) {
    int end = equals + 1;
    while (end < line.length && line[end] != ';' && !isBlank(line[end])) {
      end++;
    }
    if (end == line.length || line[end] == ';' || !isText(line, name, equals)) {
      return end;
    }
    int semicolon = ByteScanner.indexOf(line, end, line.length, ';');
    return semicolon > 0 && (isBlankAt(line, semicolon + 1) || isFactAt(line, semicolon + 1)) ? semicolon : end;
  }

  private static boolean isText(byte[] line, int name, int equals) {
    boolean link = ByteScanner.startsWith(line, equals + 1, "OS.unix=slink:")
        || ByteScanner.startsWith(line, equals + 1, "OS.unix=symlink:");
    for (String bare : NO_BLANKS) {
      if (ByteScanner.same(line, name, equals, bare)) {
        return bare.equals("type") && link;
      }
    }
    return true;
  }

  private static boolean isBlankAt(byte[] line, int at) {
    return at < line.length && isBlank(line[at]);
  }

  /** Whether the line has facts behind blanks; a name that has an equals sign in it is none of these. */
  private static boolean hasFactsAt(byte[] line, int from) {
    int equals = ByteScanner.indexOf(line, from, line.length, '=');
    if (equals < 0 || NO_BLANKS.stream().noneMatch(fact -> ByteScanner.same(line, from, equals, fact))) {
      return false;
    }
    int at = from;
    while (isFactAt(line, at)) {
      int end = endOfValue(line, at, ByteScanner.indexOf(line, at, line.length, '='));
      at = end < line.length && line[end] == ';' ? end + 1 : end;
    }
    return isBlankAt(line, at) && at + 1 < line.length;
  }

  private static boolean isFactAt(byte[] line, int at) {
    int equals = at;
    while (equals < line.length && isOfName(line[equals])) {
      equals++;
    }
    return equals > at && equals < line.length && line[equals] == '=';
  }

  private static void fact(EntryBuilder d, int name, int equals, int to) {
    byte[] line = d.line;
    int value = equals + 1;
    switch (equals - name) {
      case 4 -> {
        switch (ByteScanner.lower(line[name])) {
          case 't' -> {
            if (ByteScanner.startsWith(line, name, "type")) {
              type(d, value, to);
            }
          }
          case 's' -> {
            if (ByteScanner.startsWith(line, name, "size")) {
              d.size = ByteScanner.number(line, value, to);
            } else if (ByteScanner.startsWith(line, name, "sizd") && d.size < 0) {
              d.size = ByteScanner.number(line, value, to); // of a folder
            }
          }
          default -> {}
        }
      }
      case 6 -> {
        if (ByteScanner.startsWith(line, name, "modify")) {
          MdtmReader.read(d, value, to, Source.MLSD);
        }
      }
      default -> {
        if (equals - name >= 8 && ByteScanner.startsWith(line, name, "unix.")) {
          unix(d, name, equals, to);
        }
      }
    }
  }

  private static void unix(EntryBuilder d, int name, int equals, int to) {
    byte[] line = d.line;
    if (equals + 1 == to) {
      return;
    }
    if (ByteScanner.same(line, name, equals, "unix.mode")) {
      d.permissions(equals + 1, to);
    } else if (ByteScanner.same(line, name, equals, "unix.ownername")
        || (ByteScanner.same(line, name, equals, "unix.owner") && d.ownerTo == 0)
        || (ByteScanner.same(line, name, equals, "unix.uid") && d.ownerTo == 0)) {
      d.owner(equals + 1, to);
    } else if (ByteScanner.same(line, name, equals, "unix.groupname")
        || (ByteScanner.same(line, name, equals, "unix.group") && d.groupTo == 0)
        || (ByteScanner.same(line, name, equals, "unix.gid") && d.groupTo == 0)) {
      d.group(equals + 1, to);
    }
  }

  private static void type(EntryBuilder d, int from, int to) {
    byte[] line = d.line;
    if (ByteScanner.same(line, from, to, "file")) {
      d.type = EntryType.FILE;
    } else if (ByteScanner.same(line, from, to, "dir")) {
      d.type = EntryType.DIRECTORY;
    } else if (ByteScanner.same(line, from, to, "cdir")) {
      d.type = EntryType.CURRENT_DIRECTORY;
    } else if (ByteScanner.same(line, from, to, "pdir")) {
      d.type = EntryType.PARENT_DIRECTORY;
    } else if (ByteScanner.startsWith(line, from, "OS.")) {
      system(d, from, to);
    } else if (ByteScanner.same(line, from, to, "link")) {
      d.type = EntryType.LINK;
    } else {
      d.type = EntryType.UNKNOWN;
    }
  }

  /** Types that one system has: OS.unix=slink:target, OS.unix=chr-13/29, OS.mvs=... */
  private static void system(EntryBuilder d, int from, int to) {
    byte[] line = d.line;
    int equals = ByteScanner.indexOf(line, from, to, '=');
    int kind = equals + 1;
    if (equals < 0) {
      d.type = EntryType.UNKNOWN;
    } else if (ByteScanner.startsWith(line, kind, "slink") || ByteScanner.startsWith(line, kind, "symlink")) {
      d.type = EntryType.LINK;
      int colon = ByteScanner.indexOf(line, kind, to, ':');
      if (colon > 0 && colon + 1 < to) {
        d.link(colon + 1, to);
      }
    } else if (ByteScanner.startsWith(line, kind, "dir")) {
      d.type = EntryType.DIRECTORY;
    } else {
      d.type = EntryType.OTHER;
    }
  }

  @Override
  public Map<String, String> facts(byte[] line, NameCodec names) {
    Map<String, String> facts = new LinkedHashMap<>();
    int at = ByteScanner.skipBlanks(line, 0);
    if (at > 0 && !hasFactsAt(line, at)) {
      return Map.of(); // a name alone
    }
    while (isFactAt(line, at)) {
      int equals = ByteScanner.indexOf(line, at, line.length, '=');
      int end = endOfValue(line, at, equals);
      facts.put(ByteScanner.ascii(line, at, equals).toLowerCase(Locale.ROOT), names.decode(line, equals + 1, end - equals - 1));
      at = end < line.length && line[end] == ';' ? end + 1 : end;
    }
    return Collections.unmodifiableMap(facts);
  }
}
