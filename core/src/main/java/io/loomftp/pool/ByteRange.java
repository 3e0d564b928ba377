package io.loomftp.pool;

import java.util.concurrent.atomic.AtomicLong;

/** A part of a file that is fetched by one session at a time: what is there of it, and what is missing. */
final class ByteRange {
  private final long from;
  private final long to;
  private final AtomicLong at;

  /**
   * Bytes from one position, up to and without another.
   *
   * @param at up to where it is there already
   */
  ByteRange(long from, long to, long at) {
    if (from < 0 || at < from || to < at) {
      throw new IllegalArgumentException("not a range: " + from + " to " + to + ", at " + at);
    }
    this.from = from;
    this.to = to;
    this.at = new AtomicLong(at);
  }

  long from() {
    return from;
  }

  long to() {
    return to;
  }

  /** The first byte that is missing. */
  long at() {
    return at.get();
  }

  long missing() {
    return to - at.get();
  }

  /** So many bytes more are there; one thread at a time. */
  void advance(int bytes) {
    at.addAndGet(bytes);
  }
}
