package io.loomftp.internal.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.FtpConfig;
import io.loomftp.internal.listing.CpuTime;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NameCodecTest {
  private static final NameCodec UTF_8 = new NameCodec(StandardCharsets.UTF_8);

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "ISO-8859-1", "windows-1252", "Shift_JIS", "GBK", "EUC-JP", "GB18030", "Big5", "EUC-KR",
      "windows-31j", "KOI8-R", "US-ASCII", "Big5-HKSCS", "x-SJIS_0213", "IBM850"})
  void everySequenceOfOneAndTwoBytesComesBack(String charset) throws Exception {
    NameCodec codec = new NameCodec(Charset.forName(charset));
    for (int first = 0; first < 256; first++) {
      comesBack(codec, new byte[] {(byte) first});
      for (int second = 0; second < 256; second++) {
        comesBack(codec, new byte[] {(byte) first, (byte) second});
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "ISO-8859-1", "windows-1252", "Shift_JIS", "GBK", "EUC-JP", "GB18030", "Big5", "EUC-KR",
      "windows-31j", "KOI8-R", "US-ASCII", "Big5-HKSCS", "x-SJIS_0213", "IBM850"})
  void randomBytesComeBack(String charset) throws Exception {
    NameCodec codec = new NameCodec(Charset.forName(charset));
    Random random = new Random(20260101);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(24)];
      random.nextBytes(bytes);
      comesBack(codec, bytes);
    }
  }

  private static void comesBack(NameCodec codec, byte[] bytes) throws CharacterCodingException {
    String text = codec.decode(bytes);
    assertArrayEquals(bytes, codec.encode(text), () -> codec.charset() + " " + HexFormat.of().formatHex(bytes));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "ISO-8859-1", "Shift_JIS", "GBK", "EUC-JP", "GB18030"})
  void validNamesAreDecodedAsTheCharsetSays(String charset) {
    Charset other = Charset.forName(charset);
    String name = charset.equals("ISO-8859-1") ? "Grüße" : "日本語 漢字.txt";
    byte[] bytes = name.getBytes(other);
    byte[] around = new byte[bytes.length + 4];
    System.arraycopy(bytes, 0, around, 2, bytes.length);
    assertEquals(name, new NameCodec(other).decode(around, 2, bytes.length));
  }

  @Test
  void badBytesBecomeLoneLowSurrogatesAndTheRestIsText() {
    byte[] bytes = concat(utf8("größe-"), new byte[] {(byte) 0xE4}, utf8("-ü"));
    assertEquals("größe-\uDCE4-ü", UTF_8.decode(bytes));
  }

  @Test
  void overlongAndSurrogateFormsOfUtf8AreNotText() {
    assertEquals("\uDCC0\uDCAF", UTF_8.decode(new byte[] {(byte) 0xC0, (byte) 0xAF}));
    assertEquals("\uDCED\uDCB2\uDC80", UTF_8.decode(new byte[] {(byte) 0xED, (byte) 0xB2, (byte) 0x80}));
    assertEquals("\uDCF5\uDC80\uDC80\uDC80", UTF_8.decode(new byte[] {(byte) 0xF5, (byte) 0x80, (byte) 0x80, (byte) 0x80}));
  }

  @Test
  void aRealReplacementCharacterIsText() throws Exception {
    byte[] bytes = "\uFFFD\u00e4".getBytes(StandardCharsets.UTF_8);
    assertEquals("\uFFFD\u00e4", UTF_8.decode(bytes));
    assertArrayEquals(bytes, UTF_8.encode("\uFFFD\u00e4"));
  }

  @Test
  void aLowSurrogateOfAPairIsNoEscape() throws Exception {
    String skull = "\uD83D\uDC80"; // its second half is in the range of the escapes
    assertArrayEquals(skull.getBytes(StandardCharsets.UTF_8), UTF_8.encode(skull));
    assertEquals(skull, UTF_8.decode(skull.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void whatCannotBeEncodedIsRefused() {
    NameCodec latin1 = new NameCodec(StandardCharsets.ISO_8859_1);
    assertThrows(CharacterCodingException.class, () -> latin1.encode("日本"));
    assertThrows(CharacterCodingException.class, () -> UTF_8.encode("a\uD83Db"));
    assertThrows(CharacterCodingException.class, () -> UTF_8.encode("a\uDC7F"));
    assertThrows(CharacterCodingException.class, () -> UTF_8.encode("a\uDD00"));
    assertThrows(CharacterCodingException.class, () -> new NameCodec(Charset.forName("Shift_JIS")).encode("ä"));
  }

  @Test
  void escapedBytesAreSentInAnyCharset() throws Exception {
    NameCodec ascii = new NameCodec(StandardCharsets.US_ASCII);
    assertArrayEquals(new byte[] {'a', (byte) 0x80, (byte) 0xFF}, ascii.encode("a\uDC80\uDCFF"));
  }

  @Test
  void textBetweenBadBytesIsStillText() {
    for (String charset : new String[] {"Shift_JIS", "GBK", "EUC-JP", "GB18030", "Big5"}) {
      Charset other = Charset.forName(charset);
      byte[] bytes = concat("日本-".getBytes(other), new byte[] {(byte) 0xFF, '-'}, "語".getBytes(other));
      assertEquals("日本-\uDCFF-語", new NameCodec(other).decode(bytes));
    }
  }

  @Test
  void charactersThatWouldComeBackAsOtherBytesAreEscaped() throws Exception {
    Charset windows31j = Charset.forName("windows-31j");
    byte[] bytes = {(byte) 0xED, 0x40, (byte) 0x93, (byte) 0xFA}; // NEC's copy of a kanji that encodes as 0xFA5C, and 日
    assertEquals("\uDCED@日", new NameCodec(windows31j).decode(bytes));
  }

  @Test
  void longRunsOfBadBytesTakeLittleTime() throws Exception {
    NameCodec codec = new NameCodec(Charset.forName("GB18030"));
    byte[] bytes = new byte[8 << 10];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i % 3 == 0 ? 'a' : 0xFF);
    }
    long best = Long.MAX_VALUE;
    for (int run = 0; run < 20; run++) {
      long start = CpuTime.now();
      comesBack(codec, bytes);
      best = Math.min(best, CpuTime.now() - start);
    }
    assertTrue(best < 10_000_000, "8 KiB took " + best / 1000 + " µs");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ISO-2022-JP", "ISO-2022-KR", "UTF-16", "UTF-32", "IBM037", "x-JISAutoDetect"})
  void configurationRejectsCharsetsThatDoNotEncodeAsciiAsItself(String charset) {
    FtpConfig.Builder config = FtpConfig.builder("ftp.example.org");
    assertThrows(IllegalArgumentException.class, () -> config.charset(Charset.forName(charset)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "ISO-8859-1", "windows-1252", "Shift_JIS", "windows-31j", "GBK", "GB18030", "EUC-JP"})
  void configurationTakesCharsetsThatHoldAscii(String charset) {
    Charset wanted = Charset.forName(charset);
    assertEquals(wanted, FtpConfig.builder("ftp.example.org").charset(wanted).build().charset());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] concat(byte[]... parts) {
    byte[] all = {};
    for (byte[] part : parts) {
      int length = all.length;
      all = Arrays.copyOf(all, length + part.length);
      System.arraycopy(part, 0, all, length, part.length);
    }
    return all;
  }
}
