package io.loomftp.internal.listing;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Splits a listing into lines, as bytes: decoding comes after, so that no byte of a name is taken for a line end. A line
 * ends with LF; CRs before it are part of the end. No more than one line is kept, and no more of it than allowed.
 */
final class LineReader {
  private static final int BUFFER = 16 << 10;

  private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long LINE_FEEDS = '\n' * ONES;

  private final InputStream in;
  private final int maxLine;
  private byte[] buffer;
  private int at;
  private int limit;
  private boolean ended;

  private byte[] line = {};
  private boolean cut;
  private long number;

  LineReader(InputStream in, int maxLine) {
    this.in = in;
    this.maxLine = maxLine;
    buffer = new byte[BUFFER];
  }

  /** The bytes of the line, without its end; the caller's to keep. */
  byte[] line() {
    return line;
  }

  /** Whether the line was longer than allowed: then the rest of it is lost. */
  boolean isCut() {
    return cut;
  }

  /** The number of the line, from 1. */
  long number() {
    return number;
  }

  /** Goes to the next line; false at the end of the listing. */
  boolean next() throws IOException {
    int scanned = at;
    while (true) {
      int end = lineFeed(scanned);
      if (end >= 0) {
        take(end);
        at = end + 1;
        return true;
      }
      if (limit - at > maxLine + 1) { // a CR may stand before the end
        take(limit);
        cut = true;
        skipRest();
        return true;
      }
      scanned = limit - at;
      if (!fill()) {
        if (at == limit) {
          return false;
        }
        take(limit);
        at = limit;
        return true;
      }
    }
  }

  /** The next line feed from a place on, or -1: eight bytes at a time. */
  private int lineFeed(int from) {
    int i = from;
    for (; i <= limit - Long.BYTES; i += Long.BYTES) {
      long zeros = (long) LONGS.get(buffer, i) ^ LINE_FEEDS; // a line feed is a zero byte now
      long found = (zeros - ONES) & ~zeros & HIGH_BITS; // its lowest bit is in the first zero byte
      if (found != 0) {
        return i + (Long.numberOfTrailingZeros(found) >>> 3);
      }
    }
    return ByteScanner.indexOf(buffer, i, limit, '\n');
  }

  private void take(int end) {
    int to = end;
    while (to > at && buffer[to - 1] == '\r') {
      to--;
    }
    cut = to - at > maxLine;
    line = Arrays.copyOfRange(buffer, at, cut ? at + maxLine : to);
    number++;
  }

  /** Reads more behind what is there, which moves to the start. */
  private boolean fill() throws IOException {
    if (ended) {
      return false;
    }
    if (at > 0) {
      System.arraycopy(buffer, at, buffer, 0, limit - at);
      limit -= at;
      at = 0;
    }
    if (limit == buffer.length) {
      buffer = Arrays.copyOf(buffer, buffer.length * 2); // lines longer than the buffer are allowed
    }
    int count = in.read(buffer, limit, buffer.length - limit);
    ended = count < 0;
    limit += Math.max(count, 0);
    return !ended;
  }

  private void skipRest() throws IOException {
    while (true) {
      at = limit;
      if (!fill()) {
        return;
      }
      int end = lineFeed(at);
      if (end >= 0) {
        at = end + 1;
        return;
      }
    }
  }
}
