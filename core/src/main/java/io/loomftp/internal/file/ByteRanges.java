package io.loomftp.internal.file;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Divides a file into ranges, and fits those of an earlier download to what is wanted now. */
final class ByteRanges {
  private ByteRanges() {}

  /** Ranges of about the same length, all of them empty. */
  static List<ByteRange> split(long from, long to, int pieces) {
    List<ByteRange> all = new ArrayList<>();
    for (int i = 0; i < pieces; i++) {
      long first = from + start(to - from, i, pieces);
      all.add(new ByteRange(first, from + start(to - from, i + 1, pieces), first));
    }
    return all;
  }

  private static long start(long length, int i, int pieces) {
    return length / pieces * i + length % pieces * i / pieces;
  }

  /** Sets the length of a file in several pieces, which says nothing of what is present. */
  static void extend(UninterruptedFile file, long size) throws IOException {
    file.write(new byte[1], 0, 1, size - 1);
  }

  /** Fits what is present of a file to the number of ranges that are wanted. A file in one piece ends where its data does. */
  static List<ByteRange> fit(List<ByteRange> known, int pieces) {
    long prefix = prefix(known);
    long whole = known.getLast().to();
    if (pieces == 1 || prefix == whole) {
      return List.of(new ByteRange(0, whole, prefix));
    }
    if (known.size() > 1) {
      return known;
    }
    List<ByteRange> all = new ArrayList<>();
    if (prefix > 0) {
      all.add(new ByteRange(0, prefix, prefix));
    }
    all.addAll(split(prefix, whole, pieces));
    return all;
  }

  /** How many bytes are present without a gap. */
  static long prefix(List<ByteRange> ranges) {
    long end = 0;
    for (ByteRange range : ranges) {
      end = range.at();
      if (range.missing() > 0) {
        break;
      }
    }
    return end;
  }
}
