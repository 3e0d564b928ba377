package io.loomftp.internal.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths in replies to PWD and MKD. */
class QuotedPathTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
          "\"/home\" is the current directory; /home",
          "\"/\"; /",
          "PWD: \"/a b\"; /a b",
          "\"/a\"\"b\"\"c\" created; /a\"b\"c",
          "\"\"\"quoted\"\"\" here; \"quoted\"",
          "\"/a\" \"/b\"; /a",
          "\"/a\"b\" is current; /a\"b",
          "\"/a\"is current; /a",
          "\"/gr\u00fc\u00dfe\"; /gr\u00fc\u00dfe",
          "\"/raw\udc80\"; /raw\udc80",
          "\"DISK$USER:[ALICE]\"; DISK$USER:[ALICE]",
          "\" lead\"; ` lead`"
      })
  void doubledQuotesAreUndone(String text, String path) throws Exception {
    assertEquals(path, QuotedPath.of(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
          "",
          "/home",
          "\"",
          "\"/home",
          "\"/home\"\"",
          "\"\"",
          "\"\" is where you are",
          "\"/a\rb\"",
          "\"/a\nb\"",
          "\"/a\0b\"",
          "\"/a\u001bb\"",
          "\"/a\u007fb\""
      })
  void whatCannotBeAPathIsRefused(String text) {
    assertThrows(BadReplyException.class, () -> QuotedPath.of(text));
  }
}
