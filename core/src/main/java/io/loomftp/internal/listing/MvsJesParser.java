package io.loomftp.internal.listing;

import io.loomftp.EntryType;
import io.loomftp.internal.text.NameCodec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads the jobs of z/OS, as SITE FILETYPE=JES lists them, and the spool files of one job. The name of a job is its
 * number, by which its output is fetched; only spool files tell bytes.
 *
 * <pre>
 * JOBNAME  JOBID    OWNER    STATUS CLASS
 * UTCAPPE  JOB00046 ALICE    OUTPUT A        RC=0000 3 spool files
 * UTCAPPE  JOB00047 OUTPUT    3 Spool Files
 * --------
 *          ID  STEPNAME PROCSTEP C DDNAME   BYTE-COUNT
 *          001 JES2              A JESMSGLG       858
 * 3 spool files
 * </pre>
 */
final class MvsJesParser implements LineParser {
  @Override
  public LineMatch read(EntryBuilder d) {
    int words = d.split(0);
    if (words == 0) {
      return LineMatch.FOREIGN;
    }
    if ((d.is(0, "JOBNAME") && d.is(1, "JOBID")) || (d.is(0, "ID") && d.is(1, "STEPNAME"))) {
      return LineMatch.HEADER;
    }
    if (isRule(d) || (words == 3 && d.isNumber(0) && d.is(1, "spool") && d.is(2, "files"))) {
      return LineMatch.NOISE;
    }
    if (words >= 3 && isJob(d.line, d.from[1], d.to[1])) {
      int status = isStatus(d, 2) ? 2 : 3;
      if (status >= words || !isStatus(d, status)) {
        return LineMatch.FOREIGN;
      }
      d.type = EntryType.FILE;
      d.name(d.from[1], d.to[1]);
      if (status == 3) {
        d.owner(d.from[2], d.to[2]);
      }
      return LineMatch.LIKELY;
    }
    if (words >= 4 && d.to[0] - d.from[0] == 3 && d.isNumber(0) && d.isNumber(words - 1)) {
      d.type = EntryType.FILE;
      d.name(d.from[0], d.to[0]);
      d.size = d.number(words - 1);
      return LineMatch.WITHIN;
    }
    return LineMatch.FOREIGN;
  }

  private static boolean isRule(EntryBuilder d) {
    for (int i = d.from[0]; i < d.to[0]; i++) {
      if (d.line[i] != '-') {
        return false;
      }
    }
    return d.words == 1 && d.to[0] - d.from[0] >= 8;
  }

  /** JOB00046, STC01234, TSU00085, or J0000046 where there are more than 99,999. */
  private static boolean isJob(byte[] line, int from, int to) {
    int letters = from;
    while (letters < to && line[letters] >= 'A' && line[letters] <= 'Z') {
      letters++;
    }
    int length = letters - from;
    boolean kind =
        (length == 3 && (ByteScanner.startsWith(line, from, "JOB") || ByteScanner.startsWith(line, from, "STC")
            || ByteScanner.startsWith(line, from, "TSU")))
            || (length == 1 && (line[from] == 'J' || line[from] == 'S' || line[from] == 'T'));
    return kind && to - from >= 6 && to - from <= 8 && ByteScanner.isNumber(line, letters, to);
  }

  private static boolean isStatus(EntryBuilder d, int word) {
    return d.is(word, "INPUT") || d.is(word, "OUTPUT") || d.is(word, "ACTIVE") || d.is(word, "HELD");
  }

  @Override
  public Map<String, String> facts(byte[] line, NameCodec names) {
    String[] words = ByteScanner.words(line);
    Map<String, String> facts = new LinkedHashMap<>();
    if (ByteScanner.isDigit(words[0].charAt(0))) {
      facts.put("step", words[1]);
      facts.put("ddname", words[words.length - 2]);
      return Collections.unmodifiableMap(facts);
    }
    facts.put("jobname", words[0]);
    for (int i = 2; i < words.length; i++) {
      String word = words[i];
      if (i <= 3 && (word.equals("INPUT") || word.equals("OUTPUT") || word.equals("ACTIVE") || word.equals("HELD"))) {
        facts.put("status", word);
      } else if (word.startsWith("RC=") || word.startsWith("ABEND=")) {
        facts.put(word.startsWith("RC=") ? "rc" : "abend", word.substring(word.indexOf('=') + 1));
      } else if (word.equalsIgnoreCase("spool") && ByteScanner.isDigit(words[i - 1].charAt(0))) {
        facts.put("spool-files", words[i - 1]);
      }
    }
    return Collections.unmodifiableMap(facts);
  }
}
