package io.loomftp.internal.listing;

import io.loomftp.EntryType;
import io.loomftp.internal.text.NameCodec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads the batches that Sterling Connect:Enterprise for Unix lists: flags and the protocol in one word, the type of the data,
 * the mailbox, the size, the number of the batch, date and time, the name.
 *
 * <pre>
 * -C--E-----FTP B QUA1I1      18128       41 Aug 12 13:56 QUADTEST
 * </pre>
 */
final class ConnectEnterpriseParser implements LineParser {
  private static final int FLAGS = 10;

  @Override
  public LineMatch read(EntryBuilder d) {
    int words = d.split(0);
    if (words < 8 || !hasFlags(d) || d.length(1) != 1 || !d.isNumber(3) || !d.isNumber(4)) {
      return LineMatch.FOREIGN;
    }
    int date = d.dates.read(d, 5);
    if (date == 0 || 5 + date >= words) {
      return LineMatch.FOREIGN;
    }
    d.dates.set();
    d.type = EntryType.FILE;
    d.owner(d.from[2], d.to[2]);
    d.size = d.number(3);
    d.name(d.from[5 + date], d.line.length);
    return LineMatch.CERTAIN;
  }

  private static boolean hasFlags(EntryBuilder d) {
    if (d.length(0) <= FLAGS) {
      return false;
    }
    boolean dash = false;
    for (int i = d.from[0]; i < d.to[0]; i++) {
      byte b = d.line[i];
      dash |= b == '-';
      if ((b < 'A' || b > 'Z') && (b != '-' || i >= d.from[0] + FLAGS)) {
        return false;
      }
    }
    return dash;
  }

  @Override
  public Map<String, String> facts(byte[] line, NameCodec names) {
    String[] words = ByteScanner.words(line);
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("flags", words[0].substring(0, FLAGS));
    facts.put("protocol", words[0].substring(FLAGS));
    facts.put("data", words[1]);
    facts.put("batch", words[4]);
    return Collections.unmodifiableMap(facts);
  }
}
