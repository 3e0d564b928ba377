package io.loomftp.internal.text;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Converts the bytes of names to text and back without loss, for any bytes.
 *
 * <p>Bytes that are valid in the charset are decoded in it. Every other byte, which is always 0x80 or more, becomes the
 * lone low surrogate {@code U+DC00 + byte}: no charset decodes anything to that, and encoding turns it into the same byte
 * again. A character that can neither be encoded nor is such an escape is rejected, never replaced by a question mark.
 *
 * <p>Requires a charset that encodes ASCII characters as themselves. Immutable.
 */
public final class NameCodec {
  private static final int ESCAPE = 0xDC00;
  private static final int LONGEST_CHARACTER = 4; // bytes, as in GB18030 and EUC-TW
  private static final char REPLACEMENT = '\uFFFD';

  private final Charset charset;
  private final boolean latin1;
  private final boolean utf8;

  /** A codec for a charset that encodes ASCII characters as themselves. */
  public NameCodec(Charset charset) {
    this.charset = charset;
    latin1 = charset.equals(StandardCharsets.ISO_8859_1);
    utf8 = charset.equals(StandardCharsets.UTF_8);
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
    // Java's UTF-8 accepts one form of each character only: without a replacement it encodes to the same bytes.
    if (utf8 ? text.indexOf(REPLACEMENT) < 0 : isEncodingOf(text, bytes, off, len)) {
      return text;
    }
    byte[] wanted = Arrays.copyOfRange(bytes, off, off + len);
    if (utf8) {
      return decodeUtf8(wanted);
    }
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

  /** Decodes one character at a time; where there is none, escapes one byte. */
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
      int length = character.lengthAt(at);
      if (length == 0) {
        text.append((char) (ESCAPE + (b & 0xFF)));
      } else {
        text.append(character.text());
      }
      at += Math.max(length, 1);
    }
    return text.toString();
  }

  /** The same for UTF-8, whose sequences give their length (Unicode table 3-7). */
  private static String decodeUtf8(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length);
    int at = 0;
    while (at < bytes.length) {
      int length = lengthOfUtf8(bytes, at);
      int first = bytes[at] & 0xFF;
      switch (length) {
        case 1 -> text.append((char) first);
        case 2 -> text.append((char) ((first & 0x1F) << 6 | trail(bytes, at + 1)));
        case 3 -> text.append((char) ((first & 0x0F) << 12 | trail(bytes, at + 1) << 6 | trail(bytes, at + 2)));
        case 4 -> text.appendCodePoint((first & 0x07) << 18 | trail(bytes, at + 1) << 12 | trail(bytes, at + 2) << 6
            | trail(bytes, at + 3));
        default -> text.append((char) (ESCAPE + first));
      }
      at += Math.max(length, 1);
    }
    return text.toString();
  }

  /** The bytes of the character that begins here; 0 where none does. */
  private static int lengthOfUtf8(byte[] bytes, int at) {
    int first = bytes[at] & 0xFF;
    int length = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
    if (length < 2) {
      return length;
    }
    if (at + length > bytes.length) {
      return 0;
    }
    int second = bytes[at + 1] & 0xFF;
    int lowest = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    int highest = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (second < lowest || second > highest) {
      return 0;
    }
    for (int i = at + 2; i < at + length; i++) {
      if ((bytes[i] & 0xC0) != 0x80) {
        return 0;
      }
    }
    return length;
  }

  private static int trail(byte[] bytes, int at) {
    return bytes[at] & 0x3F;
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
   * Encodes a name.
   *
   * @throws CharacterCodingException if the charset cannot encode one of its characters, or a surrogate stands alone that
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

  /** Finds the character that begins at an offset and encodes to the same bytes. */
  private static final class OneCharacter {
    private final CharsetDecoder decoder;
    private final CharsetEncoder encoder;
    private final ByteBuffer in;
    private final CharBuffer text = CharBuffer.allocate(2);
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

    /** The length of the character in bytes; 0 where there is none. */
    int lengthAt(int at) {
      in.limit(Math.min(at + LONGEST_CHARACTER, in.capacity())).position(at);
      text.clear().limit(1); // so that the decoder stops behind one character
      CoderResult result = decoder.reset().decode(in, text, true);
      if (text.position() == 0 && result.isOverflow()) {
        text.limit(2); // a pair of surrogates, or a letter with its accent
        decoder.reset().decode(in, text, true);
      }
      if (text.position() == 0) {
        return 0;
      }
      int end = in.position();
      text.flip();
      back.clear();
      if (encoder.reset().encode(text, back, true).isError() || encoder.flush(back).isError()) {
        return 0;
      }
      text.rewind();
      return back.flip().equals(in.limit(end).position(at)) ? end - at : 0;
    }

    CharBuffer text() {
      return text;
    }
  }
}
