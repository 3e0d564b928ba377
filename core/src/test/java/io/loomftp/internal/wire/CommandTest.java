package io.loomftp.internal.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.internal.text.NameCodec;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Arguments of commands on the wire and in logs. */
class CommandTest {
  private static final NameCodec UTF8 = new NameCodec(StandardCharsets.UTF_8);
  private static final NameCodec LATIN1 = new NameCodec(StandardCharsets.ISO_8859_1);

  private static String wire(String verb, String argument, NameCodec codec) {
    return new String(Command.of(verb, argument).encode(codec, 4096), StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
          "a\r", "a\n", "\r\nDELE b", "\0", "a\0b", "\ud800", "\udfff", "\udc0a", "\udc0d", "\udc7f", "\ud800\udc80", "\ud83d",
          "\udc00"
      })
  void whatWouldBeAnotherCommandOrNoCharacterIsRefused(String argument) {
    boolean astral = argument.codePointCount(0, argument.length()) < argument.length();
    if (astral && argument.equals("\ud800\udc80")) {
      assertEquals("CWD \u00f0\u0090\u0082\u0080\r\n", wire("CWD", argument, UTF8));
      assertThrows(IllegalArgumentException.class, () -> wire("CWD", argument, LATIN1));
      return;
    }
    assertThrows(IllegalArgumentException.class, () -> wire("CWD", argument, UTF8));
    assertThrows(IllegalArgumentException.class, () -> wire("CWD", argument, LATIN1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u010a", "\u0d0a", "\u560a", "\u560d", "\u2028", "\uffff", "\u0100", "\ud83d\ude00"})
  void aCharacterThatTheCharsetDoesNotHaveIsRefusedNotNarrowed(String argument) {
    assertThrows(IllegalArgumentException.class, () -> wire("CWD", argument, LATIN1));
    byte[] utf8 = Command.of("CWD", argument).encode(UTF8, 4096);
    assertEquals("CWD " + argument + "\r\n", new String(utf8, StandardCharsets.UTF_8));
  }

  @Test
  void charsetsOfAsiaCannotSmuggleALineEnd() {
    for (String name : new String[] {"Shift_JIS", "GB18030", "Big5", "EUC-KR"}) {
      NameCodec codec = new NameCodec(Charset.forName(name));
      CharsetEncoder encoder = codec.charset().newEncoder();
      for (char c = 0x80; c < 0xFFFF; c++) {
        String argument = String.valueOf(c);
        if (!encoder.canEncode(c)) {
          continue;
        }
        byte[] bytes = Command.of("CWD", argument).encode(codec, 4096);
        for (int i = 4; i < bytes.length - 2; i++) {
          assertTrue(bytes[i] != '\r' && bytes[i] != '\n' && bytes[i] != 0, () -> name + " " + argument.codePointAt(0));
        }
      }
    }
  }

  @Test
  void interpretAsCommandIsDoubled() {
    assertEquals("CWD a\u00ff\u00ffb\r\n", wire("CWD", "a\u00ffb", LATIN1));
    assertEquals("CWD \u00ff\u00ff\u00ff\u00ff\r\n", wire("CWD", "\u00ff\u00ff", LATIN1));
    assertEquals("CWD \u00ff\u00ff\r\n", wire("CWD", "\udcff", UTF8));
    assertEquals("CWD \u0080\r\n", wire("CWD", "\udc80", UTF8));
  }

  @ParameterizedTest
  @ValueSource(strings = {" lead", "trail ", "-la", "a*b", "[x]", "~", "\"q\"", "%41", " ", "..", "a\tb"})
  void aNameIsNeverRewritten(String name) {
    assertEquals("RETR " + name + "\r\n", wire("RETR", name, UTF8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A B", "NOOP\r\nDELE", "N\u00d6OP", "ABCDEFGHI", "1CW", "\u0130", "NO-OP"})
  void aVerbBeginsWithALetterAndHasDigitsAtMostBeside(String verb) {
    assertThrows(IllegalArgumentException.class, () -> Command.of(verb));
    assertThrows(IllegalArgumentException.class, () -> Command.of(verb, "x"));
  }

  @Test
  void aVerbIsSentInUpperCase() {
    assertEquals("CWD a\r\n", wire("cwd", "a", UTF8));
    assertEquals("NOOP\r\n", new String(Command.of("noop").encode(UTF8, 1), StandardCharsets.ISO_8859_1));
  }

  @Test
  void anArgumentOverTheLimitIsRefused() {
    assertEquals(4 + 4096 + 2, Command.of("CWD", "x".repeat(4096)).encode(UTF8, 4096).length);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Command.of("CWD", "x".repeat(4097)).encode(UTF8, 4096));
    assertFalse(e.getMessage().contains("xx"), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"PASS", "pass", "ACCT", "Acct"})
  void secretsAreMaskedAlsoInRefusals(String verb) {
    assertEquals(verb.toUpperCase(java.util.Locale.ROOT) + " ***", Command.of(verb, "topsecret").toString());
    for (String argument : new String[] {"topsecret\r\n", "topsecret\ud800", "topsecret".repeat(1000)}) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> Command.of(verb, argument).encode(UTF8, 4096));
      assertFalse(String.valueOf(e.getMessage()).contains("topsecret"), e.getMessage());
      assertFalse(String.valueOf(e.getCause()).contains("topsecret"), String.valueOf(e.getCause()));
    }
  }

  @Test
  void controlCharactersAreNotShown() {
    assertEquals("CWD a??b", Command.of("CWD", "a\r\nb").toString());
    assertEquals("CWD a?b", Command.of("CWD", "a\u001bb").toString());
    assertEquals("CWD a?b", Command.of("CWD", "a\udc80b").toString());
  }
}
