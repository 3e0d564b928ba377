package io.loomftp.internal.listing;

import io.loomftp.EntryType;
import io.loomftp.internal.text.NameCodec;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads the data sets of z/OS. The name stands last and what it is before it: PO is a library of members, a folder here.
 * Sizes are tracks and the date is that of the last reference, so both are facts only.
 *
 * <pre>
 * Volume Unit    Referred Ext Used Recfm Lrecl BlkSz Dsorg Dsname
 * B10142 3390   2006/03/20  2   31  F       80    80  PS   MDI.OKL.WORK
 * WPTA01 3290   **NONE**    1    3  U        0 31970  PO   ALICE.LOADLIB
 * Migrated                                                 ALICE.OLD.DATA
 * ARCIVE Not Direct Access Device                          ALICE.TAPE.COPY
 * Pseudo Directory                                         ALICE.PROJECT
 * TSO004 3390                                        VSAM  ALICE.CUSTOMER
 * </pre>
 */
final class MvsDatasetParser implements LineParser {
  private static final String[] COLUMNS = {
      "volume", "unit", "referred", "extents", "used-tracks", "recfm", "lrecl", "blksize", "dsorg"
  };

  @Override
  public LineMatch read(EntryBuilder d) {
    int words = d.split(0);
    if (words < 2) {
      return LineMatch.FOREIGN;
    }
    if (d.is(0, "Volume") && d.is(1, "Unit")) {
      return LineMatch.HEADER;
    }
    int last = words - 1;
    if (words > COLUMNS.length + 1 || d.to[last] < ByteScanner.skipBlanks(d.line, d.to[last]) || !isName(d, last)) {
      return LineMatch.FOREIGN;
    }
    int from = d.from[last];
    int to = d.to[last];
    boolean quoted = d.line[from] == '\'' && d.line[to - 1] == '\'' && to - from > 2;
    d.name(quoted ? from + 1 : from, quoted ? to - 1 : to);
    d.type = organisation(d, last - 1);
    if (words == COLUMNS.length + 1 && d.type != EntryType.UNKNOWN && isReferred(d, 2)) {
      return LineMatch.CERTAIN;
    }
    boolean small = hasSmallLetters(d.line, from, to);
    if (words == 2 && (d.is(0, "Migrated") || d.is(0, "MIGRAT"))) {
      return small ? LineMatch.WITHIN : LineMatch.LIKELY;
    }
    if (words == 3 && d.is(0, "Pseudo") && d.is(1, "Directory")) {
      d.type = EntryType.DIRECTORY;
      return small ? LineMatch.WITHIN : LineMatch.LIKELY;
    }
    return small && d.type == EntryType.UNKNOWN ? LineMatch.FOREIGN : LineMatch.WITHIN;
  }

  /** Some servers list names in small letters; a sentence is not to be taken for one. */
  private static boolean hasSmallLetters(byte[] line, int from, int to) {
    for (int i = from; i < to; i++) {
      if (line[i] >= 'a' && line[i] <= 'z') {
        return true;
      }
    }
    return false;
  }

  private static boolean isReferred(EntryBuilder d, int word) {
    return d.is(word, "**NONE**") || d.dates.date(d.line, d.from[word], d.to[word], NumericDate.Order.YEAR_FIRST);
  }

  private static EntryType organisation(EntryBuilder d, int word) {
    int from = d.from[word];
    if (d.to[word] - from < 2 || d.to[word] - from > 5) {
      return EntryType.UNKNOWN;
    }
    if (ByteScanner.startsWith(d.line, from, "PO")) {
      return EntryType.DIRECTORY;
    }
    if (ByteScanner.startsWith(d.line, from, "PS") || d.is(word, "DA") || d.is(word, "IS") || d.is(word, "Tape")) {
      return EntryType.FILE;
    }
    return d.is(word, "VSAM") || d.is(word, "GDG") || d.is(word, "HFS") || d.is(word, "ZFS")
        ? EntryType.OTHER
        : EntryType.UNKNOWN;
  }

  private static boolean isName(EntryBuilder d, int word) {
    int length = d.to[word] - d.from[word];
    for (int i = d.from[word]; i < d.to[word]; i++) {
      byte b = d.line[i];
      boolean valid =
          (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z') || (ByteScanner.isDigit(b) && i > d.from[word]) || b == '.' || b == '-'
              || isNational(b)
              || (b == '\'' && (i == d.from[word] || i == d.to[word] - 1))
              || (b == '(' || b == ')' || b == '+');
      if (!valid) {
        return false;
      }
    }
    return length <= 56;
  }

  /** The three letters that differ between national character sets. */
  static boolean isNational(byte b) {
    return b == '@' || b == '#' || b == '$';
  }

  @Override
  public Map<String, String> facts(byte[] line, NameCodec names) {
    String[] words = ByteScanner.words(line);
    Map<String, String> facts = new LinkedHashMap<>();
    if (words.length == COLUMNS.length + 1) {
      for (int i = 0; i < COLUMNS.length; i++) {
        facts.put(COLUMNS[i], words[i]);
      }
    } else { // Migrated, V43525 Tape, ARCIVE Not Direct Access Device
      facts.put("status", String.join(" ", Arrays.asList(words).subList(0, words.length - 1)));
    }
    return Collections.unmodifiableMap(facts);
  }
}
