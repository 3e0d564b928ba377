package io.loomftp.internal.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Valid and invalid replies to PASV and EPSV. */
class PassiveAddressTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
          "Entering Passive Mode (127,0,0,1,8,73).; 2121",
          "Entering Passive Mode 127,0,0,1,8,73; 2121",
          "=127,0,0,1,8,73; 2121",
          "127,0,0,1,8,73; 2121",
          "Entering Passive Mode (127, 0, 0, 1, 8, 73); 2121",
          "Entering Passive Mode (127,0,0,1,255,255) trailing text; 65535",
          "Entering Passive Mode (127,0,0,1,0,1); 1",
          "(127,000,00,001,08,073); 2121"
      })
  void sixNumbersAreFoundWhereverTheyBegin(String text, int port) throws Exception {
    PassiveAddress address = PassiveAddress.ofPasv(text);
    assertEquals(port, address.port());
    assertArrayEquals(new byte[] {127, 0, 0, 1}, address.host());
    assertEquals("127.0.0.1", address.address().getHostAddress());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
          "",
          "Entering Passive Mode",
          "(127,0,0,1,8)",
          "(127,0,0,1,8,73,9)",
          "(256,0,0,1,8,73)",
          "(127,0,0,1,300,300)",
          "(127,0,0,1,256,1)",
          "(-127,0,0,1,8,73)",
          "(127,0,0,-1,8,73)",
          "(127,0,0,1,8,-73)",
          "(127,0,0,1,0,0)",
          "(127,0,0,1,,73)",
          "(127.0.0.1,8,73)",
          "(127;0;0;1;8;73)",
          "(127,0,0,1,8,111111111111111111111111111111)",
          "(4294967423,0,0,1,8,73)",
          "(127,0,0,0001,8,73)",
          "(\u0661\u0662\u0667,0,0,1,8,73)",
          "(|||2121|)",
          "227 (127,0,0,1,8,73)"
      })
  void malformedPasvIsRefused(String text) {
    assertThrows(BadReplyException.class, () -> PassiveAddress.ofPasv(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
          "Entering Extended Passive Mode (|||2121|); 2121",
          "Entering Extended Passive Mode (|||2121|) trailing text; 2121",
          "(!!!65535!); 65535",
          "(~~~1~); 1",
          "(|||02121|); 2121"
      })
  void thePortStandsBetweenDelimiters(String text, int port) throws Exception {
    PassiveAddress address = PassiveAddress.ofEpsv(text);
    assertEquals(port, address.port());
    assertEquals(0, address.host().length);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
          "",
          "(",
          "()",
          "(|||2121|",
          "(|||2121)",
          "(||2121|)",
          "|||2121|",
          "(|||0|)",
          "(|||65536|)",
          "(|||1000000|)",
          "(|||-1|)",
          "(|||+21|)",
          "(||||)",
          "(|||21 21|)",
          "(|1|10.0.0.1|21|)",
          "(|2|::1|2121|)",
          "(||10.0.0.1|2121|)",
          "(   2121 )",
          "(1112121)",
          "(\u0001\u0001\u00012121\u0001)",
          "(|||\u0662\u0661\u0662\u0661|)",
          "Entering Passive Mode (127,0,0,1,8,73)"
      })
  void malformedEpsvIsRefused(String text) {
    assertThrows(BadReplyException.class, () -> PassiveAddress.ofEpsv(text));
  }

  @Test
  void theReplyIsQuotedWithoutControlCharacters() {
    BadReplyException e = assertThrows(BadReplyException.class, () -> PassiveAddress.ofPasv("\u001b[31m nothing"));
    assertEquals("no address for data in '?[31m nothing'", e.getMessage());
  }

  @Test
  void onlyPasvHasAHost() throws Exception {
    PassiveAddress address = PassiveAddress.ofEpsv("(|||2121|)");
    assertThrows(IllegalStateException.class, address::address);
  }
}
