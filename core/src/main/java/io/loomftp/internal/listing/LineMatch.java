package io.loomftp.internal.listing;

/** What a parser thinks of a line. */
enum LineMatch {
  /** Not a line of this dialect. */
  FOREIGN,
  /** A line that says nothing about files: a total, a blank line. */
  NOISE,
  /** A line that opens a listing of this dialect, unmistakably, and is no entry. */
  HEADER,
  /** An entry if the listing is known to be of this dialect, else not to be believed. */
  WITHIN,
  /** An entry, but other dialects may say the same. */
  LIKELY,
  /** An entry that only this dialect writes. */
  CERTAIN;

  boolean isEntry() {
    return this == LIKELY || this == CERTAIN;
  }
}
