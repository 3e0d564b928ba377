package io.loomftp.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.RealServers.Kind;
import io.loomftp.testkit.RealServers.Variant;
import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** vsftpd and ProFTPD start in every variant, know what they should, and leave nothing behind. */
@Timeout(30)
class RealServersInteropTest {
  @ParameterizedTest
  @EnumSource(Kind.class)
  void plainServerMovesFilesAndSpeaksUtf8(Kind kind) throws Exception {
    try (RealServer server = RealServers.start(kind, Variant.PLAIN);
        PlainClient client = PlainClient.login(server.port(), server.user(), server.password())) {
      client.ask("TYPE I");
      assertTrue(client.upload("STOR ü b.txt", "hello").startsWith("226"));
      assertTrue(client.upload("APPE ü b.txt", " all").startsWith("226"));
      assertEquals("hello all", Files.readString(server.home().resolve("ü b.txt")));
      assertEquals("213 9", client.ask("SIZE ü b.txt"));
      assertTrue(client.ask("REST 6").startsWith("350"));
      assertEquals("all", client.download("RETR ü b.txt"));
      assertTrue(client.download("LIST").contains("ü b.txt"));
      String setTime = kind == Kind.VSFTPD ? "MDTM 20200102030405 ü b.txt" : "MFMT 20200102030405 ü b.txt";
      assertTrue(client.ask(setTime).startsWith("213"));
      assertEquals("213 20200102030405", client.ask("MDTM ü b.txt"));
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void strangersAreRefused(Kind kind) throws Exception {
    try (RealServer server = RealServers.start(kind, Variant.PLAIN)) {
      assertThrows(IOException.class, () -> PlainClient.login(server.port(), "nobody-known", "weave").close());
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void nothingIsLeftOfClosedServer(Kind kind) throws Exception {
    RealServer server = RealServers.start(kind, Variant.PLAIN);
    try (PlainClient client = PlainClient.login(server.port(), server.user(), server.password())) {
      server.close();
      assertThrows(IOException.class, () -> client.ask("NOOP"));
      assertFalse(server.process().isAlive());
      assertFalse(Files.exists(server.home()));
    }
  }

  static Stream<Arguments> tlsServers() {
    return Stream.of(Kind.values()).flatMap(kind -> Stream.of(Variant.TLS_1_2, Variant.TLS_1_3).map(variant -> Arguments.of(kind,
        variant)));
  }

  @ParameterizedTest
  @MethodSource("tlsServers")
  void tlsServerNegotiatesItsVersionOnly(Kind kind, Variant variant) throws Exception {
    try (RealServer server = RealServers.start(kind, variant);
        PlainClient client = PlainClient.loginTls(server.port(), server.user(), server.password())) {
      assertEquals(variant.protocol(), client.protocol());
      client.ask("TYPE I");
      Files.writeString(server.home().resolve("a.txt"), "hello");
      assertEquals("hello", client.download("RETR a.txt"));
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void serverThatDemandsReuseRefusesFreshDataSession(Kind kind) throws Exception {
    for (Variant variant : new Variant[] {Variant.TLS_1_2_REUSE, Variant.TLS_1_3_REUSE}) {
      try (RealServer server = RealServers.start(kind, variant);
          PlainClient client = PlainClient.loginTls(server.port(), server.user(), server.password())) {
        assertEquals(variant.protocol(), client.protocol());
        assertThrows(IOException.class, () -> client.download("NLST"));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void implicitTlsComesBeforeTheGreeting(Kind kind) throws Exception {
    try (RealServer server = RealServers.start(kind, Variant.IMPLICIT);
        PlainClient client = PlainClient.connect(server.port())) {
      client.startTls();
      assertTrue(client.reply().startsWith("220"));
    }
  }
}
