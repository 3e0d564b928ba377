package io.loomftp.internal.listing;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds months by their names, short and long, in the languages and charsets of servers. The same word can be different
 * months in different languages, so a name stands for pairs of language and month; {@link ListingLanguage} decides.
 */
final class Months {
  /** The language of the first row. */
  static final int ENGLISH = 0;

  static final int[] NONE = {};

  private static final int LONGEST = 64; // bytes
  private static final int MONTH_BITS = 4;

  private Months() {}

  /** Made when the first word comes that is not an English month of three letters. */
  private static final class Table {
    static final Map<String, int[]> BY_NAME = new HashMap<>();
    static final Map<String, BitSet> TOTALS = new HashMap<>();
    static final Set<String> FIRST_WORDS = new HashSet<>(); // of names with a blank
    static final int LANGUAGES;
    static final int COMMON_LANGUAGES;
    private static int languages;

    static {
      MonthNames.COMMON.lines().forEach(Table::learn);
      COMMON_LANGUAGES = languages;
      MonthNames.OTHERS.lines().forEach(Table::learn);
      LANGUAGES = languages;
    }

    private static void learn(String row) {
      String[] parts = row.split("\\|", -1);
      int language = languages++;
      for (String total : parts[1].split(",", -1)) {
        if (!total.isEmpty()) {
          Stream.of(charsetsOf(total)).map(charset -> latin1(total.replace('_', ' ').getBytes(charset)))
              .forEach(word -> TOTALS.computeIfAbsent(word, w -> new BitSet()).set(language));
        }
      }
      String[] months = parts[2].split(" ", -1);
      for (int month = 1; month <= months.length; month++) {
        int meaning = language << MONTH_BITS | month;
        for (String name : months[month - 1].split(",", -1)) {
          learn(name.replace('_', ' '), meaning);
        }
      }
    }

    private static void learn(String name, int meaning) {
      // As it comes through ISO 8859-1 when the server writes it in one of these.
      for (Charset charset : charsetsOf(name)) {
        for (String form : new String[] {name, capital(name), name.toUpperCase(Locale.ROOT)}) {
          String key = latin1(form.getBytes(charset));
          BY_NAME.merge(key, new int[] {meaning}, Table::unite);
          if (key.indexOf(' ') > 0) {
            FIRST_WORDS.add(key.substring(0, key.indexOf(' ')));
          }
        }
      }
    }

    private static int[] unite(int[] known, int[] more) {
      if (known[known.length - 1] == more[0]) {
        return known;
      }
      int[] all = Arrays.copyOf(known, known.length + 1);
      all[known.length] = more[0];
      return all;
    }
  }

  private static Charset[] charsetsOf(String name) {
    char first = (char) name.chars().max().orElse(0);
    if (first < 0x80) {
      return new Charset[] {StandardCharsets.US_ASCII};
    }
    String[] others =
        switch (Character.UnicodeScript.of(first)) {
          case CYRILLIC -> new String[] {"windows-1251", "KOI8-R", "ISO-8859-5"};
          case GREEK -> new String[] {"windows-1253"};
          case HEBREW -> new String[] {"windows-1255"};
          case ARABIC -> new String[] {"windows-1256"};
          case THAI -> new String[] {"TIS-620"};
          case HAN -> new String[] {"GB18030", "Big5", "Shift_JIS", "EUC-JP"};
          default -> first < 0x100
              ? new String[] {"ISO-8859-1", "IBM850"}
              : new String[] {"windows-1250", "ISO-8859-2", "windows-1254", "windows-1257"};
        };
    return Stream.concat(
        Stream.of(StandardCharsets.UTF_8),
        Arrays.stream(others)
            .filter(Charset::isSupported)
            .map(Charset::forName)
            .filter(charset -> charset.newEncoder().canEncode(name)))
        .toArray(Charset[]::new);
  }

  private static String capital(String name) {
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }

  private static String latin1(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  static int month(int meaning) {
    return meaning & ((1 << MONTH_BITS) - 1);
  }

  static int language(int meaning) {
    return meaning >> MONTH_BITS;
  }

  static boolean isCommon(int meaning) {
    return language(meaning) < Table.COMMON_LANGUAGES;
  }

  static int languages() {
    return Table.LANGUAGES;
  }

  /** What the word or words between two places can mean, with or without a dot behind them. */
  static int[] find(byte[] line, int from, int to) {
    int end = line[to - 1] == '.' || line[to - 1] == ',' ? to - 1 : to;
    boolean mayBeName = end - from >= 2 && end - from <= LONGEST && !ByteScanner.isNumber(line, from, end);
    if (!mayBeName) {
      return NONE;
    }
    String word = new String(line, from, end - from, StandardCharsets.ISO_8859_1);
    int[] found = Table.BY_NAME.get(word);
    if (found == null) {
      found = Table.BY_NAME.get(lowerAscii(word));
    }
    return found == null ? NONE : found;
  }

  /** Whether a word may be the first of a name of two words, as Thg 11. */
  static boolean beginsName(byte[] line, int from, int to) {
    return to - from <= LONGEST
        && Table.FIRST_WORDS.contains(new String(line, from, to - from, StandardCharsets.ISO_8859_1));
  }

  /** The languages in which this is the word of the total line; empty where it is none. */
  static BitSet languagesOfTotal(byte[] line, int from, int to) {
    String word = lowerAscii(new String(line, from, Math.min(to - from, LONGEST), StandardCharsets.ISO_8859_1));
    return (BitSet) Table.TOTALS.getOrDefault(word, new BitSet()).clone();
  }

  private static String lowerAscii(String word) {
    StringBuilder lower = new StringBuilder(word.length());
    word.chars().forEach(c -> lower.append((char) ByteScanner.lower(c)));
    return lower.toString();
  }

  /** The month of an English name of three letters, else 0. */
  static int english(byte[] line, int from, int to) {
    return to - from == 3
        ? english((line[from] | 0x20) << 16 | (line[from + 1] | 0x20) << 8 | (line[from + 2] | 0x20))
        : 0;
  }

  /** What the English name of a month can mean in all languages. */
  static int[] meaningsOfEnglish(int month) {
    return Table.BY_NAME.getOrDefault("janfebmaraprmayjunjulaugsepoctnovdec".substring(month * 3 - 3, month * 3), NONE);
  }

  private static int english(int threeLetters) {
    return switch (threeLetters) {
      case 'j' << 16 | 'a' << 8 | 'n' -> 1;
      case 'f' << 16 | 'e' << 8 | 'b' -> 2;
      case 'm' << 16 | 'a' << 8 | 'r' -> 3;
      case 'a' << 16 | 'p' << 8 | 'r' -> 4;
      case 'm' << 16 | 'a' << 8 | 'y' -> 5;
      case 'j' << 16 | 'u' << 8 | 'n' -> 6;
      case 'j' << 16 | 'u' << 8 | 'l' -> 7;
      case 'a' << 16 | 'u' << 8 | 'g' -> 8;
      case 's' << 16 | 'e' << 8 | 'p' -> 9;
      case 'o' << 16 | 'c' << 8 | 't' -> 10;
      case 'n' << 16 | 'o' << 8 | 'v' -> 11;
      case 'd' << 16 | 'e' << 8 | 'c' -> 12;
      default -> 0;
    };
  }

  /** Whether a word is an English day of the week, as in the dates of {@code date(1)}. */
  static boolean isWeekday(byte[] line, int from, int to) {
    return to - from == 3
        && switch ((line[from] | 0x20) << 16 | (line[from + 1] | 0x20) << 8 | (line[from + 2] | 0x20)) {
          case 'm' << 16 | 'o' << 8 | 'n',
              't' << 16 | 'u' << 8 | 'e',
              'w' << 16 | 'e' << 8 | 'd',
              't' << 16 | 'h' << 8 | 'u',
              'f' << 16 | 'r' << 8 | 'i',
              's' << 16 | 'a' << 8 | 't',
              's' << 16 | 'u' << 8 | 'n' -> true;
          default -> false;
        };
  }
}
