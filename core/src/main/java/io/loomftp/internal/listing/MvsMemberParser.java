package io.loomftp.internal.listing;

import io.loomftp.EntryType;
import io.loomftp.internal.text.NameCodec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads the members of a z/OS library: with the statistics of ISPF where there are any, which count lines and not bytes;
 * load modules with their attributes.
 *
 * <pre>
 *  Name     VV.MM   Created       Changed      Size  Init   Mod   Id
 * TBSHELF   01.03 2002/09/12 2002/10/11 09:37    11    11     0 KIL001
 * NOSTATS
 *  Name      Size     TTR   Alias-of AC --------- Attributes --------- Amode Rmode
 * EDCLOAD   000003E8 00000D 01 FO                RN RU            31    ANY
 * </pre>
 */
final class MvsMemberParser implements LineParser {
  @Override
  public LineMatch read(EntryBuilder d) {
    int words = d.split(0);
    if (words == 0) {
      return LineMatch.FOREIGN;
    }
    if (d.is(0, "Name") && (d.is(1, "VV.MM") || (d.is(1, "Size") && d.is(2, "TTR")))) {
      return LineMatch.HEADER;
    }
    if (!isMember(d)) {
      return LineMatch.FOREIGN;
    }
    d.type = EntryType.FILE;
    d.name(d.from[0], d.to[0]);
    if (words == 1) {
      return LineMatch.WITHIN;
    }
    if (words < 5 || !isVersion(d.line, d.from[1], d.to[1])) {
      return isHex(d.line, d.from[1], d.to[1]) ? LineMatch.WITHIN : LineMatch.FOREIGN;
    }
    if (!isDate(d, 2) || !isDate(d, 3) || d.dates.timeBehind(d, 4) == 0) {
      return LineMatch.WITHIN;
    }
    d.dates.set();
    if (words == 9) {
      d.owner(d.from[8], d.to[8]);
    }
    return LineMatch.CERTAIN;
  }

  private static boolean isDate(EntryBuilder d, int word) {
    return d.dates.date(d.line, d.from[word], d.to[word], NumericDate.Order.YEAR_FIRST);
  }

  private static boolean isMember(EntryBuilder d) {
    int from = d.from[0];
    int to = d.to[0];
    if (to - from > 8 || ByteScanner.isDigit(d.line[from])) {
      return false;
    }
    for (int i = from; i < to; i++) {
      byte b = d.line[i];
      if ((b < 'A' || b > 'Z') && !ByteScanner.isDigit(b) && !MvsDatasetParser.isNational(b)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isVersion(byte[] line, int from, int to) {
    return to - from == 5
        && line[from + 2] == '.'
        && ByteScanner.isNumber(line, from, from + 2)
        && ByteScanner.isNumber(line, from + 3, to);
  }

  private static boolean isHex(byte[] line, int from, int to) {
    for (int i = from; i < to; i++) {
      if (!ByteScanner.isDigit(line[i]) && (line[i] < 'A' || line[i] > 'F')) {
        return false;
      }
    }
    return to - from >= 6 && to - from <= 8;
  }

  @Override
  public Map<String, String> facts(byte[] line, NameCodec names) {
    String[] words = ByteScanner.words(line);
    Map<String, String> facts = new LinkedHashMap<>();
    if (words.length >= 5 && words[1].indexOf('.') == 2) {
      facts.put("version", words[1]);
      facts.put("created", words[2]);
      String[] counts = {"lines", "initial-lines", "modified-lines"};
      for (int i = 0; i < counts.length && 5 + i < words.length; i++) {
        facts.put(counts[i], words[5 + i]);
      }
    } else if (words.length >= 3) {
      facts.put("module-size", words[1]); // hexadecimal, in storage
      facts.put("ttr", words[2]);
    }
    return Collections.unmodifiableMap(facts);
  }
}
