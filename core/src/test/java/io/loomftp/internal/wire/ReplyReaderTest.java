package io.loomftp.internal.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.Limits;
import io.loomftp.Reply;
import io.loomftp.internal.text.NameCodec;
import java.io.EOFException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Replies as RFC 959 defines them, as servers send them, and as an attacker would. */
@Timeout(20)
class ReplyReaderTest {
  private static final Duration SOON = Duration.ofMillis(200);
  private static final Duration LATE = Duration.ofSeconds(30);

  /** Gives a text in pieces; after its end there is silence, or the end of the stream. */
  private static final class Pieces implements ReplyReader.Source {
    private final byte[] bytes;
    private final int piece;
    private final boolean closing;
    private int at;
    private int waits;

    Pieces(String text, int piece, boolean closing) {
      this.bytes = text.getBytes(StandardCharsets.ISO_8859_1);
      this.piece = piece;
      this.closing = closing;
    }

    @Override
    public int read(byte[] buffer, Duration bound) throws SocketTimeoutException {
      if (at == bytes.length) {
        if (closing) {
          return -1;
        }
        waits++;
        throw new SocketTimeoutException("silence");
      }
      int n = Math.min(Math.min(piece, buffer.length), bytes.length - at);
      System.arraycopy(bytes, at, buffer, 0, n);
      at += n;
      return n;
    }
  }

  private static ReplyReader reader(String text, int piece) {
    return new ReplyReader(new Pieces(text, piece, false), new NameCodec(StandardCharsets.UTF_8), Limits.defaults());
  }

  private static Reply one(String text) throws Exception {
    Reply whole = reader(text, 4096).read(LATE);
    assertEquals(whole, reader(text, 1).read(LATE), "the same byte by byte");
    return whole;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
          "220 hi\\r\\n # 220 # hi",
          "220 hi\\n # 220 # hi",
          "220 hi\\r\\r\\n # 220 # hi",
          "220\\r\\n # 220 # ``",
          "220 \\r\\n # 220 # ``",
          "\\r\\n\\r\\n220 hi\\r\\n # 220 # hi",
          "220-a\\r\\n220 b\\r\\n # 220 # a|b",
          "220-a\\r\\n220\\r\\n # 220 # a|",
          "220-\\r\\n220 \\r\\n # 220 # |",
          "200-\\r\\n200-\\r\\n200 b\\r\\n # 200 # ||b",
          "220-a\\nb\\n220 c\\n # 220 # a|b|c",
          "211-Features:\\r\\n MDTM\\r\\n SIZE\\r\\n211 End\\r\\n # 211 # Features:| MDTM| SIZE|End",
          "250-a\\r\\n250-b\\r\\n250 c\\r\\n # 250 # a|b|c",
          "250-a\\r\\n550-b\\r\\n250 c\\r\\n # 250 # a|550-b|c",
          "250-a\\r\\n  250 b\\r\\n250 c\\r\\n # 250 # a|  250 b|c",
          "250-a\\r\\n2500 b\\r\\n250 c\\r\\n # 250 # a|2500 b|c",
          "250-a\\r\\n250x\\r\\n250 c\\r\\n # 250 # a|250x|c",
          "250-a\\r\\n550 not the end\\r\\n250 c\\r\\n # 250 # a|550 not the end|c",
          "150-a\\r\\n226 within\\r\\n150 c\\r\\n # 150 # a|226 within|c",
          "230-\\r\\n\\r\\n\\r\\n230 ok\\r\\n # 230 # |||ok",
          "599 x\\r\\n # 599 # x",
          "100 x\\r\\n # 100 # x"
      })
  void aReplyEndsWithItsOwnCodeAndABlank(String text, int code, String lines) throws Exception {
    String sent = text.strip().replace("\\r", "\r").replace("\\n", "\n");
    assertEquals(new Reply(code, List.of(lines.split("\\|", -1))), one(sent));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
          "HTTP/1.1 400 Bad Request\r\n",
          "SSH-2.0-OpenSSH_9.2\r\n",
          "* OK IMAP4 ready\r\n",
          "+OK POP3 ready\r\n",
          "hello\r\n",
          "22 short\r\n",
          "2200 long\r\n",
          "220hello\r\n",
          "220_hello\r\n",
          " 220 hello\r\n",
          "633 integrity\r\n",
          "000 nothing\r\n",
          "099 nothing\r\n",
          "999 nothing\r\n",
          "-20 nothing\r\n",
          "2a0 nothing\r\n",
          "220 a\0b\r\n",
          "220-a\r\nb\0\r\n220 c\r\n",
          "\0\0\0\n",
          "\u0016\u0003\u0001\u0002\n"
      })
  void whatIsNoReplyIsAnError(String text) {
    BadReplyException e = assertThrows(BadReplyException.class, () -> reader(text, 4096).read(LATE));
    assertFalse(e.isLimit());
    assertTrue(e.getMessage().chars().noneMatch(Character::isISOControl), e.getMessage());
  }

  @Test
  void digitsOfOtherScriptsAreNoCode() {
    byte[] arabic = "\u0662\u0662\u0660 hi\r\n".getBytes(StandardCharsets.UTF_8);
    String bytes = new String(arabic, StandardCharsets.ISO_8859_1);
    assertThrows(BadReplyException.class, () -> reader(bytes, 4096).read(LATE));
  }

  @Test
  void severalRepliesInOnePieceAreReadOneAtATime() throws Exception {
    ReplyReader reader = reader("220-a\r\n220 b\r\n331 c\r\n", 4096);
    assertEquals(220, reader.read(LATE).code());
    assertTrue(reader.hasBuffered());
    assertEquals(331, reader.read(LATE).code());
    assertFalse(reader.hasBuffered());
    assertFalse(reader.poll(SOON));
  }

  @Test
  void anotherCodeAtTheEndCountsOnlyWhenTheServerFallsSilent() throws Exception {
    assertEquals(new Reply(553, List.of("No", "150 way.")), reader("553-No\r\n150 way.\r\n", 4096).read(LATE));
    ReplyReader more = reader("553-No\r\n150 way.\r\n553 Really.\r\n200 x\r\n", 4096);
    assertEquals(new Reply(553, List.of("No", "150 way.", "Really.")), more.read(LATE));
    assertEquals(200, more.read(LATE).code());
  }

  @Test
  void aReplyWithoutItsLastLineIsIncomplete() {
    assertThrows(SocketTimeoutException.class, () -> reader("220-a\r\n220-b\r\n", 4096).read(LATE));
    assertThrows(SocketTimeoutException.class, () -> reader("220-a\r\nand text\r\n", 4096).read(LATE));
    assertThrows(SocketTimeoutException.class, () -> reader("220 no line end", 4096).read(LATE));
    var codec = new NameCodec(StandardCharsets.UTF_8);
    for (String half : new String[] {"", "2", "220 hi", "220-a\r\n", "220-a\r\n220 b"}) {
      var reader = new ReplyReader(new Pieces(half, 4096, true), codec, Limits.defaults());
      assertThrows(EOFException.class, () -> reader.read(LATE), half);
    }
  }

  @Test
  void telnetCommandBytesAreUndoubled() throws Exception {
    var latin1 = new NameCodec(StandardCharsets.ISO_8859_1);
    String sent = "257 \"/a\u00ff\u00ffb\" x\u00ffy \u00ff\r\n";
    Reply reply = new ReplyReader(new Pieces(sent, 3, false), latin1, Limits.defaults()).read(LATE);
    assertEquals("\"/a\u00ffb\" x\u00ffy \u00ff", reply.text());
  }

  @Test
  void bytesThatTheCharsetDoesNotHaveSurvive() throws Exception {
    assertEquals("\"/a\udce4\"", one("257 \"/a\u00e4\"\r\n").text());
  }

  @Test
  void longLinesAndRepliesAreCutAndReadOn() throws Exception {
    Reply cut = one("220 " + "x".repeat(17_000) + "\r\n");
    assertEquals(8192 - 4, cut.text().length());
    ReplyReader reader = reader("220-" + "a\r\n".repeat(5000) + "220 end\r\n331 next\r\n", 4096);
    assertEquals(1000, reader.read(LATE).lines().size());
    assertEquals(331, reader.read(LATE).code());
    Reply wide = one(("220-" + "y".repeat(4000) + "\r\n").repeat(100) + "220 end\r\n");
    assertTrue(wide.text().length() <= 64 << 10, () -> "kept " + wide.text().length());
  }

  @Test
  void aReplyWithoutEndIsGivenUp() {
    BadReplyException line = assertThrows(BadReplyException.class, () -> reader("220 " + "x".repeat(2 << 20), 4096)
        .read(LATE));
    assertTrue(line.isLimit());
    BadReplyException lines =
        assertThrows(BadReplyException.class, () -> reader("220-a\r\n".repeat(300_000), 4096).read(LATE));
    assertTrue(lines.isLimit());
    BadReplyException empty = assertThrows(BadReplyException.class, () -> reader("\r\n".repeat(1 << 20), 4096).read(LATE));
    assertTrue(empty.isLimit());
  }

  @Test
  void theBoundIsForTheWholeReply() {
    ReplyReader.Source drip =
        (buffer, bound) -> {
          buffer[0] = 'x';
          return 1;
        };
    Limits wide = new Limits(8192, 65_536, 1000, Integer.MAX_VALUE, 8192, 1, 4096, 1);
    var reader = new ReplyReader(drip, new NameCodec(StandardCharsets.UTF_8), wide);
    assertThrows(SocketTimeoutException.class, () -> reader.read(SOON));
  }
}
