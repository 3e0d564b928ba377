package io.loomftp.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Apache FtpServer as the tests use it. */
@Timeout(30)
class EmbeddedServerTest {
  @Test
  void listsItsHome() throws Exception {
    try (EmbeddedServer server = EmbeddedServer.plain()) {
      Files.writeString(server.home().resolve("a.txt"), "hello");
      try (PlainClient client = PlainClient.login(server.port(), server.user(), server.password())) {
        assertTrue(client.download("MLSD").contains(" a.txt"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void explicitTlsProtectsControlAndData(String version) throws Exception {
    try (EmbeddedServer server = EmbeddedServer.explicitTls(version);
        PlainClient client = PlainClient.loginTls(server.port(), server.user(), server.password())) {
      assertEquals(version, client.protocol());
      assertEquals("", client.download("NLST"));
    }
  }

  @Test
  void implicitTlsComesBeforeTheGreeting() throws Exception {
    try (EmbeddedServer server = EmbeddedServer.implicitTls();
        PlainClient client = PlainClient.connect(server.port())) {
      client.startTls();
      assertTrue(client.reply().startsWith("220"));
    }
  }
}
