package io.loomftp.internal.wire;

import java.util.Optional;
import java.util.regex.Pattern;

/** The path in a reply to PWD or MKD: {@code 257 "/a ""b"" c" created} (RFC 959 appendix II). */
public final class QuotedPath {
  /** The text behind the path on servers that do not quote it. */
  private static final Pattern TAIL =
      Pattern.compile("\\s+(is|as)\\s+(the |your )?(current|present|working|cwd).*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /** {@code /a}, {@code C:\a}, {@code \a}, {@code DISK:[A]}, {@code [A]}. */
  private static final Pattern BARE = Pattern.compile("(/|\\\\|[A-Za-z]:|[\\w$]*:?\\[).*");

  private QuotedPath() {}

  /** The quoted path, or one without quotes, as some servers write it; empty where the text has neither. */
  public static Optional<String> orBare(String text) {
    try {
      return Optional.of(of(text));
    } catch (BadReplyException e) {
      String bare = TAIL.matcher(text.strip()).replaceFirst("");
      boolean path = BARE.matcher(bare).matches() && bare.chars().noneMatch(Character::isISOControl);
      return path ? Optional.of(bare) : Optional.empty();
    }
  }

  /**
   * The path without its quotes, doubled quotes reduced to one.
   *
   * @throws BadReplyException when there is no quoted path, or an invalid one: empty, unterminated or with control characters
   */
  public static String of(String text) throws BadReplyException {
    int open = text.indexOf('"');
    if (open < 0) {
      throw bad(text);
    }
    StringBuilder path = new StringBuilder();
    for (int i = open + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        if (i + 1 < text.length() && text.charAt(i + 1) == '"') {
          i++;
        } else if (isInPath(text, i)) {
          path.append(c);
          continue;
        } else if (path.isEmpty()) {
          throw bad(text);
        } else {
          return path.toString();
        }
      } else if (Character.isISOControl(c) && c < 0x80 && c != '\t') {
        throw bad(text);
      }
      path.append(c);
    }
    throw bad(text);
  }

  /** Whether a quote that is not doubled, as by some servers, is in the middle of the path. */
  private static boolean isInPath(String text, int quote) {
    return quote + 1 < text.length()
        && Character.isLetterOrDigit(text.charAt(quote + 1))
        && text.indexOf('"', quote + 1) > 0;
  }

  private static BadReplyException bad(String text) {
    return new BadReplyException("no path in '" + Command.printable(text) + "'");
  }
}
