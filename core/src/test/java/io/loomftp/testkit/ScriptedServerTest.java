package io.loomftp.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripted server is correct by default and faulty as configured. */
@Timeout(30)
class ScriptedServerTest {
  @Test
  void ordinaryServerMovesFilesBothWays() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/sub/a.txt", "hello");
        PlainClient client = PlainClient.login(server.port(), "anyone", "anything")) {
      client.ask("TYPE I");
      assertEquals("250 Now in \"/sub\".", client.ask("CWD sub"));
      assertEquals("hello", client.download("RETR a.txt"));
      assertEquals("a.txt\r\n", client.download("NLST"));
      assertTrue(client.download("LIST -la").contains(" a.txt\r\n"));
      assertTrue(client.download("MLSD").contains("type=file;size=5;"));
      assertEquals("226 Done.", client.upload("STOR ü.txt", "new"));
      assertArrayEquals("new".getBytes(StandardCharsets.UTF_8), server.content("/sub/ü.txt"));
      assertEquals("226 Done.", client.upload("APPE ü.txt", "er"));
      assertEquals("213 5", client.ask("SIZE ü.txt"));
      assertEquals("350 Restarting at 3.", client.ask("REST 3"));
      assertEquals("lo", client.download("RETR a.txt"));
      client.ask("QUIT");
      server.awaitIdle();
      assertEquals(7, server.dataConnections());
    }
  }

  @Test
  void renameMovesDirectoryWithItsContent() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a/b/c.txt", "x").file("/ab.txt", "y");
        PlainClient client = PlainClient.login(server.port(), "u", "p")) {
      client.ask("RNFR a");
      assertEquals("250 Renamed.", client.ask("RNTO z"));
      assertEquals(List.of("/ab.txt", "/z/b/c.txt"), server.paths());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void tlsNegotiatesTheVersionAskedFor(String version) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().tlsVersions(version).file("/a.txt", "hello");
        PlainClient client = PlainClient.loginTls(server.port(), "u", "p")) {
      assertEquals(version, client.protocol());
      client.ask("TYPE I");
      assertEquals("hello", client.download("RETR a.txt"));
      assertEquals(
          List.of(new Handshake(false, version, false), new Handshake(true, version, false)), server.handshakes());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void resumedHandshakeIsDistinguishedFromAFreshOne(String version) throws Exception {
    SSLContext context = Certificates.trusting();
    try (ScriptedServer server = ScriptedServer.start().tlsVersions(version);
        PlainClient first = PlainClient.loginTls(server.port(), "u", "p", context);
        PlainClient second = PlainClient.loginTls(server.port(), "u", "p", context)) {
      assertEquals(version, first.protocol());
      assertEquals(version, second.protocol());
      assertEquals(
          List.of(new Handshake(false, version, false), new Handshake(false, version, true)), server.handshakes());
    }
  }

  @Test
  void demandedReuseRefusesFreshDataSession() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().misbehave(Misbehaviour.DEMAND_SESSION_REUSE);
        PlainClient client = PlainClient.loginTls(server.port(), "u", "p")) {
      IOException refused = assertThrows(IOException.class, () -> client.download("NLST"));
      assertFalse(refused.toString().isEmpty());
      assertEquals(List.of(false, false), server.handshakes().stream().map(Handshake::resumed).toList());
    }
  }

  @Test
  void implicitTlsComesBeforeTheGreeting() throws Exception {
    try (ScriptedServer server = ScriptedServer.startImplicitTls();
        PlainClient client = PlainClient.connect(server.port())) {
      client.startTls();
      assertEquals("220 Scripted server ready.", client.reply());
    }
  }

  @Test
  void behaviourReplacesOneCommandAndOnceOnlyOneTurn() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().on("CWD", "550 No such folder.").once("PWD", "421 Later.");
        PlainClient client = PlainClient.login(server.port(), "u", "p")) {
      assertEquals("550 No such folder.", client.ask("CWD /"));
      assertEquals("421 Later.", client.ask("PWD"));
      assertEquals("257 \"/\" is where you are.", client.ask("PWD"));
      assertEquals(List.of("USER u", "PASS p", "CWD /", "PWD", "PWD"), server.commands());
    }
  }

  @Test
  void aborCutsTheTransferWith426And226() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/big", new byte[64 << 20]);
        PlainClient client = PlainClient.login(server.port(), "u", "p")) {
      client.ask("TYPE I");
      try (Socket data = client.openData()) {
        assertEquals("150 Here it comes.", client.ask("RETR big"));
        assertEquals(0, data.getInputStream().read());
        assertEquals("426 Broken.", client.ask("ABOR"));
        assertEquals("226 Aborted.", client.reply());
      }
      assertEquals("200 Zzz.", client.ask("NOOP"));
    }
  }

  @Test
  void thousandSessionsAtOnce() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a.txt", "hello");
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      CountDownLatch allIn = new CountDownLatch(1_000);
      List<Future<String>> results = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        results.add(clients.submit((Callable<String>) () -> {
          try (PlainClient client = PlainClient.login(server.port(), "u", "p")) {
            allIn.countDown();
            assertTrue(allIn.await(20, TimeUnit.SECONDS));
            return client.ask("SIZE a.txt");
          }
        }));
      }
      for (Future<String> result : results) {
        assertEquals("213 5", result.get());
      }
      server.awaitIdle();
      assertEquals(0, server.openSockets());
    }
  }

  @ParameterizedTest
  @EnumSource(Misbehaviour.class)
  void everyMisbehaviourCanBeClosedAtAnyTime(Misbehaviour misbehaviour) throws Exception {
    ScriptedServer server = ScriptedServer.start().file("/a.txt", "hello").misbehave(misbehaviour);
    try (PlainClient client = PlainClient.connect(server.port())) {
      for (String command : List.of("USER u", "PASS p", "EPSV", "RETR a.txt")) {
        sendQuietly(client, command);
      }
      server.awaitSessions(1);
      server.close();
      assertEquals(0, server.openSockets());
    }
  }

  private static void sendQuietly(PlainClient client, String command) {
    assertFalse(command.isEmpty());
    try {
      client.send(command);
    } catch (IOException e) {
      assertFalse(e.toString().isEmpty(), "a bad server may have closed already");
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void faultComesAtTheReplyNamed(Fault fault) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().faultAtReply(2, fault);
        PlainClient client = PlainClient.connect(server.port())) {
      client.reply();
      assertTrue(client.ask("USER u").startsWith("331"));
      client.send("PASS p");
      server.awaitCommand("PASS");
      if (fault == Fault.BYTEWISE) {
        assertEquals("230 Welcome.", client.reply());
      }
    }
  }

  @Test
  void foreignPassiveAddressIsATrap() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().misbehave(Misbehaviour.PASV_FOREIGN_HOST);
        PlainClient client = PlainClient.login(server.port(), "u", "p")) {
      String[] reply = client.ask("PASV").replaceAll(".*\\(|\\).*", "").split(",", -1);
      assertEquals("127,0,0,2", String.join(",", List.of(reply).subList(0, 4)));
      int port = Integer.parseInt(reply[4]) * 256 + Integer.parseInt(reply[5]);
      try (Socket trapped = new Socket("127.0.0.2", port)) {
        assertThrows(IOException.class, () -> {
          if (trapped.getInputStream().read() < 0) {
            throw new IOException("closed");
          }
        });
      }
      assertEquals(1, server.trapConnections());
    }
  }

  @Test
  void scriptThatIsFollowedVerifies() throws Exception {
    try (ScriptedServer server = ScriptedServer.script("""
        < 220 hi
        > USER *
        < 331 go on
        > PASS p
        < 230 in
        > EPSV
        < 229 here (|||{port}|)
        > RETR a
        < 150 comes
        D< two\\r\\nlines
        D! close
        < 226 done
        > STOR b
        < 150 goes
        """);
        PlainClient client = PlainClient.login(server.port(), "u", "p")) {
      assertEquals("two\r\nlines", client.download("RETR a"));
      assertEquals("150 goes", client.ask("STOR b"));
      server.verify();
    }
  }

  @Test
  void scriptNamesTheLineThatWentOtherwise() throws Exception {
    try (ScriptedServer server = ScriptedServer.script("""
        < 220 hi
        > USER anonymous
        """);
        PlainClient client = PlainClient.connect(server.port())) {
      client.reply();
      client.send("USER bob");
      AssertionError error = assertThrows(AssertionError.class, server::verify);
      assertTrue(String.valueOf(error.getMessage()).contains("line 2: > USER anonymous"), error.getMessage());
      assertTrue(String.valueOf(error.getMessage()).contains("USER bob"), error.getMessage());
    }
  }

  @Test
  void scriptNamesTheLineThatNeverCame() throws Exception {
    try (ScriptedServer server = ScriptedServer.script("< 220 hi\n> NOOP");
        PlainClient client = PlainClient.connect(server.port())) {
      client.reply();
      client.hangUp();
      assertTrue(assertThrows(AssertionError.class, server::verify).toString().contains("line 2"));
    }
  }
}
