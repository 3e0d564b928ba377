package io.loomftp.mirror;

import java.util.Locale;

/** Writes any text on one line, and reads it back as it was. */
final class LineEscapes {
  private LineEscapes() {}

  /**
   * The text with a backslash before what could not stand in a field of a line of UTF-8: control characters, line and
   * paragraph separators, halves of surrogate pairs, and the backslash itself.
   */
  static String escape(String text) {
    int i = 0;
    while (i < text.length() && isPlain(text.charAt(i))) {
      i++;
    }
    if (i == text.length()) {
      return text;
    }
    StringBuilder safe = new StringBuilder(text.length() + 8).append(text, 0, i);
    while (i < text.length()) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      switch (c) {
        case '\\' -> safe.append("\\\\");
        case '\t' -> safe.append("\\t");
        case '\n' -> safe.append("\\n");
        case '\r' -> safe.append("\\r");
        default -> appendVisible(c, safe);
      }
    }
    return safe.toString();
  }

  private static boolean isPlain(char c) {
    return c != '\\' && (c >= ' ' && c < 0x7F || c >= 0xA1 && c < 0x2000);
  }

  private static void appendVisible(int c, StringBuilder safe) {
    switch (Character.getType(c)) {
      case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
          Character.FORMAT -> {
        for (char half : Character.toChars(c)) {
          safe.append(String.format(Locale.ROOT, "\\u%04X", (int) half));
        }
      }
      default -> safe.appendCodePoint(c);
    }
  }

  /**
   * What was escaped.
   *
   * @throws IllegalArgumentException when there is an escape that {@link #escape} does not write
   */
  static String unescape(String field) {
    int slash = field.indexOf('\\');
    if (slash < 0) {
      return field;
    }
    StringBuilder text = new StringBuilder(field.length());
    int done = 0;
    while (slash >= 0) {
      text.append(field, done, slash);
      char letter = slash + 1 < field.length() ? field.charAt(slash + 1) : ' ';
      done = slash + 2;
      switch (letter) {
        case '\\' -> text.append('\\');
        case 't' -> text.append('\t');
        case 'n' -> text.append('\n');
        case 'r' -> text.append('\r');
        case 'u' -> {
          text.append(hexadecimal(field, done));
          done += 4;
        }
        default -> throw new IllegalArgumentException("an unknown escape at " + slash);
      }
      slash = field.indexOf('\\', done);
    }
    return text.append(field, done, field.length()).toString();
  }

  private static char hexadecimal(String field, int from) {
    if (from + 4 > field.length()) {
      throw new IllegalArgumentException("an escape is cut off");
    }
    int value = 0;
    for (int i = from; i < from + 4; i++) {
      int digit = "0123456789ABCDEF".indexOf(field.charAt(i));
      if (digit < 0) {
        throw new IllegalArgumentException("not a hexadecimal number at " + i);
      }
      value = value << 4 | digit;
    }
    return (char) value;
  }

  /** The text for people: what could break a line or pretend to be another is shown as its number. */
  static String visible(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints().forEach(c -> appendVisible(c, safe));
    return safe.toString();
  }
}
