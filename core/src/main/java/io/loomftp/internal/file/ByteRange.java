package io.loomftp.internal.file;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A range of a file that one thread at a time fills from its beginning on: which bytes are present, and which are missing.
 */
public final class ByteRange {
  private final long from;
  private final long to;
  private final AtomicLong at;

  /**
   * The bytes from one position up to another, which is not included.
   *
   * @param at the first byte that is missing
   */
  public ByteRange(long from, long to, long at) {
    if (from < 0 || at < from || to < at) {
      throw new IllegalArgumentException("not a range: " + from + " to " + to + ", at " + at);
    }
    this.from = from;
    this.to = to;
    this.at = new AtomicLong(at);
  }

  /** The position of its first byte. */
  public long from() {
    return from;
  }

  /** The position behind its last byte; {@link Long#MAX_VALUE} where the size of the file is not known. */
  public long to() {
    return to;
  }

  /** The position of the first byte that is missing. */
  public long at() {
    return at.get();
  }

  /** How many bytes are missing. */
  public long missing() {
    return to - at.get();
  }

  /** So many more bytes are present. */
  public void advance(int bytes) {
    at.addAndGet(bytes);
  }

  /** Nothing is present any more. */
  void restart() {
    at.set(from);
  }

  /** The same range as it is now. */
  ByteRange copy() {
    return new ByteRange(from, to, Math.min(to, at.get()));
  }
}
