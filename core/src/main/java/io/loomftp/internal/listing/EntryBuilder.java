package io.loomftp.internal.listing;

import io.loomftp.EntryType;
import io.loomftp.FtpEntry;
import io.loomftp.ModifiedTime.Precision;
import io.loomftp.ModifiedTime.Source;
import io.loomftp.internal.text.NameCodec;
import org.jspecify.annotations.Nullable;

/**
 * An entry while a parser reads its line: fields as numbers and places in the line, used again for the next one. Texts are
 * made of the places only when the entry is wanted.
 */
final class EntryBuilder {
  /** Words are split as far as a date can stand; names may have thousands of them. */
  private static final int WORDS = 32;

  final LocalTimes times;
  final DateReader dates = new DateReader();

  byte[] line = {};
  EntryType type = EntryType.UNKNOWN;
  long size;
  int nameFrom;
  int nameTo;
  int permissionsFrom;
  int permissionsTo;
  int ownerFrom;
  int ownerTo;
  int groupFrom;
  int groupTo;
  int linkFrom;
  int linkTo;

  private long second;
  private int nano;
  private @Nullable Precision precision;
  private Source source = Source.LIST;

  int words;
  final int[] from = new int[WORDS];
  final int[] to = new int[WORDS];

  EntryBuilder(LocalTimes times) {
    this.times = times;
  }

  /** Starts with a line, nothing known of it. */
  void start(byte[] newLine) {
    line = newLine;
    clear();
  }

  /** Forgets what another parser has read of the line. */
  void clear() {
    type = EntryType.UNKNOWN;
    size = -1;
    precision = null;
    nameFrom = 0;
    nameTo = 0;
    permissionsTo = 0;
    ownerTo = 0;
    groupTo = 0;
    linkTo = 0;
  }

  void time(long newSecond, int newNano, Precision newPrecision, Source newSource) {
    second = newSecond;
    nano = newNano;
    precision = newPrecision;
    source = newSource;
  }

  void name(int nameStart, int nameEnd) {
    nameFrom = nameStart;
    nameTo = nameEnd;
  }

  void permissions(int start, int end) {
    permissionsFrom = start;
    permissionsTo = end;
  }

  void owner(int start, int end) {
    ownerFrom = start;
    ownerTo = end;
  }

  void group(int start, int end) {
    groupFrom = start;
    groupTo = end;
  }

  void link(int start, int end) {
    linkFrom = start;
    linkTo = end;
  }

  /** Splits the line into words from a place on; only the first of many are kept. */
  int split(int at) {
    byte[] l = line;
    int n = 0;
    int i = ByteScanner.skipBlanks(l, at);
    while (i < l.length && n < WORDS) {
      from[n] = i;
      i = ByteScanner.skipWord(l, i);
      to[n++] = i;
      i = ByteScanner.skipBlanks(l, i);
    }
    words = n;
    return n;
  }

  /** Whether a word is a number. */
  boolean isNumber(int word) {
    return word < words && ByteScanner.isNumber(line, from[word], to[word]);
  }

  /** The number that a word is, or -1. */
  long number(int word) {
    return word < words ? ByteScanner.number(line, from[word], to[word]) : -1;
  }

  /** Whether a word is this one, in any case. */
  boolean is(int word, String text) {
    return word < words && ByteScanner.same(line, from[word], to[word], text);
  }

  /** The name {@code .} is the folder itself, {@code ..} the one above. */
  void recogniseDots() {
    if (nameTo - nameFrom <= 2 && nameTo > nameFrom && line[nameFrom] == '.' && line[nameTo - 1] == '.') {
      type = nameTo - nameFrom == 1 ? EntryType.CURRENT_DIRECTORY : EntryType.PARENT_DIRECTORY;
    }
  }

  /** The entry as read; the line now belongs to it. */
  FtpEntry entry(LineParser parser, NameCodec names) {
    FtpEntry.Builder entry = FtpEntry.builder(names.decode(line, nameFrom, nameTo - nameFrom)).type(type);
    if (size >= 0) {
      entry.size(size);
    }
    if (precision != null) {
      entry.modified(second, nano, precision, source);
    }
    return entry.build(new LineDetails(this, parser, names));
  }
}
