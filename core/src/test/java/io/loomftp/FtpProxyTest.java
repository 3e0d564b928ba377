package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.Certificates;
import io.loomftp.testkit.FreshProfiles;
import io.loomftp.testkit.ScriptedServer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** FTP proxies that are told the server at login. A scripted server plays the proxy. */
@Timeout(60)
@ExtendWith(FreshProfiles.class)
class FtpProxyTest {
  private static final String PASSWORD = "hush-hush";

  @TempDir Path folder;

  /** Alice at a server that only the proxy reaches. */
  private static FtpConfig.Builder config(ScriptedServer proxy, ProxyPolicy.FtpProxy.Login login) {
    return FtpConfig.builder(ProxyTest.UNKNOWN)
        .credentials("alice", "secret")
        .timeouts(Timeouts.of(SessionFixture.GENEROUS))
        .proxy(ProxyPolicy.ftp("localhost", proxy.port()).withLogin(login));
  }

  private static FtpConfig withLogin(FtpConfig.Builder config) {
    ProxyPolicy.FtpProxy proxy = (ProxyPolicy.FtpProxy) config.build().proxy();
    return config.proxy(proxy.withCredentials("bob", PASSWORD)).build();
  }

  private static ScriptedServer proxy() {
    return ScriptedServer.start().file("/a", "hello")
        .on("SITE", "220 Connected.").on("OPEN", "220-Welcome", "220 Connected.");
  }

  private static List<String> loginCommands(ScriptedServer proxy) {
    List<String> all = proxy.commands();
    return all.subList(0, all.indexOf("FEAT"));
  }

  @ParameterizedTest
  @CsvSource({
      "USER_AT_HOST, 21, USER alice@ftp.loom-tests.invalid;PASS secret",
      "USER_AT_HOST, 2121, USER alice@ftp.loom-tests.invalid:2121;PASS secret",
      "USER_AT_HOST_PORT, 21, USER alice@ftp.loom-tests.invalid;PASS secret",
      "USER_AT_HOST_PORT, 2121, USER alice@ftp.loom-tests.invalid 2121;PASS secret",
      "SITE, 21, SITE ftp.loom-tests.invalid;USER alice;PASS secret",
      "SITE, 2121, SITE ftp.loom-tests.invalid:2121;USER alice;PASS secret",
      "OPEN, 21, OPEN ftp.loom-tests.invalid;USER alice;PASS secret",
      "OPEN, 2121, OPEN ftp.loom-tests.invalid:2121;USER alice;PASS secret"})
  void theServerIsNamedAsTheProxyWantsIt(ProxyPolicy.FtpProxy.Login login, int port, String commands) throws Exception {
    for (boolean first : new boolean[] {false, true}) {
      try (ScriptedServer proxy = proxy()) {
        FtpConfig.Builder config = config(proxy, login).port(port);
        try (FtpSession ftp = Ftp.open(first ? withLogin(config) : config.build())) {
          assertEquals("hello", SessionFixture.text(ftp.get("/a")));
          assertEquals(List.of("a"), ftp.list("/").toList().stream().map(FtpEntry::name).toList());
          ftp.put("/b", out -> out.write(SessionFixture.bytes("up")));
        }
        String expected = (first ? "USER bob;PASS " + PASSWORD + ";" : "") + commands;
        assertEquals(expected, String.join(";", loginCommands(proxy)));
      }
    }
  }

  @Test
  void activeModeAndPasvGoToTheProxyItself() throws Exception {
    for (DataMode mode : List.of(DataMode.active(), DataMode.passive())) {
      try (ScriptedServer proxy = proxy().on("EPSV", "500 What?")) {
        FtpConfig config = config(proxy, ProxyPolicy.FtpProxy.Login.USER_AT_HOST).dataMode(mode).build();
        try (FtpSession ftp = Ftp.open(config)) {
          assertEquals("hello", SessionFixture.text(ftp.get("/a")));
        }
      }
    }
  }

  @Test
  void nothingIsSentAheadSinceAProxyMayNotTakeIt() throws Exception {
    try (ScriptedServer proxy = proxy()) {
      try (FtpSession ftp = Ftp.open(config(proxy, ProxyPolicy.FtpProxy.Login.USER_AT_HOST).build())) {
        for (int i = 0; i < 4; i++) {
          ftp.get("/a", folder.resolve("a" + i));
        }
      }
      List<String> commands = proxy.commands();
      assertEquals(
          List.of("EPSV", "RETR /a", "EPSV", "RETR /a", "EPSV", "RETR /a", "EPSV", "RETR /a"),
          commands.stream().filter(command -> command.startsWith("EPSV") || command.startsWith("RETR")).toList());
    }
  }

  @Test
  void anAddressOfIpv6IsInBrackets() throws Exception {
    try (ScriptedServer proxy = proxy()) {
      FtpConfig config = FtpConfig.builder("2001:db8::1").port(2121).credentials("alice", "secret")
          .proxy(ProxyPolicy.ftp("localhost", proxy.port())).build();
      try (FtpSession ftp = Ftp.open(config)) {
        assertEquals("hello", SessionFixture.text(ftp.get("/a")));
      }
      assertEquals("USER alice@[2001:db8::1]:2121", proxy.commands().getFirst());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void tlsIsThatOfTheProxyBeforeAnyLogin(boolean implicit) throws Exception {
    try (ScriptedServer proxy = (implicit ? ScriptedServer.startImplicitTls() : ScriptedServer.start()).file("/a", "hello")
        .on("OPEN", "220 Connected.").demandSessionReuse()) {
      FtpConfig config = withLogin(
          config(proxy, ProxyPolicy.FtpProxy.Login.OPEN)
              .tls((implicit ? TlsPolicy.implicit() : TlsPolicy.explicit()).withContext(Certificates.trusting())));
      try (FtpSession ftp = Ftp.open(config)) {
        assertEquals("hello", SessionFixture.text(ftp.get("/a")));
      }
      List<String> commands = loginCommands(proxy);
      assertEquals(implicit ? "PBSZ 0" : "AUTH TLS", commands.getFirst());
      assertEquals("USER bob", commands.get(implicit ? 2 : 3));
    }
  }

  @Test
  void aCertificateForAnotherNameThanTheProxysIsNotTrusted() throws Exception {
    try (ScriptedServer proxy = proxy().tls(Certificates.server(Certificates.Identity.WRONG_NAME))) {
      FtpConfig config = config(proxy, ProxyPolicy.FtpProxy.Login.USER_AT_HOST)
          .tls(TlsPolicy.explicit().withContext(Certificates.trusting())).build();
      assertThrows(FtpTlsException.class, () -> Ftp.open(config).close());
      assertTrue(proxy.commands().stream().noneMatch(command -> command.startsWith("USER")));
    }
  }

  @Test
  void aRefusalOfTheProxysOwnLoginIsTheProxys() throws Exception {
    try (ScriptedServer proxy = proxy().user("carol", "other")) {
      FtpConfig config = withLogin(config(proxy, ProxyPolicy.FtpProxy.Login.SITE));
      FtpProxyException e = assertThrows(FtpProxyException.class, () -> Ftp.open(config).close());
      assertEquals(ErrorKind.LOGIN, e.kind());
      assertEquals("the proxy ftp://localhost:" + proxy.port() + " refused PASS ***: 530 Login incorrect.", e.getMessage());
      assertEquals(Optional.of("530 Login incorrect."), e.reply());
      assertFalse((e.transcript() + config.proxy().toString() + config).contains(PASSWORD));
      assertEquals(List.of("USER bob", "PASS " + PASSWORD), proxy.commands().subList(0, 2));
      assertTrue(proxy.commands().stream().noneMatch("PASS secret"::equals));
      proxy.awaitIdle();
    }
  }

  @ParameterizedTest
  @EnumSource(value = ProxyPolicy.FtpProxy.Login.class, names = {"SITE", "OPEN"})
  void aRefusalToConnectIsTheProxys(ProxyPolicy.FtpProxy.Login login) throws Exception {
    for (String reply : List.of("502 Not that one.", "421 Cannot connect.", "530 Forbidden.")) {
      try (ScriptedServer proxy = proxy().on(login.name(), reply)) {
        FtpConfig config = config(proxy, login).build();
        FtpProxyException e = assertThrows(FtpProxyException.class, () -> Ftp.open(config).close());
        assertEquals(ErrorKind.CONNECT, e.kind());
        assertTrue(
            e.getMessage().startsWith("the proxy ftp://localhost:" + proxy.port() + " refused " + login + " " + ProxyTest.UNKNOWN
                + ":"),
            e.getMessage());
        assertTrue(e.getMessage().endsWith(reply), e.getMessage());
        assertTrue(proxy.commands().stream().noneMatch(command -> command.startsWith("PASS")));
      }
    }
  }

  @Test
  void aUserAtAHostThatTheProxyCannotReachIsItsRefusal() throws Exception {
    for (String reply : List.of("501 No such host.", "421 Cannot connect.")) {
      try (ScriptedServer proxy = proxy().on("USER", reply)) {
        FtpConfig config = config(proxy, ProxyPolicy.FtpProxy.Login.USER_AT_HOST).build();
        FtpProxyException e = assertThrows(FtpProxyException.class, () -> Ftp.open(config).close());
        assertTrue(e.getMessage().contains("refused USER alice@" + ProxyTest.UNKNOWN + ":"), e.getMessage());
        assertTrue(e.getMessage().endsWith(reply), e.getMessage());
      }
    }
  }

  @Test
  void aWrongPasswordOfTheServerIsTheServersAndMayBeCorrected() throws Exception {
    try (ScriptedServer proxy = proxy().user("bob", PASSWORD).user("alice", "secret")) {
      FtpConfig config = withLogin(config(proxy, ProxyPolicy.FtpProxy.Login.OPEN));
      try (FtpSession ftp = Ftp.connect(config)) {
        FtpLoginException e = assertThrows(FtpLoginException.class, () -> ftp.login(Credentials.of("alice", "wrong")));
        assertEquals("PASS *** refused: 530 Login incorrect.", e.getMessage());
        ftp.login(Credentials.of("alice", "secret"));
        assertEquals("hello", SessionFixture.text(ftp.get("/a")));
      }
      assertEquals(1, proxy.commands().stream().filter("USER bob"::equals).count());
      assertEquals(1, proxy.commands().stream().filter(command -> command.startsWith("OPEN")).count());
    }
  }

  @Test
  void aSessionThatReconnectsLogsInAtTheProxyAgain() throws Exception {
    try (ScriptedServer proxy = proxy()) {
      FtpConfig config = withLogin(config(proxy, ProxyPolicy.FtpProxy.Login.OPEN));
      proxy.once("RETR", c -> c.reset());
      try (FtpSession ftp = Ftp.open(config)) {
        ftp.get("/a", folder.resolve("a"), TransferOptions.defaults().retry(Retry.standard()));
        assertEquals("hello", Files.readString(folder.resolve("a")));
      }
      assertEquals(2, proxy.commands().stream().filter("USER bob"::equals).count());
      assertEquals(2, proxy.commands().stream().filter(command -> command.startsWith("OPEN")).count());
    }
  }

  @Test
  void aGreetingThatSaysTheLoginIsDoneMeansTheProxy() throws Exception {
    try (ScriptedServer proxy = proxy().greeting("230 You are in.")) {
      try (FtpSession ftp = Ftp.open(config(proxy, ProxyPolicy.FtpProxy.Login.USER_AT_HOST).build())) {
        assertEquals("hello", SessionFixture.text(ftp.get("/a")));
      }
      assertEquals("USER alice@" + ProxyTest.UNKNOWN, proxy.commands().getFirst());
    }
  }

  @Test
  void aProxyThatIsNotThereIsNamed() throws Exception {
    int port;
    try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      port = gone.getLocalPort();
    }
    FtpConfig config = FtpConfig.builder(ProxyTest.UNKNOWN).anonymous().proxy(ProxyPolicy.ftp("127.0.0.1", port)).build();
    FtpProxyException e = assertThrows(FtpProxyException.class, () -> Ftp.open(config).close());
    assertEquals("ftp://127.0.0.1:" + port, e.proxy());
  }
}
