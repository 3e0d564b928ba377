package io.loomftp.internal.listing;

/** A line and the places of its words, used again for the next one. */
class Words {
  /** Words are split as far as a date can stand; names may have thousands of them. */
  private static final int MOST = 48;

  byte[] line = {};
  int words;
  final int[] from = new int[MOST];
  final int[] to = new int[MOST];

  /** Splits the line into words from a place on; only the first of many are kept. */
  final int split(int at) {
    byte[] l = line;
    int n = 0;
    int i = ByteScanner.skipBlanks(l, at);
    while (i < l.length && n < MOST) {
      from[n] = i;
      i = ByteScanner.skipWord(l, i);
      to[n++] = i;
      i = ByteScanner.skipBlanks(l, i);
    }
    words = n;
    return n;
  }

  /** Makes two words of one: the first ends at {@code end}, the second begins at {@code next}. */
  final void cut(int word, int end, int next) {
    int last = Math.min(words, MOST - 1);
    System.arraycopy(from, word, from, word + 1, last - word);
    System.arraycopy(to, word, to, word + 1, last - word);
    to[word] = end;
    from[word + 1] = next;
    words = last + 1;
  }

  /** The bytes of a word. */
  final int length(int word) {
    return to[word] - from[word];
  }

  /** The blanks between a word and the next one. */
  final int gapBehind(int word) {
    return word + 1 < words ? from[word + 1] - to[word] : 0;
  }

  /** Whether a word is a number. */
  final boolean isNumber(int word) {
    return word < words && ByteScanner.isNumber(line, from[word], to[word]);
  }

  /** The number that a word is, or -1. */
  final long number(int word) {
    return word < words ? ByteScanner.number(line, from[word], to[word]) : -1;
  }

  /** Whether a word is this one, in any case. */
  final boolean is(int word, String text) {
    return word < words && ByteScanner.same(line, from[word], to[word], text);
  }
}
