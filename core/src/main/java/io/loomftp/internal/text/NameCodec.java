package io.loomftp.internal.text;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Turns the bytes of names into text and back without losing one, whatever they are.
 *
 * <p>Bytes that are valid in the charset are decoded in it. Every other byte, which is always 0x80 or more, becomes the
 * lone low surrogate {@code U+DC00 + byte}: no charset decodes anything to that, and encoding turns it into the same byte
 * again. What can neither be encoded nor is such an escape is refused, never replaced by a question mark.
 *
 * <p>Needs a charset in which ASCII stands for itself. Immutable.
 */
public final class NameCodec {
  private static final int ESCAPE = 0xDC00;
  private static final char REPLACEMENT = '\uFFFD';

  private final Charset charset;
  private final boolean latin1;
  private final boolean utf8;
  private final int longest; // bytes of a character

  /** A codec for a charset in which ASCII stands for itself. */
  public NameCodec(Charset charset) {
    this.charset = charset;
    latin1 = charset.equals(StandardCharsets.ISO_8859_1);
    utf8 = charset.equals(StandardCharsets.UTF_8);
    longest = charset.canEncode() ? utf8 ? 4 : (int) Math.ceil(charset.newEncoder().maxBytesPerChar()) : 1;
  }

  /** The charset of the names. */
  public Charset charset() {
    return charset;
  }

  /** The text of all these bytes. */
  public String decode(byte[] bytes) {
    return decode(bytes, 0, bytes.length);
  }

  /** The text of some bytes. */
  public String decode(byte[] bytes, int off, int len) {
    if (latin1 || isAscii(bytes, off, off + len)) {
      return new String(bytes, off, len, StandardCharsets.ISO_8859_1);
    }
    String text = new String(bytes, off, len, charset);
    // Java's UTF-8 takes one form of each character only: without a replacement the way back is certain.
    if (utf8 ? text.indexOf(REPLACEMENT) < 0 : isEncodingOf(text, bytes, off, len)) {
      return text;
    }
    byte[] wanted = Arrays.copyOfRange(bytes, off, off + len);
    String mixed = decodeByCharacter(wanted);
    return gives(mixed, wanted) ? mixed : escapeAll(wanted);
  }

  private static boolean isAscii(byte[] bytes, int from, int to) {
    int all = 0;
    for (int i = from; i < to; i++) {
      all |= bytes[i];
    }
    return all >= 0;
  }

  private boolean isEncodingOf(String text, byte[] bytes, int off, int len) {
    byte[] back = text.getBytes(charset);
    return Arrays.equals(back, 0, back.length, bytes, off, off + len);
  }

  /** Takes the shortest valid sequence at each place; where there is none, one byte is escaped. */
  private String decodeByCharacter(byte[] bytes) {
    OneCharacter character = new OneCharacter(charset, bytes);
    StringBuilder text = new StringBuilder(bytes.length);
    int at = 0;
    while (at < bytes.length) {
      byte b = bytes[at];
      if (b >= 0) {
        text.append((char) b);
        at++;
        continue;
      }
      int length = 0;
      for (int n = shortest(b); length == 0 && n <= longest && at + n <= bytes.length; n++) {
        if (character.isAt(at, n)) {
          text.append(character.text());
          length = n;
        }
      }
      if (length == 0) {
        text.append((char) (ESCAPE + (b & 0xFF)));
      }
      at += Math.max(length, 1);
    }
    return text.toString();
  }

  /** The fewest bytes that a character can have which begins with this one. */
  private int shortest(byte first) {
    int bits = first & 0xFF;
    return !utf8 ? 1 : bits < 0xE0 ? 2 : bits < 0xF0 ? 3 : 4;
  }

  private boolean gives(String text, byte[] bytes) {
    try {
      return Arrays.equals(encode(text), bytes);
    } catch (CharacterCodingException e) {
      return false; // the characters on their own are valid, in this order they are not
    }
  }

  private static String escapeAll(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length);
    for (byte b : bytes) {
      text.append(b >= 0 ? (char) b : (char) (ESCAPE + (b & 0xFF)));
    }
    return text.toString();
  }

  /**
   * The bytes of a name.
   *
   * @throws CharacterCodingException if the charset does not have one of its characters, or a surrogate stands alone that
   *     is not an escaped byte
   */
  public byte[] encode(String name) throws CharacterCodingException {
    int length = name.length();
    int plain = 0;
    while (plain < length && name.charAt(plain) < 0x80) {
      plain++;
    }
    if (plain == length) {
      return name.getBytes(StandardCharsets.ISO_8859_1);
    }
    CharsetEncoder encoder = strict(charset.newEncoder());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(length * 2);
    int run = 0;
    int at = 0;
    while (at < length) {
      int c = name.codePointAt(at);
      if (c >= ESCAPE + 0x80 && c <= ESCAPE + 0xFF) {
        encodeRun(name, run, at, encoder, bytes);
        bytes.write(c - ESCAPE);
        run = at + 1;
      }
      at += Character.charCount(c);
    }
    encodeRun(name, run, length, encoder, bytes);
    return bytes.toByteArray();
  }

  private static CharsetEncoder strict(CharsetEncoder encoder) {
    return encoder
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT);
  }

  private static void encodeRun(String name, int from, int to, CharsetEncoder encoder, ByteArrayOutputStream bytes)
      throws CharacterCodingException {
    if (from < to) {
      ByteBuffer run = encoder.encode(CharBuffer.wrap(name, from, to));
      bytes.write(run.array(), run.arrayOffset() + run.position(), run.remaining());
    }
  }

  /** Looks whether a few bytes are one character, which encodes to the same bytes again. */
  private static final class OneCharacter {
    private final CharsetDecoder decoder;
    private final CharsetEncoder encoder;
    private final ByteBuffer in;
    private final CharBuffer text = CharBuffer.allocate(4);
    private final ByteBuffer back = ByteBuffer.allocate(16);

    OneCharacter(Charset charset, byte[] bytes) {
      decoder =
          charset
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT);
      encoder = strict(charset.newEncoder());
      in = ByteBuffer.wrap(bytes);
    }

    boolean isAt(int at, int length) {
      in.limit(at + length).position(at);
      text.clear();
      back.clear();
      if (decoder.reset().decode(in, text, true).isError() || decoder.flush(text).isError()) {
        return false;
      }
      text.flip();
      int characters = Character.codePointCount(text, 0, text.length());
      if (characters < 1 || characters > 2
          || encoder.reset().encode(text, back, true).isError() || encoder.flush(back).isError()) {
        return false;
      }
      text.rewind();
      return back.flip().equals(in.position(at));
    }

    CharBuffer text() {
      return text;
    }
  }
}
