package io.loomftp.internal.listing;

import io.loomftp.EntryType;

/**
 * An entry while a parser reads its line: fields as numbers and places in the line, used again for the next one. Texts are
 * made of the places only when the entry is wanted.
 */
final class EntryBuilder extends Words {
  final LocalTimes times;
  final ListingContext context = new ListingContext();
  final FoundTime time = new FoundTime();
  final DateReader dates;

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

  EntryBuilder(LocalTimes times) {
    this.times = times;
    dates = new DateReader(times, time, context);
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
    time.clear();
    context.undecided = false;
    nameFrom = 0;
    nameTo = 0;
    permissionsTo = 0;
    ownerTo = 0;
    groupTo = 0;
    linkTo = 0;
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

  /** The name {@code .} is the folder itself, {@code ..} the one above. */
  void recogniseDots() {
    if (nameTo - nameFrom <= 2 && nameTo > nameFrom && line[nameFrom] == '.' && line[nameTo - 1] == '.') {
      type = nameTo - nameFrom == 1 ? EntryType.CURRENT_DIRECTORY : EntryType.PARENT_DIRECTORY;
    }
  }
}
