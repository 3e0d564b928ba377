package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.FreshProfiles;
import io.loomftp.testkit.ScriptedProxy;
import io.loomftp.testkit.ScriptedProxy.Protocol;
import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proxies that refuse, stall, lie and cut. */
@Timeout(60)
@ExtendWith(FreshProfiles.class)
class ProxyFaultsTest {
  private static final String PASSWORD = "hush-hush";

  private static FtpConfig config(ScriptedServer server, ScriptedProxy proxy, Protocol protocol) {
    return ProxyTest.config(server, proxy, protocol).build();
  }

  private static FtpConfig withLogin(ScriptedServer server, ScriptedProxy proxy, Protocol protocol) {
    return ProxyTest.config(server, proxy, protocol).proxy(ProxyTest.policy(protocol, proxy.port(), "bob", PASSWORD)).build();
  }

  private static String url(Protocol protocol, ScriptedProxy proxy) {
    return protocol.name().toLowerCase(Locale.ROOT) + "://127.0.0.1:" + proxy.port();
  }

  private static FtpProxyException refused(FtpConfig config) {
    FtpProxyException e = assertThrows(FtpProxyException.class, () -> Ftp.open(config).close());
    assertFalse(e.sessionUsable());
    return e;
  }

  @ParameterizedTest
  @CsvSource({
      "SOCKS5, 1, general SOCKS server failure", "SOCKS5, 2, connection not allowed by ruleset",
      "SOCKS5, 3, network unreachable", "SOCKS5, 4, host unreachable", "SOCKS5, 5, connection refused",
      "SOCKS5, 6, TTL expired", "SOCKS5, 7, command not supported", "SOCKS5, 8, address type not supported",
      "SOCKS5, 9, unknown reply", "SOCKS5, 255, unknown reply", "SOCKS4A, 91, request rejected or failed",
      "SOCKS4A, 92, no identd on this side", "SOCKS4A, 93, the user id differs from the one that identd gives",
      "HTTP, 300, No way", "HTTP, 400, No way", "HTTP, 403, No way", "HTTP, 404, No way", "HTTP, 500, No way",
      "HTTP, 502, No way", "HTTP, 503, No way", "HTTP, 504, No way"})
  void aRefusalIsNamedWithItsCodeInWords(Protocol protocol, int code, String words) throws Exception {
    try (ScriptedServer server = ScriptedServer.start();
        ScriptedProxy proxy = ScriptedProxy.start(protocol).refuse(code)) {
      FtpProxyException e = refused(config(server, proxy, protocol));
      assertEquals(ErrorKind.CONNECT, e.kind());
      assertEquals(url(protocol, proxy), e.proxy());
      assertEquals(Optional.of(code + " " + words), e.reply());
      assertEquals(
          "cannot connect to ftp://alice@" + ProxyTest.UNKNOWN + ":" + server.port() + ": the proxy " + e.proxy()
              + " refused to connect to " + ProxyTest.UNKNOWN + ":" + server.port() + ": " + code + " " + words,
          e.getMessage());
      proxy.awaitIdle();
      assertEquals(0, server.sessions());
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void aServerThatIsNotThereIsARefusalOfTheProxy(Protocol protocol) throws Exception {
    try (ScriptedServer server = ScriptedServer.start();
        ScriptedProxy proxy = ScriptedProxy.start(protocol)) {
      FtpConfig config = config(server, proxy, protocol).toBuilder().port(1).build();
      assertTrue(refused(config).reply().isPresent());
    }
  }

  @ParameterizedTest
  @CsvSource({"SOCKS5, 2", "SOCKS4A, 91", "HTTP, 403"})
  void aRefusedDataConnectionKeepsTheSession(Protocol protocol, int code) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello");
        ScriptedProxy proxy = ScriptedProxy.start(protocol).refuseFrom(2, code);
        FtpSession ftp = Ftp.open(config(server, proxy, protocol))) {
      FtpTransferException e = assertThrows(FtpTransferException.class, () -> ftp.get("/a"));
      assertEquals(ErrorKind.CONNECT, e.kind());
      assertTrue(e.getMessage().contains("the proxy " + url(protocol, proxy) + " refused to connect to"), e.getMessage());
      assertTrue(e.getMessage().contains(": " + code + " "), e.getMessage());
      ftp.noop();
      assertTrue(server.commands().stream().noneMatch(command -> command.startsWith("RETR")));
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void aProxyThatIsNotThereIsNamed(Protocol protocol) throws Exception {
    int port;
    try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      port = gone.getLocalPort();
    }
    FtpConfig config =
        FtpConfig.builder(ProxyTest.UNKNOWN).anonymous().proxy(ProxyTest.policy(protocol, port)).build();
    FtpProxyException e = refused(config);
    assertTrue(e.getMessage().contains("no connection to the proxy " + e.proxy()), e.getMessage());
    assertEquals(Optional.empty(), e.reply());
  }

  // --- logins ---

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void aWrongLoginIsNamedAndNothingSecretIsTold(Protocol protocol) throws Exception {
    try (ScriptedServer server = ScriptedServer.start();
        ScriptedProxy proxy = ScriptedProxy.start(protocol).login("carol", "other")) {
      FtpConfig config = withLogin(server, proxy, protocol);
      FtpProxyException e = refused(config);
      assertEquals(protocol == Protocol.SOCKS4A ? ErrorKind.CONNECT : ErrorKind.LOGIN, e.kind());
      if (protocol != Protocol.SOCKS4A) {
        assertTrue(e.getMessage().contains("refused the user 'bob' or the password"), e.getMessage());
        assertFalse(Retry.isTransient(e));
      }
      noSecret(e, config);
    }
  }

  @ParameterizedTest
  @EnumSource(value = Protocol.class, names = {"SOCKS5", "HTTP"})
  void aLoginThatIsDemandedAndNotConfiguredIsNamed(Protocol protocol) throws Exception {
    try (ScriptedServer server = ScriptedServer.start();
        ScriptedProxy proxy = ScriptedProxy.start(protocol).login("carol", "other")) {
      FtpProxyException e = refused(config(server, proxy, protocol));
      assertEquals(ErrorKind.LOGIN, e.kind());
      assertTrue(e.getMessage().contains("demands a login"), e.getMessage());
      if (protocol == Protocol.HTTP) {
        assertEquals(Optional.of("407 Proxy Authentication Required"), e.reply());
        assertTrue(e.getMessage().contains("Proxy-Authenticate: Basic realm=\"loom\""), e.getMessage());
      }
    }
  }

  @Test
  void aProxyThatEchoesTheLoginDoesNotBetrayIt() throws Exception {
    String token = Base64.getEncoder().encodeToString(SessionFixture.bytes("bob:" + PASSWORD));
    for (String status : new String[] {"407", "401", "403"}) {
      try (ScriptedServer server = ScriptedServer.start();
          ScriptedProxy proxy = ScriptedProxy.http().answer(0, (wire, good) -> wire.send(SessionFixture.bytes(
              "HTTP/1.1 " + status + " Not " + PASSWORD + " but " + token
                  + "\r\nProxy-Authenticate: Basic realm=\"" + PASSWORD + "\"\r\n\r\n")))) {
        FtpConfig config = withLogin(server, proxy, Protocol.HTTP);
        FtpProxyException e = refused(config);
        assertTrue(e.getMessage().contains(status + " Not *** but ***"), e.getMessage());
        noSecret(e, config);
      }
    }
  }

  private static void noSecret(FtpException e, FtpConfig config) {
    StringWriter all = new StringWriter();
    e.printStackTrace(new PrintWriter(all, true));
    String text = all + e.transcript().toString() + config + config.proxy();
    assertFalse(text.contains(PASSWORD), text);
    assertFalse(text.contains(Base64.getEncoder().encodeToString(SessionFixture.bytes("bob:" + PASSWORD))), text);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 2})
  void aWayToLogInThatWasNotOfferedIsNotFollowed(int method) throws Exception {
    try (ScriptedServer server = ScriptedServer.start();
        ScriptedProxy proxy = ScriptedProxy.socks5().answer(0, (wire, good) -> wire.send(new byte[] {5, (byte) method}))) {
      FtpProxyException e = refused(config(server, proxy, Protocol.SOCKS5));
      assertTrue(e.getMessage().contains("chose the way " + method + " to log in"), e.getMessage());
    }
  }

  // --- silence, cuts and garbage ---

  /** Every answer of each protocol, with a login: its number, and its length where it does not vary. */
  static Stream<Arguments> steps() {
    return Stream.of(
        Arguments.of(Protocol.SOCKS4A, 0, 8), Arguments.of(Protocol.SOCKS5, 0, 2), Arguments.of(Protocol.SOCKS5, 1, 2),
        Arguments.of(Protocol.SOCKS5, 2, 10), Arguments.of(Protocol.HTTP, 0, 39));
  }

  @ParameterizedTest
  @MethodSource("steps")
  void silenceEndsWithTheTimeoutForConnecting(Protocol protocol, int step) throws Exception {
    try (ScriptedServer server = ScriptedServer.start();
        ScriptedProxy proxy = ScriptedProxy.start(protocol).login("bob", PASSWORD)) {
      for (int sent : new int[] {0, 1}) {
        proxy.answer(step, (wire, good) -> {
          wire.send(Arrays.copyOf(good, sent));
          wire.awaitClient();
        });
        Timeouts soon = Timeouts.of(SessionFixture.GENEROUS).withConnect(Duration.ofMillis(300));
        FtpConfig config = withLogin(server, proxy, protocol).toBuilder().timeouts(soon).build();
        long start = System.nanoTime();
        FtpProxyException e = refused(config);
        assertTrue(System.nanoTime() - start < 5_000_000_000L, "waited for too long");
        assertTrue(e.getMessage().contains("the proxy " + url(protocol, proxy) + " did not answer within 300 ms"), e
            .getMessage());
        proxy.awaitIdle();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("steps")
  void anAnswerCutAtAnyByteIsNoConnection(Protocol protocol, int step, int length) throws Exception {
    try (ScriptedServer server = ScriptedServer.start();
        ScriptedProxy proxy = ScriptedProxy.start(protocol).login("bob", PASSWORD)) {
      for (int sent : IntStream.range(0, length).toArray()) {
        proxy.answer(step, (wire, good) -> {
          assertTrue(good.length >= length);
          wire.send(Arrays.copyOf(good, sent));
          throw new IOException("cut");
        });
        FtpProxyException e = refused(withLogin(server, proxy, protocol));
        assertTrue(e.getMessage().matches(".* (closed|broke) the connection.*"), sent + ": " + e.getMessage());
      }
      proxy.answer(step, (wire, good) -> wire.reset());
      assertTrue(refused(withLogin(server, proxy, protocol)).getMessage().contains("the connection"));
      proxy.awaitIdle();
    }
  }

  @ParameterizedTest
  @MethodSource("steps")
  void garbageIsNoConnectionAndIsNotWaitedFor(Protocol protocol, int step) throws Exception {
    try (ScriptedServer server = ScriptedServer.start();
        ScriptedProxy proxy = ScriptedProxy.start(protocol).login("bob", PASSWORD)) {
      for (String garbage : new String[] {"220 FTP server ready.\r\n", "SSH-2.0-x\r\n", "<html>\r\n", "\u00ff\u00ff\u00ff\u00ff",
          "\u0007\u0000\u0000\u0000", "\r\n\r\n"}) {
        proxy.answer(step, (wire, good) -> {
          wire.send(garbage.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
          wire.awaitClient();
        });
        long start = System.nanoTime();
        FtpProxyException e = refused(withLogin(server, proxy, protocol));
        assertTrue(e.getMessage().contains(": that is not "), e.getMessage());
        assertTrue(e.getMessage().chars().noneMatch(Character::isISOControl), e.getMessage());
        assertTrue(System.nanoTime() - start < 5_000_000_000L, "waited for too long");
      }
    }
  }

  @Test
  void aHeadWithoutEndIsBounded() throws Exception {
    String field = "X-Noise: " + "x".repeat(1_000) + "\r\n";
    for (String start : new String[] {"HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 " + "x".repeat(5_000)}) {
      try (ScriptedServer server = ScriptedServer.start();
          ScriptedProxy proxy = ScriptedProxy.http().answer(0, (wire, good) -> {
            wire.send(SessionFixture.bytes(start));
            for (int i = 0; i < 10_000; i++) {
              wire.send(SessionFixture.bytes(start.endsWith("\n") ? field : field.strip()));
            }
          })) {
        FtpProxyException e = refused(config(server, proxy, Protocol.HTTP));
        assertTrue(e.getMessage().contains("a head of more than 32768 bytes"), e.getMessage());
      }
    }
  }

  @Test
  void interimAnswersWithoutEndAreBounded() throws Exception {
    try (ScriptedServer server = ScriptedServer.start();
        ScriptedProxy proxy = ScriptedProxy.http().answer(0, (wire, good) -> {
          for (int i = 0; i < 1_000; i++) {
            wire.send(SessionFixture.bytes("HTTP/1.1 102 Processing\r\n\r\n"));
          }
        })) {
      assertTrue(refused(config(server, proxy, Protocol.HTTP)).getMessage().contains("more than 8 interim answers"));
    }
  }

  @Test
  void anAnswerWithALongNameIsReadToItsEnd() throws Exception {
    byte[] answer = new byte[4 + 1 + 255 + 2];
    Arrays.fill(answer, (byte) 'x');
    System.arraycopy(new byte[] {5, 0, 0, 3, (byte) 255}, 0, answer, 0, 5);
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello");
        ScriptedProxy proxy = ScriptedProxy.socks5().answer(1, (wire, good) -> wire.send(answer));
        FtpSession ftp = Ftp.open(config(server, proxy, Protocol.SOCKS5))) {
      assertEquals("hello", SessionFixture.text(ftp.get("/a")));
    }
  }

  @Test
  void aNameTooLongForSocks5IsNotSent() throws Exception {
    String host = ("x".repeat(60) + ".").repeat(5) + "invalid";
    try (ScriptedProxy proxy = ScriptedProxy.socks5()) {
      FtpConfig config = FtpConfig.builder(host).anonymous().proxy(ProxyPolicy.socks5("127.0.0.1", proxy.port())).build();
      assertTrue(refused(config).getMessage().contains("cannot be told a host name of 312 bytes"));
      assertEquals(0, proxy.requests().size());
    }
  }

  // --- calling off ---

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anInterruptEndsTheWaitForTheProxyAndItsConnection(boolean virtual) throws Exception {
    CountDownLatch waiting = new CountDownLatch(1);
    try (ScriptedServer server = ScriptedServer.start();
        ScriptedProxy proxy = ScriptedProxy.socks5().answer(1, (wire, good) -> {
          waiting.countDown();
          wire.awaitClient();
        })) {
      FtpConfig config =
          config(server, proxy, Protocol.SOCKS5).toBuilder().timeouts(Timeouts.of(Duration.ofSeconds(50))).build();
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      Thread.Builder kind = virtual ? Thread.ofVirtual() : Thread.ofPlatform();
      Thread work = kind.start(() -> {
        try {
          Ftp.open(config).close();
        } catch (Throwable e) {
          thrown.set(e);
        }
      });
      assertTrue(waiting.await(20, TimeUnit.SECONDS));
      work.interrupt();
      assertTrue(work.join(Duration.ofSeconds(15)), "goes on");
      assertEquals(ErrorKind.ABORTED, assertInstanceOf(FtpException.class, thrown.get()).kind());
      proxy.awaitIdle(); // long before the timeout for connecting
    }
  }

  @Test
  void anAbortEndsTheWaitForADataConnectionThroughTheProxy() throws Exception {
    CountDownLatch waiting = new CountDownLatch(1);
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello");
        ScriptedProxy proxy = ScriptedProxy.socks5()) {
      FtpConfig config =
          config(server, proxy, Protocol.SOCKS5).toBuilder().timeouts(Timeouts.of(Duration.ofSeconds(50))).build();
      try (FtpSession ftp = Ftp.open(config)) {
        proxy.answer(1, (wire, good) -> {
          waiting.countDown();
          wire.awaitClient();
        });
        Thread abort = Thread.ofVirtual().start(() -> {
          try {
            assertTrue(waiting.await(20, TimeUnit.SECONDS));
            ftp.abort();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
        FtpException e = assertThrows(FtpException.class, () -> ftp.get("/a"));
        assertEquals(ErrorKind.ABORTED, e.kind(), e.toString());
        abort.join();
        ftp.noop();
      }
      proxy.awaitIdle();
    }
  }
}
