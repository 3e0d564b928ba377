package io.loomftp;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A server's reply to a command (RFC 959 section 4.2).
 *
 * @param code the three digits, 100 to 659
 * @param lines the text of each line, without the code and without line ends; never empty. Decoded like names, see the
 *     package comment; control characters are as the server sent them
 */
public record Reply(int code, List<String> lines) implements Serializable {
  /** Checks the code and takes a copy of the lines. */
  public Reply {
    if (code < 100 || code > 659) {
      throw new IllegalArgumentException("not a reply code: " + code);
    }
    if (lines.isEmpty()) {
      throw new IllegalArgumentException("a reply has at least one line");
    }
    lines = List.copyOf(lines);
  }

  /** A reply of one line. */
  public static Reply of(int code, String text) {
    return new Reply(code, List.of(text));
  }

  /** The whole text, lines joined by {@code \n}, without the code. */
  public String text() {
    return String.join("\n", lines);
  }

  /** The first digit, which alone decides what happens next (RFC 1123 section 4.1.2.11). */
  public int firstDigit() {
    return code / 100;
  }

  /** 1yz: the command was started, another reply follows. */
  public boolean isPreliminary() {
    return firstDigit() == 1;
  }

  /** 2yz: the command was carried out. */
  public boolean isCompletion() {
    return firstDigit() == 2;
  }

  /** 3yz: the server waits for the next command of a sequence. */
  public boolean isIntermediate() {
    return firstDigit() == 3;
  }

  /** 4yz: refused now, the same command may succeed later. */
  public boolean isTransientError() {
    return firstDigit() == 4;
  }

  /** 4yz, 5yz or 6yz: refused or failed. */
  public boolean isError() {
    return firstDigit() >= 4;
  }

  /** The code and the text on one line, control characters replaced: safe for logs and messages. */
  @Override
  public String toString() {
    return code
        + " "
        + lines.stream().map(Reply::printable).collect(Collectors.joining(" / ")).strip();
  }

  private static String printable(String line) {
    StringBuilder out = new StringBuilder(line.length());
    line.chars().forEach(c -> out.append(Character.isISOControl(c) || Character.isSurrogate((char) c) ? '?' : (char) c));
    return out.toString().strip();
  }
}
