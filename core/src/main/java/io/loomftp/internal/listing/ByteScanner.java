package io.loomftp.internal.listing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Looks at the bytes of a line: blanks, digits, numbers, words. */
final class ByteScanner {
  private ByteScanner() {}

  static boolean isDigit(int b) {
    return b >= '0' && b <= '9';
  }

  static boolean isBlank(int b) {
    return b == ' ' || b == '\t';
  }

  /** The first place from {@code at} on that is not blank. */
  static int skipBlanks(byte[] line, int at) {
    int i = at;
    while (i < line.length && isBlank(line[i])) {
      i++;
    }
    return i;
  }

  /** The first blank from {@code at} on, or the end. */
  static int skipWord(byte[] line, int at) {
    int i = at;
    while (i < line.length && !isBlank(line[i])) {
      i++;
    }
    return i;
  }

  /** The first place from {@code at} on that is no digit. */
  static int skipDigits(byte[] line, int at, int to) {
    int i = at;
    while (i < to && isDigit(line[i])) {
      i++;
    }
    return i;
  }

  /** Whether there is something between these places, and digits only. */
  static boolean isNumber(byte[] line, int from, int to) {
    return from < to && isDigit(line[to - 1]) && skipDigits(line, from, to) == to;
  }

  /** The number between these places; -1 where it is none or does not fit. */
  static long number(byte[] line, int from, int to) {
    if (from >= to) {
      return -1;
    }
    long value = 0;
    for (int i = from; i < to; i++) {
      int digit = line[i] - '0';
      if (digit < 0 || digit > 9 || value > (Long.MAX_VALUE - digit) / 10) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  /** The number between these places where it has one to nine digits, else -1. */
  static int small(byte[] line, int from, int to) {
    if (from >= to || to - from > 9) {
      return -1;
    }
    int value = 0;
    for (int i = from; i < to; i++) {
      int digit = line[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  /** Whether this ASCII word stands here, in any case. */
  static boolean startsWith(byte[] line, int at, String word) {
    if (line.length - at < word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (lower(line[at + i]) != lower(word.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /** Whether exactly this ASCII word stands between two places, in any case. */
  static boolean same(byte[] line, int from, int to, String word) {
    return to - from == word.length() && startsWith(line, from, word);
  }

  static int lower(int b) {
    return b >= 'A' && b <= 'Z' ? b + 32 : b;
  }

  static int indexOf(byte[] line, int from, int to, int wanted) {
    for (int i = from; i < to; i++) {
      if (line[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  /** The text of bytes that are ASCII by the grammar of the dialect. */
  static String ascii(byte[] line, int from, int to) {
    return new String(line, from, to - from, StandardCharsets.ISO_8859_1);
  }

  /** The words of a line that is ASCII by the grammar of the dialect. */
  static String[] words(byte[] line) {
    List<String> words = new ArrayList<>();
    int at = skipBlanks(line, 0);
    while (at < line.length) {
      int end = skipWord(line, at);
      words.add(ascii(line, at, end));
      at = skipBlanks(line, end);
    }
    return words.toArray(String[]::new);
  }
}
