package io.loomftp.examples.samples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.Credentials;
import io.loomftp.TlsPolicy;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an address means. */
class AddressTest {
  @ParameterizedTest
  @CsvSource({
      "ftp://ftp.example.org, 21, ''",
      "ftp://ftp.example.org/, 21, ''",
      "ftpes://ftp.example.org/pub/a%20b, 21, /pub/a b",
      "ftps://ftp.example.org, 990, ''",
      "ftps://ftp.example.org:2121/x, 2121, /x",
  })
  void portAndPathAreReported(String text, int port, String path) throws IOException {
    Address address = of(text);
    assertEquals("ftp.example.org", address.config().host());
    assertEquals(port, address.config().port());
    assertEquals(path, address.path());
  }

  @Test
  void schemeDecidesAboutTls() throws IOException {
    assertInstanceOf(TlsPolicy.None.class, of("ftp://ftp.example.org").config().tls());
    assertFalse(assertInstanceOf(TlsPolicy.Secured.class, of("ftpes://ftp.example.org").config().tls()).implicit());
    assertTrue(assertInstanceOf(TlsPolicy.Secured.class, of("ftps://ftp.example.org").config().tls()).implicit());
  }

  @Test
  void withoutUserItIsAnonymous() throws IOException {
    assertEquals(Credentials.anonymous(), of("ftp://ftp.example.org").config().credentials().orElseThrow());
  }

  @Test
  void passwordComesFromTheEnvironment() throws IOException {
    Credentials credentials = of("ftp://user@ftp.example.org").config().credentials().orElseThrow();
    assertEquals("user", credentials.user());
    assertArrayEquals("secret".toCharArray(), credentials.password());
  }

  @Test
  void passwordInTheAddressIsRefusedAndNotRepeated() {
    var e = assertThrows(IllegalArgumentException.class, () -> of("ftp://user:hush@ftp.example.org"));
    assertFalse(e.getMessage().contains("hush"), e.getMessage());
  }

  @Test
  void withoutPasswordAndTerminalThereIsAnError() {
    var e = assertThrows(IOException.class, () -> Address.of("ftp://user@ftp.example.org", Map.of(), () -> null));
    assertTrue(e.getMessage().contains(Address.PASSWORD_VARIABLE), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp.example.org", "http://ftp.example.org", "ftp:///pub", "ftp://a b/"})
  void anythingElseIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> of(text));
  }

  private static Address of(String text) throws IOException {
    return Address.of(text, Map.of(Address.PASSWORD_VARIABLE, "secret"), () -> null);
  }
}
