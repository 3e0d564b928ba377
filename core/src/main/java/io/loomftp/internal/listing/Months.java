package io.loomftp.internal.listing;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Knows the names of months as servers write them, short and long, in the languages of Europe and in whatever charset.
 * (In Chinese, Japanese and Korean a month is a number with a sign behind it: {@link DateReader} reads those.)
 */
final class Months {
  /** One language a line, January first; several forms of a month are separated by a stroke. */
  private static final String NAMES =
      """
      jan/january feb/february mar/march apr/april may jun/june jul/july aug/august sep/sept/september \
      oct/october nov/november dec/december
      jan/januar/jän feb/februar mär/mrz/märz/maer apr/april mai jun/juni jul/juli aug/august \
      sep/sept/september okt/oktober nov/november dez/dezember
      jan/janv/janvier fév/févr/février/fev/fevr mar/mars avr/avril mai jun/juin jui/jul/juil/juillet \
      aoû/août/aou/aout sep/sept/septembre oct/octobre nov/novembre déc/décembre
      ene/enero feb/febr/febrero mar/marzo abr/abril may/mayo jun/junio jul/julio ago/agosto \
      sep/sept/set/septiembre oct/octubre nov/noviembre dic/diciembre
      gen/gennaio feb/febbraio mar/marzo apr/aprile mag/maggio giu/giugno lug/luglio ago/agosto \
      set/sett/settembre ott/ottobre nov/novembre dic/dicembre
      jan/janeiro fev/fevereiro mar/março abr/abril mai/maio jun/junho jul/julho ago/agosto set/setembro \
      out/outubro nov/novembro dez/dezembro
      jan/januari feb/februari mrt/maa/maart apr/april mei jun/juni jul/juli aug/augustus sep/september \
      okt/oktober nov/november dec/december
      jan/januari feb/februari mar/mars apr/april maj jun/juni jul/juli aug/augusti sep/september okt/oktober \
      nov/november dec/december
      jan/januar feb/februar mar/mars/marts apr/april mai/maj jun/juni jul/juli aug/august sep/september \
      okt/oktober nov/november des/desember
      tam/tammi hel/helmi maalis huh/huhti tou/touko kes/kesä hei/heinä elo syy/syys lok/loka marras jou/joulu
      sty/stycznia lut/lutego mar/marca kwi/kwietnia maj/maja cze/czerwca lip/lipca sie/sierpnia wrz/września \
      paź/października lis/listopada gru/grudnia
      led/ledna úno/února bře/března dub/dubna kvě/května čen/čer/června čec/července srp/srpna zář/září \
      říj/října list/listopadu pro/prosince
      jan/jan febr már/márc/március ápr/április máj/május jún/június júl/július aug/augusztus \
      szept/szeptember okt/október nov/november dec/december
      oca/ocak şub/şubat mar/mart nis/nisan may/mayıs haz/haziran tem/temmuz ağu/ağustos eyl/eylül eki/ekim \
      kas/kasım ara/aralık
      ian/ianuarie feb/februarie mar/martie apr/aprilie mai iun/iunie iul/iulie aug/august sep/septembrie \
      oct/octombrie noi/noiembrie dec/decembrie
      янв/января фев/февр/февраля мар/марта апр/апреля май/мая июн/июня июл/июля авг/августа \
      сен/сент/сентября окт/октября ноя/нояб/ноября дек/декабря
      січ лют бер кві тра чер лип сер вер жов лис гру
      ιαν φεβ μαρ απρ μαϊ ιουν ιουλ αυγ σεπ οκτ νοε δεκ
      """;

  private static final int LONGEST = 40; // bytes

  private Months() {}

  /** Made when the first month comes that is not an English one. */
  private static final class Foreign {
    static final Map<String, Integer> BY_NAME = new HashMap<>();

    static {
      NAMES.lines().forEach(language -> learn(BY_NAME, language));
    }
  }

  private static void learn(Map<String, Integer> byName, String language) {
    String[] months = language.split(" ", -1);
    for (int month = 1; month <= months.length; month++) {
      for (String name : months[month - 1].split("/", -1)) {
        // As it comes through ISO 8859-1 when the server writes it in one of these.
        for (Charset charset : charsetsOf(name)) {
          byName.putIfAbsent(latin1(name.getBytes(charset)), month);
          byName.putIfAbsent(latin1(capital(name).getBytes(charset)), month);
          byName.putIfAbsent(latin1(name.toUpperCase(Locale.ROOT).getBytes(charset)), month);
        }
      }
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
          default -> first < 0x100
              ? new String[] {"ISO-8859-1", "IBM850"}
              : new String[] {"windows-1250", "ISO-8859-2", "windows-1254"};
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

  /** The month of a word, 1 to 12, with or without a dot behind it; 0 where it is none. */
  static int of(byte[] line, int from, int to) {
    int length = to - from;
    if (length < 3 || length > LONGEST) {
      return 0;
    }
    if (length == 3) {
      int english = english((line[from] | 0x20) << 16 | (line[from + 1] | 0x20) << 8 | (line[from + 2] | 0x20));
      if (english != 0) {
        return english;
      }
    }
    if (ByteScanner.isDigit(line[from])) {
      return 0;
    }
    int end = line[to - 1] == '.' || line[to - 1] == ',' ? to - 1 : to;
    String word = new String(line, from, end - from, StandardCharsets.ISO_8859_1);
    Integer month = Foreign.BY_NAME.get(word);
    if (month == null) {
      month = Foreign.BY_NAME.get(lowerAscii(word));
    }
    return month == null ? 0 : month;
  }

  private static String lowerAscii(String word) {
    StringBuilder lower = new StringBuilder(word.length());
    word.chars().forEach(c -> lower.append((char) ByteScanner.lower(c)));
    return lower.toString();
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
