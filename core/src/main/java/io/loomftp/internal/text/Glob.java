package io.loomftp.internal.text;

/**
 * Matches names against a pattern with {@code *} (any run of characters) and {@code ?} (any one), in a time that grows with
 * the product of both lengths at most, whatever the name. Case matters.
 */
public final class Glob {
  private final String pattern;

  /** A pattern for whole names. */
  public Glob(String pattern) {
    this.pattern = pattern;
  }

  /** Whether a text has wildcard characters. */
  public static boolean isPattern(String text) {
    return text.indexOf('*') >= 0 || text.indexOf('?') >= 0;
  }

  /** Whether the whole name matches. */
  public boolean matches(String name) {
    int p = 0;
    int n = 0;
    int star = -1;
    int tried = 0;
    while (n < name.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        tried = n;
      } else if (p < pattern.length() && (pattern.charAt(p) == '?' || pattern.charAt(p) == name.charAt(n))) {
        p++;
        n++;
      } else if (star >= 0) {
        // Only the last star needs to match one more: earlier matches can stay.
        p = star + 1;
        n = ++tried;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  @Override
  public String toString() {
    return pattern;
  }
}
