package io.loomftp.internal.listing;

/** The result of a parser for a line. */
enum LineMatch {
  /** Not a line of this dialect. */
  FOREIGN,
  /** A line without an entry: a total, a blank line. */
  NOISE,
  /** A heading that only this dialect has. */
  HEADER,
  /** An entry if the listing is known to be of this dialect, else none. */
  WITHIN,
  /** An entry, which other dialects may write in the same way. */
  LIKELY,
  /** An entry that only this dialect writes. */
  CERTAIN;

  boolean isEntry() {
    return this == LIKELY || this == CERTAIN;
  }
}
