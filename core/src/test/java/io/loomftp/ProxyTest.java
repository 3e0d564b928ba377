package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.mirror.Mirror;
import io.loomftp.pool.ConnectionLimiter;
import io.loomftp.pool.FtpPool;
import io.loomftp.testkit.FreshProfiles;
import io.loomftp.testkit.Handshake;
import io.loomftp.testkit.ScriptedProxy;
import io.loomftp.testkit.ScriptedProxy.Protocol;
import io.loomftp.testkit.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions through SOCKS and HTTP proxies. */
@Timeout(60)
@ExtendWith(FreshProfiles.class)
class ProxyTest {
  /** A name that no resolver knows. */
  static final String UNKNOWN = "ftp.loom-tests.invalid";

  @TempDir Path folder;

  /** The policy for a proxy, without a login. */
  static ProxyPolicy policy(Protocol protocol, int port) {
    return switch (protocol) {
      case SOCKS4A -> ProxyPolicy.socks4a("127.0.0.1", port);
      case SOCKS5 -> ProxyPolicy.socks5("127.0.0.1", port);
      case HTTP -> ProxyPolicy.httpConnect("127.0.0.1", port);
    };
  }

  /** The policy for a proxy with this login. */
  static ProxyPolicy policy(Protocol protocol, int port, String user, String password) {
    return switch (policy(protocol, port)) {
      case ProxyPolicy.Socks4a p -> p.withUser(user);
      case ProxyPolicy.Socks5 p -> p.withCredentials(user, password);
      case ProxyPolicy.HttpConnect p -> p.withCredentials(user, password);
      case ProxyPolicy other -> other;
    };
  }

  /** Alice, at a host whose name only the proxy knows. */
  static FtpConfig.Builder config(ScriptedServer server, ScriptedProxy proxy, Protocol protocol) {
    return FtpConfig.builder(UNKNOWN)
        .port(server.port())
        .credentials("alice", "secret")
        .timeouts(Timeouts.of(SessionFixture.GENEROUS))
        .proxy(policy(protocol, proxy.port()));
  }

  private enum Tls {
    NONE,
    EXPLICIT,
    IMPLICIT,
    CLEAR_DATA
  }

  static Stream<Arguments> ways() {
    return Stream.of(Protocol.values())
        .flatMap(protocol -> Stream.of(Tls.values())
            .flatMap(tls -> Stream.of(Arguments.of(protocol, tls, false), Arguments.of(protocol, tls, true))));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void controlAndDataGoThroughTheProxyUnderEveryTls(Protocol protocol, Tls tls, boolean login) throws Exception {
    byte[] content = random(200_000);
    try (ScriptedServer server = (tls == Tls.IMPLICIT ? ScriptedServer.startImplicitTls() : ScriptedServer.start())
        .file("/a", content).file("/b", "hello");
        ScriptedProxy proxy = ScriptedProxy.start(protocol)) {
      if (login) {
        proxy.login("bob", "hush-hush");
      }
      if (tls == Tls.EXPLICIT) {
        server.demandSessionReuse();
      }
      FtpConfig.Builder config = switch (tls) {
        case NONE -> SessionFixture.plain(server);
        case EXPLICIT, CLEAR_DATA -> SessionFixture.secured(server);
        case IMPLICIT -> SessionFixture.secured(server).tls(
            TlsPolicy.implicit().withContext(io.loomftp.testkit.Certificates.trusting()));
      };
      if (tls == Tls.CLEAR_DATA) {
        config.tls(TlsPolicy.explicit().withContext(io.loomftp.testkit.Certificates.trusting()).withClearData());
      }
      config.proxy(
          login ? policy(protocol, proxy.port(), "bob", "hush-hush") : policy(protocol, proxy.port()));
      try (FtpSession ftp = Ftp.open(config.build())) {
        Path target = folder.resolve("a");
        for (int i = 0; i < 3; i++) { // the later ones with a port requested ahead
          Files.deleteIfExists(target);
          ftp.get("/a", target);
          assertArrayEquals(content, Files.readAllBytes(target));
        }
        ftp.put(target, "/c");
        assertArrayEquals(content, server.content("/c"));
        assertEquals(List.of("a", "b", "c"), ftp.list("/").toList().stream().map(FtpEntry::name).sorted().toList());
        assertEquals("hello", SessionFixture.text(ftp.get("/b")));
        ftp.put("/empty", out -> {});
        assertArrayEquals(new byte[0], server.content("/empty"));
      }
      assertEquals("CONNECT localhost:" + server.port(), proxy.requests().getFirst());
      assertTrue(proxy.requests().stream().allMatch(request -> request.startsWith("CONNECT localhost:")),
          proxy.requests().toString());
      assertTrue(proxy.requests().size() >= 1 + server.dataConnections() && server.dataConnections() >= 7,
          proxy.requests() + " for " + server.dataConnections());
      if (tls == Tls.EXPLICIT) {
        assertTrue(server.handshakes().stream().filter(Handshake::data).allMatch(Handshake::resumed));
      }
      proxy.awaitIdle();
      server.awaitIdle();
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void theProxyAloneResolvesTheName(Protocol protocol) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello");
        ScriptedProxy proxy = ScriptedProxy.start(protocol);
        FtpSession ftp = Ftp.open(config(server, proxy, protocol).build())) {
      assertEquals("hello", SessionFixture.text(ftp.get("/a")));
      assertEquals("CONNECT " + UNKNOWN + ":" + server.port(), proxy.requests().get(0));
      assertTrue(proxy.requests().get(1).startsWith("CONNECT " + UNKNOWN + ":"), proxy.requests().toString());
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void anAddressIsGivenAsAnAddress(Protocol protocol) throws Exception {
    for (String host : protocol == Protocol.SOCKS4A ? List.of("127.0.0.1") : List.of("127.0.0.1", "::1")) {
      boolean six = host.contains(":");
      try (ScriptedServer server = (six ? ScriptedServer.startIpv6() : ScriptedServer.start()).file("/a", "hello");
          ScriptedProxy proxy = ScriptedProxy.start(protocol);
          FtpSession ftp =
              Ftp.open(
                  FtpConfig.builder(host).port(server.port()).anonymous().proxy(policy(protocol, proxy.port())).build())) {
        assertEquals("hello", SessionFixture.text(ftp.get("/a")));
        assertTrue(
            proxy.requests().get(0).matches("CONNECT (127\\.0\\.0\\.1|(0:){7}1|::1):" + server.port()),
            proxy.requests().toString());
        assertTrue(server.commands().stream().noneMatch("PASV"::equals));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void bytesOfTheServerDirectlyBehindTheAnswerAreKept(Protocol protocol) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello");
        ScriptedProxy proxy = ScriptedProxy.start(protocol).glueing()) {
      // A server that sends before it is asked, as on a control connection.
      server.on("RETR", c -> {
        try (var data = c.openData()) {
          data.send("at once");
          c.reply("150 Here it comes.");
        }
        c.reply("226 Done.");
      });
      try (FtpSession ftp = Ftp.open(config(server, proxy, protocol).build())) {
        assertEquals("at once", SessionFixture.text(ftp.get("/a")));
      }
      assertTrue(proxy.bytesBehindAnswers() >= "220 Scripted server ready.\r\n".length());
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void answersThatDripInByteByByteAreAccepted(Protocol protocol) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello");
        ScriptedProxy proxy = ScriptedProxy.start(protocol).login("bob", "hush-hush")) {
      for (int i = 0; i < 3; i++) {
        proxy.answer(i, ScriptedProxy.Wire::drip);
      }
      FtpConfig config =
          config(server, proxy, protocol).proxy(policy(protocol, proxy.port(), "bob", "hush-hush")).build();
      try (FtpSession ftp = Ftp.open(config)) {
        assertEquals("hello", SessionFixture.text(ftp.get("/a")));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
          "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
          "HTTP/1.0 200\r\n\r\n",
          "HTTP/1.1 299 Why not\nVia: 1.1 proxy\n\n",
          "HTTP/1.1 200 Fine\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"})
  void every2xxOfHttpOpensTheTunnel(String answer) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello");
        ScriptedProxy proxy = ScriptedProxy.http().answer(0, (wire, good) -> wire.send(SessionFixture.bytes(answer)));
        FtpSession ftp = Ftp.open(config(server, proxy, Protocol.HTTP).build())) {
      assertEquals("hello", SessionFixture.text(ftp.get("/a")));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void anUploadOverTlsEndsBeforeTheProxyIsToldOfTheEnd(String version) throws Exception {
    byte[] content = random(3_000_000);
    try (ScriptedServer server = ScriptedServer.start();
        ScriptedProxy proxy = ScriptedProxy.http().endingTogether()) {
      FtpConfig config =
          SessionFixture.secured(server, version).proxy(policy(Protocol.HTTP, proxy.port())).build();
      try (FtpSession ftp = Ftp.open(config)) {
        for (int i = 0; i < 5; i++) {
          ftp.put("/up" + i, out -> out.write(content));
          assertArrayEquals(content, server.content("/up" + i));
        }
      }
    }
  }

  @Test
  void theHostInA227IsNotVisitedThroughTheProxyEither() throws Exception {
    for (DataMode.Passive mode : List.of(DataMode.passive(), DataMode.passive().withBelievingHost())) {
      try (ScriptedServer server = ScriptedServer.start().file("/a", "hello").on("EPSV", "502 No.");
          ScriptedProxy proxy = ScriptedProxy.socks5()) {
        server.on("PASV", c -> {
          int port = c.listen();
          c.reply("227 Entering Passive Mode (127,0,0,2," + (port >> 8) + "," + (port & 0xFF) + ").");
        });
        // The name may lead outside, where no honest server is at a loopback address.
        try (FtpSession ftp = Ftp.open(config(server, proxy, Protocol.SOCKS5).dataMode(mode).build())) {
          assertEquals("hello", SessionFixture.text(ftp.get("/a")));
        }
        assertTrue(proxy.requests().stream().allMatch(request -> request.contains(UNKNOWN)), proxy.requests().toString());
      }
    }
  }

  @Test
  void aHostInA227IsGivenToTheProxyWhereTheCallerBelievesIt() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello").on("EPSV", "502 No.");
        ScriptedProxy proxy = ScriptedProxy.socks5()) {
      FtpConfig config =
          config(server, proxy, Protocol.SOCKS5).dataMode(DataMode.passive().withBelievingHost()).build();
      server.on("PASV", c -> {
        int port = c.listen();
        c.reply("227 Entering Passive Mode (192,0,2,1," + (port >> 8) + "," + (port & 0xFF) + ").");
      });
      try (FtpSession ftp = Ftp.open(config)) {
        org.junit.jupiter.api.Assertions.assertThrows(FtpException.class, () -> ftp.get("/a"));
      }
      assertTrue(proxy.requests().get(1).startsWith("CONNECT 192.0.2.1:"), proxy.requests().toString());
    }
  }

  @Test
  void poolsSegmentsAndMirrorsUseTheProxy() throws Exception {
    byte[] content = random(4 << 20);
    try (ScriptedServer server = ScriptedServer.start().file("/tree/big", content).file("/tree/sub/small", "hello");
        ScriptedProxy proxy = ScriptedProxy.socks5();
        FtpPool pool = FtpPool.of(config(server, proxy, Protocol.SOCKS5).build(), 3)) {
      Path big = folder.resolve("big");
      pool.get("/tree/big", big, TransferOptions.defaults().segments(3));
      assertArrayEquals(content, Files.readAllBytes(big));
      Mirror.download("/tree", folder.resolve("tree")).plan(pool).apply(pool).orThrow();
      assertEquals("hello", Files.readString(folder.resolve("tree/sub/small")));
      assertTrue(server.sessions() > 1);
      long control = proxy.requests().stream().filter(request -> request.endsWith(":" + server.port())).count();
      assertEquals(server.sessions(), control);
    }
  }

  @Test
  void aSessionReconnectsThroughTheProxyAndSendsKeepAlive() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello");
        ScriptedProxy proxy = ScriptedProxy.http()) {
      server.once("RETR", c -> c.reset());
      FtpConfig config = config(server, proxy, Protocol.HTTP).keepAlive(Duration.ofMillis(100)).build();
      try (FtpSession ftp = Ftp.open(config)) {
        TransferOptions again =
            TransferOptions.defaults().retry(new Retry(3, Duration.ofSeconds(20), Duration.ZERO, Duration.ZERO));
        ftp.get("/a", folder.resolve("a"), again);
        assertEquals("hello", Files.readString(folder.resolve("a")));
      }
      assertEquals(2, server.sessions());
      assertEquals(2, proxy.requests().stream().filter(request -> request.endsWith(":" + server.port())).count());
    }
  }

  @Test
  void theLimiterIsThatOfTheServerBehindTheProxy() throws Exception {
    try (ScriptedServer server = ScriptedServer.start();
        ScriptedProxy proxy = ScriptedProxy.socks5();
        ScriptedProxy other = ScriptedProxy.http()) {
      FtpConfig one = config(server, proxy, Protocol.SOCKS5).build();
      FtpConfig same = config(server, other, Protocol.HTTP).build();
      assertEquals(UNKNOWN + ":" + server.port(), ConnectionLimiter.of(one).server());
      try (FtpSession first = Ftp.open(one);
          FtpSession second = Ftp.open(same)) {
        first.noop();
        second.noop();
        assertEquals(2, ConnectionLimiter.of(one).open());
      }
    }
  }

  @Test
  void whatWasLearntThroughAProxyIsNotAssumedWithoutIt() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello");
        ScriptedProxy proxy = ScriptedProxy.socks5()) {
      server.once("EPSV", "500 Not here.");
      FtpConfig direct = SessionFixture.plain(server).build();
      try (FtpSession ftp = Ftp.open(direct.toBuilder().proxy(policy(Protocol.SOCKS5, proxy.port())).build())) {
        assertEquals("hello", SessionFixture.text(ftp.get("/a")));
        assertEquals("hello", SessionFixture.text(ftp.get("/a")));
      }
      assertEquals(2, server.commands().stream().filter("PASV"::equals).count());
      try (FtpSession ftp = Ftp.open(direct)) {
        assertEquals("hello", SessionFixture.text(ftp.get("/a")));
      }
      assertEquals(2, server.commands().stream().filter("PASV"::equals).count());
      assertEquals(2, server.commands().stream().filter("EPSV"::equals).count());
    }
  }

  static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(5).nextBytes(bytes);
    return bytes;
  }
}
