package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.Misbehaviour;
import io.loomftp.testkit.ScriptedServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Data connections lead to the server and no other host. */
@Timeout(30)
class DataAddressTest {
  private static ScriptedServer server() {
    return ScriptedServer.start().file("/a", "hello");
  }

  private static long count(ScriptedServer server, String command) {
    return server.commands().stream().filter(c -> c.startsWith(command)).count();
  }

  // --- passive ---

  @ParameterizedTest
  @EnumSource(
      value = Misbehaviour.class,
      names = {"PASV_FOREIGN_HOST", "PASV_ZERO_HOST", "EPSV_REFUSED", "EPSV_DEAD_PORT", "EPSV_MALFORMED"})
  void dataGoToTheControlConnectionsAddressAndWhatWorkedIsRemembered(Misbehaviour misbehaviour) throws Exception {
    try (ScriptedServer server = server().misbehave(misbehaviour)) {
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
        for (int i = 0; i < 3; i++) {
          assertEquals("hello", SessionFixture.text(ftp.get("a")));
        }
      }
      assertEquals(0, server.trapConnections());
      assertEquals(1, count(server, "EPSV"));
      assertEquals(3, count(server, "PASV"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0,0,0,0", "255,255,255,255", "224,0,0,1", "10,0,0,1", "192,0,2,1", "169,254,169,254", "8,8,8,8"})
  void aForeignHostIsNeverVisited(String host) throws Exception {
    try (ScriptedServer server = server().on("EPSV", "502 No.")) {
      server.on("PASV", c -> {
        int port = c.listen();
        c.reply("227 Entering Passive Mode (" + host + "," + (port >> 8) + "," + (port & 0xFF) + ").");
      });
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
        assertEquals("hello", SessionFixture.text(ftp.get("a")));
      }
    }
  }

  @Test
  void theHostIsBelievedOnlyWhereTheCallerAskedForIt() throws Exception {
    try (ScriptedServer server = server().misbehave(Misbehaviour.PASV_FOREIGN_HOST)) {
      FtpConfig config = SessionFixture.plain(server).dataMode(DataMode.passive().withBelievingHost()).timeouts(SessionFixture
          .impatient())
          .build();
      try (FtpSession ftp = Ftp.open(config)) {
        assertThrows(FtpException.class, () -> SessionFixture.text(ftp.get("a")));
      }
      assertEquals(1, server.trapConnections());
    }
    try (ScriptedServer server = server().misbehave(Misbehaviour.PASV_ZERO_HOST)) {
      FtpConfig config = SessionFixture.plain(server).dataMode(DataMode.passive().withBelievingHost()).build();
      try (FtpSession ftp = Ftp.open(config)) {
        assertEquals("hello", SessionFixture.text(ftp.get("a")));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Misbehaviour.class,
      names = {"PASV_BAD_NUMBERS", "PASV_PORT_ZERO"})
  void a227ThatIsNoneEndsTheSession(Misbehaviour misbehaviour) throws Exception {
    try (ScriptedServer server = server().misbehave(misbehaviour)) {
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
        FtpProtocolException e = assertThrows(FtpProtocolException.class, () -> ftp.get("a"));
        assertEquals(ErrorKind.PROTOCOL, e.kind());
        assertFalse(e.sessionUsable());
      }
      assertEquals(0, count(server, "RETR"));
      server.awaitIdle();
    }
  }

  @Test
  void aPrivilegedPortIsNotVisited() throws Exception {
    try (ScriptedServer server = server().misbehave(Misbehaviour.PASV_PRIVILEGED_PORT)) {
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
        FtpTransferException e = assertThrows(FtpTransferException.class, () -> ftp.get("a"));
        assertTrue(e.getMessage().contains("port 22 is below 1024"), e.getMessage());
        assertEquals(ErrorKind.CONNECT, e.kind());
        ftp.noop();
      }
      assertEquals(0, count(server, "RETR"));
    }
  }

  @Test
  void aServerWithoutPassiveModeIsARefusalThatKeepsTheSession() throws Exception {
    try (ScriptedServer server = server().misbehave(Misbehaviour.NO_PASSIVE)) {
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
        FtpReplyException e = assertThrows(FtpReplyException.class, () -> ftp.get("a"));
        assertEquals(ErrorKind.UNSUPPORTED, e.kind());
        ftp.noop();
      }
    }
  }

  @Test
  void aClosedDataPortIsAnErrorThatKeepsTheSession() throws Exception {
    try (ScriptedServer server = server().misbehave(Misbehaviour.EPSV_DEAD_PORT).on("PASV", "502 No.")) {
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
        FtpTransferException e = assertThrows(FtpTransferException.class, () -> ftp.get("a"));
        assertEquals(ErrorKind.CONNECT, e.kind());
        ftp.noop();
      }
      server.awaitIdle();
    }
  }

  @Test
  void silenceAtEpsvIsATimeout() throws Exception {
    try (ScriptedServer server = server().misbehave(Misbehaviour.EPSV_STALL)) {
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).timeouts(SessionFixture.impatient()).build())) {
        assertThrows(FtpTimeoutException.class, () -> ftp.get("a"));
        assertFalse(ftp.isOpen());
      }
    }
  }

  @Test
  void overIpv6OnlyEpsvAndEprtAreUsed() throws Exception {
    for (DataMode mode : List.of(DataMode.passive(), DataMode.active())) {
      try (ScriptedServer server = ScriptedServer.startIpv6().file("/a", "hello")) {
        FtpConfig config = FtpConfig.builder("::1").port(server.port()).anonymous().dataMode(mode).build();
        try (FtpSession ftp = Ftp.open(config)) {
          assertEquals("hello", SessionFixture.text(ftp.get("a")));
          assertEquals("hello", SessionFixture.text(ftp.get("a")));
        }
        assertEquals(0, count(server, "PASV") + count(server, "PORT"));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Misbehaviour.class,
      names = {"REPLY_425_AFTER_150", "REFUSE_TRANSFER_550"})
  void aRefusedTransferLeavesNoSocket(Misbehaviour refusal) throws Exception {
    try (ScriptedServer server = server().misbehave(refusal)) {
      for (DataMode mode : List.of(DataMode.passive(), DataMode.active())) {
        try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).dataMode(mode).build())) {
          for (int i = 0; i < 3; i++) {
            assertThrows(FtpException.class, () -> SessionFixture.text(ftp.get("a")));
            assertThrows(FtpException.class, () -> ftp.put("b", out -> out.write(1)));
            ftp.noop();
          }
        }
      }
      server.awaitIdle();
    }
  }

  // --- active ---

  @Test
  void theControlConnectionsOwnAddressIsAdvertised() throws Exception {
    try (ScriptedServer server = server()) {
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).dataMode(DataMode.active()).build())) {
        assertEquals("hello", SessionFixture.text(ftp.get("a")));
        ftp.put("b", out -> out.write(SessionFixture.bytes("up")));
        ftp.list().toList();
      }
      assertEquals(3, count(server, "EPRT |1|127.0.0.1|"));
      server.awaitIdle();
    }
  }

  @Test
  void portIsUsedWhereEprtIsUnknownAndThatIsRemembered() throws Exception {
    try (ScriptedServer server = server().on("EPRT", "500 What?")) {
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).dataMode(DataMode.active()).build())) {
        assertEquals("hello", SessionFixture.text(ftp.get("a")));
        assertEquals("hello", SessionFixture.text(ftp.get("a")));
      }
      assertEquals(1, count(server, "EPRT"));
      assertEquals(2, count(server, "PORT 127,0,0,1,"));
    }
  }

  @Test
  void portsComeFromTheRangeGiven() throws Exception {
    int first;
    try (ServerSocket free = new ServerSocket(0)) {
      first = Math.min(free.getLocalPort(), 65_000);
    }
    PortRange range = new PortRange(first, first + 20);
    try (ScriptedServer server = server()) {
      FtpConfig config = SessionFixture.plain(server).dataMode(DataMode.active(InetAddress.getByName("127.0.0.1"), range))
          .build();
      try (FtpSession ftp = Ftp.open(config)) {
        for (int i = 0; i < 5; i++) {
          assertEquals("hello", SessionFixture.text(ftp.get("a")));
        }
      }
      for (String command : server.commands()) {
        if (command.startsWith("EPRT")) {
          int port = Integer.parseInt(command.split("\\|")[3]);
          assertTrue(port >= range.from() && port <= range.to(), command);
        }
      }
    }
  }

  @Test
  void aRangeOfPortsInUseIsALocalFailure() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        ScriptedServer server = server()) {
      DataMode mode = DataMode.active(InetAddress.getByName("127.0.0.1"), PortRange.of(taken.getLocalPort()));
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).dataMode(mode).build())) {
        FtpLocalException e = assertThrows(FtpLocalException.class, () -> ftp.get("a"));
        assertTrue(e.sessionUsable());
        ftp.noop();
      }
    }
  }

  @Test
  void anOutsideAddressIsAdvertisedButNotListenedOn() throws Exception {
    try (ScriptedServer server = server().on("EPRT", "500 No.").on("PORT", "500 No.")) {
      DataMode mode = DataMode.active(InetAddress.getByName("192.0.2.7"), PortRange.ANY);
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).dataMode(mode).build())) {
        assertThrows(FtpReplyException.class, () -> ftp.get("a"));
      }
      assertEquals(1, count(server, "PORT 192,0,2,7,"));
    }
  }

  @Test
  void aStrangerIsTurnedAwayAndTheServerStillServed() throws Exception {
    try (ScriptedServer server = server().misbehave(Misbehaviour.STRANGER_ON_ACTIVE_DATA)) {
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).dataMode(DataMode.active()).build())) {
        assertEquals("hello", SessionFixture.text(ftp.get("a")));
        ftp.put("b", out -> out.write(SessionFixture.bytes("mine")));
      }
    }
  }

  @Test
  void aStrangerAloneIsATimeout() throws Exception {
    try (ScriptedServer server = server().misbehave(Misbehaviour.ONLY_STRANGER_ON_ACTIVE_DATA)) {
      FtpConfig config = SessionFixture.plain(server).dataMode(DataMode.active()).timeouts(SessionFixture.impatient()).build();
      try (FtpSession ftp = Ftp.open(config)) {
        assertThrows(FtpTimeoutException.class, () -> ftp.get("a").read());
        assertFalse(ftp.isOpen());
      }
    }
  }

  @Test
  void anybodyIsTakenForTheServerOnlyWhereTheCallerAskedForIt() throws Exception {
    try (ScriptedServer server = server().misbehave(Misbehaviour.ONLY_STRANGER_ON_ACTIVE_DATA)) {
      FtpConfig config = SessionFixture.plain(server).dataMode(DataMode.active().withAnyPeer()).timeouts(SessionFixture
          .impatient()).build();
      try (FtpSession ftp = Ftp.open(config);
          FtpInputStream in = ftp.get("a")) {
        assertEquals('e', in.read());
      } catch (FtpTimeoutException e) {
        assertEquals(ErrorKind.TIMEOUT, e.kind()); // the server sleeps: closing early cannot be agreed on
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Misbehaviour.class,
      names = {"ACTIVE_425", "NO_ACTIVE", "REPLY_425_AFTER_150"})
  void aServerThatCannotConnectRepliesAnErrorAndTheSessionStaysUsable(Misbehaviour misbehaviour) throws Exception {
    try (ScriptedServer server = server().misbehave(misbehaviour)) {
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).dataMode(DataMode.active()).build())) {
        long start = System.nanoTime();
        FtpException e = assertThrows(FtpException.class, () -> ftp.get("a").read());
        assertTrue(System.nanoTime() - start < 5_000_000_000L, "did not listen to the control connection");
        assertTrue(e.sessionUsable(), e.toString());
        ftp.noop();
      }
      server.awaitIdle();
    }
  }

  @Test
  void aServerThatNeverConnectsIsATimeout() throws Exception {
    try (ScriptedServer server = server().misbehave(Misbehaviour.ACTIVE_NEVER_CONNECTS)) {
      FtpConfig config = SessionFixture.plain(server).dataMode(DataMode.active()).timeouts(SessionFixture.impatient()).build();
      try (FtpSession ftp = Ftp.open(config)) {
        FtpTimeoutException e = assertThrows(FtpTimeoutException.class, () -> ftp.get("a").read());
        assertTrue(e.getMessage().contains("the server did not connect in time"), e.getMessage());
      }
    }
  }

  @Test
  void aServerThatSaysItIsDoneAndNeverConnectedKeepsTheSession() throws Exception {
    try (ScriptedServer server = server().on("RETR", "226 Done, believe me.")) {
      FtpConfig config =
          SessionFixture.plain(server).dataMode(DataMode.active()).timeouts(Timeouts.of(SessionFixture.GENEROUS).withAccept(
              SessionFixture.SHORT))
              .build();
      try (FtpSession ftp = Ftp.open(config)) {
        FtpTransferException e = assertThrows(FtpTransferException.class, () -> ftp.get("a").read());
        assertTrue(e.sessionUsable());
        ftp.noop();
        ftp.pwd();
      }
    }
  }

  @Test
  void theListenerIsClosedOnceTheServerCame() throws Exception {
    AtomicInteger second = new AtomicInteger();
    try (ScriptedServer server = ScriptedServer.start()) {
      server.on("RETR", c -> {
        InetSocketAddress client = c.activeAddress();
        c.reply("150 Go.");
        try (var data = c.openData()) {
          data.send("one");
          c.next();
          try (Socket more = new Socket()) {
            more.connect(client, 2_000);
            second.incrementAndGet();
          } catch (java.io.IOException e) {
            assertNotEquals("", String.valueOf(e.getMessage()));
          }
          c.reply("200 Zzz.");
        }
        c.reply("226 Done.");
      });
      FtpConfig config = SessionFixture.plain(server).dataMode(DataMode.active()).keepAlive(SessionFixture.SHORT).build();
      try (FtpSession ftp = Ftp.open(config)) {
        assertEquals("one", SessionFixture.text(ftp.get("a")));
      }
      assertEquals(0, second.get());
      assertEquals(Optional.empty(), server.commands().stream().filter(c -> c.startsWith("PASV")).findAny());
    }
  }
}
