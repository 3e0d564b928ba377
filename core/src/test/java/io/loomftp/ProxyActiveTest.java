package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.FreshProfiles;
import io.loomftp.testkit.ScriptedProxy;
import io.loomftp.testkit.ScriptedProxy.Protocol;
import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Active mode through a SOCKS 5 proxy (BIND), and its refusal through other ones. */
@Timeout(60)
@ExtendWith(FreshProfiles.class)
class ProxyActiveTest {
  @TempDir Path folder;

  private static long count(ScriptedServer server, String command) {
    return server.commands().stream().filter(c -> c.startsWith(command)).count();
  }

  private static FtpConfig config(ScriptedServer server, ScriptedProxy proxy) {
    return ProxyTest.config(server, proxy, Protocol.SOCKS5).dataMode(DataMode.active()).build();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theServerConnectsToTheProxy(boolean tls) throws Exception {
    byte[] content = ProxyTest.random(150_000);
    try (ScriptedServer server = ScriptedServer.start().file("/a", content);
        ScriptedProxy proxy = ScriptedProxy.socks5().login("bob", "hush-hush")) {
      FtpConfig config = (tls ? SessionFixture.secured(server) : SessionFixture.plain(server))
          .dataMode(DataMode.active())
          .proxy(ProxyTest.policy(Protocol.SOCKS5, proxy.port(), "bob", "hush-hush"))
          .build();
      try (FtpSession ftp = Ftp.open(config)) {
        Path target = folder.resolve("a");
        ftp.get("/a", target);
        assertArrayEquals(content, Files.readAllBytes(target));
        ftp.put(target, "/b");
        assertArrayEquals(content, server.content("/b"));
        assertEquals(List.of("a", "b"), ftp.list("/").toList().stream().map(FtpEntry::name).sorted().toList());
        ftp.put("/empty", out -> {});
      }
      assertTrue(count(server, "EPRT |1|127.0.0.1|") >= 4);
      assertEquals(
          proxy.requests().size() - 1,
          proxy.requests().stream().filter(("BIND localhost:" + server.port())::equals).count());
      proxy.awaitIdle();
      server.awaitIdle();
    }
  }

  @Test
  void bytesDirectlyBehindTheSecondAnswerAreKept() throws Exception {
    try (ScriptedServer server = ScriptedServer.start();
        ScriptedProxy proxy = ScriptedProxy.socks5().glueing()) {
      server.on("RETR", c -> {
        c.reply("150 Here it comes.");
        try (var data = c.openData()) {
          data.send("at once");
        }
        c.reply("226 Done.");
      });
      try (FtpSession ftp = Ftp.open(config(server, proxy))) {
        assertEquals("at once", SessionFixture.text(ftp.get("/a")));
      }
      assertEquals("220 Scripted server ready.\r\n".length() + "at once".length(), proxy.bytesBehindAnswers());
    }
  }

  @Test
  void portIsUsedWhereEprtIsUnknown() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello").on("EPRT", "500 What?");
        ScriptedProxy proxy = ScriptedProxy.socks5();
        FtpSession ftp = Ftp.open(config(server, proxy))) {
      assertEquals("hello", SessionFixture.text(ftp.get("/a")));
      assertEquals(1, count(server, "PORT 127,0,0,1,"));
    }
  }

  @Test
  void aProxyThatListensEverywhereIsToldByTheAddressItHas() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello");
        ScriptedProxy proxy = ScriptedProxy.socks5().boundAddress(InetAddress.getByName("0.0.0.0"));
        FtpSession ftp = Ftp.open(config(server, proxy))) {
      assertEquals("hello", SessionFixture.text(ftp.get("/a")));
      assertEquals(1, count(server, "EPRT |1|127.0.0.1|"));
    }
  }

  @Test
  void aProxyWithoutBindIsNamedAndTheServerIsToldNothing() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello");
        ScriptedProxy proxy = ScriptedProxy.socks5().refuseFrom(2, 7);
        FtpSession ftp = Ftp.open(config(server, proxy))) {
      FtpTransferException e = assertThrows(FtpTransferException.class, () -> ftp.get("/a"));
      assertEquals(ErrorKind.CONNECT, e.kind());
      assertTrue(e.getMessage().contains("(BIND): 7 command not supported"), e.getMessage());
      ftp.noop();
      assertEquals(0, count(server, "EPRT") + count(server, "PORT") + count(server, "RETR"));
    }
  }

  @ParameterizedTest
  @EnumSource(value = Protocol.class, names = {"SOCKS4A", "HTTP"})
  void proxiesThatCannotListenAreRefusedBeforeAnythingIsSent(Protocol protocol) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello");
        ScriptedProxy proxy = ScriptedProxy.start(protocol)) {
      FtpConfig config = ProxyTest.config(server, proxy, protocol).dataMode(DataMode.active()).build();
      try (FtpSession ftp = Ftp.open(config)) {
        FtpLocalException e = assertThrows(FtpLocalException.class, () -> ftp.get("/a"));
        assertEquals(ErrorKind.UNSUPPORTED, e.kind());
        assertTrue(
            e.getMessage().contains("active mode needs the server to connect to this side, which a proxy of this kind"),
            e.getMessage());
        assertFalse(Retry.isTransient(e));
        ftp.noop();
      }
      assertEquals(0, count(server, "EPRT") + count(server, "PORT") + count(server, "RETR"));
      assertEquals(1, proxy.requests().size());
    }
  }

  @Test
  void anotherPeerThanTheServerIsRefused() throws Exception {
    byte[] stranger = {5, 0, 0, 1, 127, 0, 0, 9, 1, 2};
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello");
        ScriptedProxy proxy = ScriptedProxy.socks5().answer(2, (wire, good) -> wire.send(stranger))) {
      FtpConfig config = SessionFixture.plain(server).dataMode(DataMode.active())
          .proxy(ProxyTest.policy(Protocol.SOCKS5, proxy.port())).build();
      FtpConfig byAddress = FtpConfig.builder("127.0.0.1").port(config.port()).anonymous().timeouts(config.timeouts())
          .dataMode(config.dataMode()).proxy(config.proxy()).build();
      try (FtpSession ftp = Ftp.open(byAddress)) {
        FtpException e = assertThrows(FtpException.class, () -> SessionFixture.text(ftp.get("/a")));
        assertTrue(e.toString().contains("not from the server"), e.toString());
      }
      proxy.awaitIdle();
    }
  }

  @Test
  void aSecondAnswerThatRefusesOrIsCutFailsTheTransferAlone() throws Exception {
    for (int sent : new int[] {-1, 0, 1, 2, 5, 9}) {
      try (ScriptedServer server = ScriptedServer.start().file("/a", "hello");
          ScriptedProxy proxy = ScriptedProxy.socks5().answer(2, (wire, good) -> {
            wire.send(sent < 0 ? new byte[] {5, 6, 0, 1, 0, 0, 0, 0, 0, 0} : Arrays.copyOf(good, sent));
            throw new IOException("cut");
          });
          FtpSession ftp = Ftp.open(config(server, proxy))) {
        FtpException e = assertThrows(FtpException.class, () -> SessionFixture.text(ftp.get("/a")));
        assertTrue(e.toString().contains("the proxy socks5://127.0.0.1:" + proxy.port()), e.toString());
        assertTrue(sent >= 0 || e.toString().contains("6 TTL expired"), e.toString());
        ftp.noop();
      }
    }
  }

  @Test
  void aServerThatNeverConnectsIsATimeoutAndLeavesNothingOpen() throws Exception {
    try (ScriptedServer server = ScriptedServer.start();
        ScriptedProxy proxy = ScriptedProxy.socks5()) {
      server.on("RETR", c -> {
        c.reply("150 Soon.");
        c.clientCloses();
      });
      FtpConfig config = config(server, proxy).toBuilder().timeouts(SessionFixture.impatient()).build();
      try (FtpSession ftp = Ftp.open(config)) {
        FtpTimeoutException e = assertThrows(FtpTimeoutException.class, () -> ftp.get("/a").read());
        assertTrue(e.getMessage().contains("the server did not connect in time"), e.getMessage());
      }
    }
  }

  @Test
  void aRefusedTransferClosesThePortOfTheProxy() throws Exception {
    try (ScriptedServer server = ScriptedServer.start();
        ScriptedProxy proxy = ScriptedProxy.socks5()) {
      try (FtpSession ftp = Ftp.open(config(server, proxy))) {
        for (int i = 0; i < 3; i++) {
          assertThrows(FtpReplyException.class, () -> ftp.get("/missing"));
          ftp.noop();
        }
      }
      assertEquals(4, proxy.requests().size());
    }
  }
}
