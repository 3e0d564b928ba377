package io.loomftp.internal.wire;

import io.loomftp.internal.text.NameCodec;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A command: a verb and an optional argument (RFC 959 section 5.3). Arguments are encoded here and nowhere else, so this is the
 * one place that rejects an argument which would inject a second command.
 *
 * @param verb three to eight letters, in upper case
 * @param argument behind one blank, or null for none
 * @param secret whether the argument must never be shown
 */
public record Command(String verb, @Nullable String argument, boolean secret) {
  private static final int IAC = 0xFF;
  private static final int MAX_VERB = 8;
  /** PSWD, PASS, PASSWD, CHPASS, CPWD, GPASS: the words behind SITE that servers have for passwords. */
  private static final Pattern OF_PASSWORDS =
      Pattern.compile("\\s*\\w*(PASS|PSWD|PWD)\\w*(\\s.*)?", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /** Checks the verb. */
  public Command {
    verb = verb.toUpperCase(Locale.ROOT);
    if (verb.isEmpty() || verb.length() > MAX_VERB || !isVerb(verb)) {
      throw new IllegalArgumentException("not an FTP command: '" + printable(verb) + "'");
    }
  }

  /** A letter, then letters and digits, as in {@code XSHA256}. */
  private static boolean isVerb(String text) {
    return Character.isLetter(text.charAt(0))
        && text.chars().allMatch(c -> (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'));
  }

  /** A command without an argument. */
  public static Command of(String verb) {
    return new Command(verb, null, false);
  }

  /** A command with an argument; that of PASS, ACCT, and SITE PSWD and its kin is secret. */
  public static Command of(String verb, String argument) {
    return new Command(verb, argument, isSecret(verb, argument));
  }

  /**
   * The line with its CRLF.
   *
   * @param limit the most bytes of the argument
   * @throws IllegalArgumentException for an argument with CR, LF or NUL, one that is too long, or one that the charset cannot
   *     encode
   */
  public byte[] encode(NameCodec codec, int limit) {
    byte[] head = verb.getBytes(StandardCharsets.US_ASCII);
    if (argument == null) {
      return join(head, new byte[0]);
    }
    byte[] bytes = bytes(codec, limit, verb + ": ");
    int doubled = 0;
    for (byte b : bytes) {
      doubled += (b & 0xFF) == IAC ? 1 : 0;
    }
    byte[] tail = new byte[1 + bytes.length + doubled];
    tail[0] = ' ';
    int at = 1;
    for (byte b : bytes) {
      tail[at++] = b;
      if ((b & 0xFF) == IAC) {
        tail[at++] = b;
      }
    }
    return join(head, tail);
  }

  /** The line without its end and without masking, for a command that carries another one; never for display. */
  public String line() {
    return argument == null ? verb : verb + " " + argument;
  }

  /** The texts that must never be shown: the argument of a secret command, of SITE each of its words but the first. */
  public List<String> secrets() {
    if (!secret || argument == null) {
      return List.of();
    }
    return verb.equals("SITE") ? Arrays.stream(argument.strip().split("\\s+")).skip(1).toList() : List.of(argument);
  }

  /** The line without its end, for logs, transcripts and messages: secrets masked, control characters replaced. */
  @Override
  public String toString() {
    return argument == null ? verb : verb + " " + shown();
  }

  /** Replaces control characters, so that the text is safe in a log. */
  public static String printable(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.chars().forEach(c -> out.append(Character.isISOControl(c) || Character.isSurrogate((char) c) ? '?' : (char) c));
    return out.toString();
  }

  /**
   * Checks that a text can be the argument of a command.
   *
   * @throws IllegalArgumentException as {@link #encode} does
   */
  public static void checkArgument(String argument, NameCodec codec, int limit) {
    new Command("SITE", argument, isSecret("SITE", argument)).bytes(codec, limit, "");
  }

  private byte[] bytes(NameCodec codec, int limit, String prefix) {
    byte[] bytes;
    try {
      bytes = codec.encode(argument == null ? "" : argument);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          prefix + "'" + shown() + "' has characters that the connection's charset cannot encode", e);
    }
    if (bytes.length > limit) {
      throw new IllegalArgumentException(prefix + "the argument has " + bytes.length + " bytes, more than " + limit);
    }
    for (byte b : bytes) {
      if (b == 0 || b == '\r' || b == '\n') {
        throw new IllegalArgumentException(prefix + "CR, LF and NUL cannot be part of an argument: '" + shown() + "'");
      }
    }
    return bytes;
  }

  private String shown() {
    return secret || argument == null ? "***" : printable(argument);
  }

  private static boolean isSecret(String verb, String argument) {
    return verb.equalsIgnoreCase("PASS")
        || verb.equalsIgnoreCase("ACCT")
        || (verb.equalsIgnoreCase("SITE") && OF_PASSWORDS.matcher(argument).matches());
  }

  private static byte[] join(byte[] head, byte[] tail) {
    byte[] line = Arrays.copyOf(head, head.length + tail.length + 2);
    System.arraycopy(tail, 0, line, head.length, tail.length);
    line[line.length - 2] = '\r';
    line[line.length - 1] = '\n';
    return line;
  }
}
