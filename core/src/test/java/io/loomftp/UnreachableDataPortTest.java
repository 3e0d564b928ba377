package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A data port that does not answer at all, as behind a firewall: it costs one session its bound, and no other. */
@Timeout(60)
class UnreachableDataPortTest {
  /** A port whose queue of connections is full: the system drops what more comes. */
  private static final class SilentPort implements AutoCloseable {
    private final ServerSocket listener;
    private final List<Socket> queue = new ArrayList<>();

    SilentPort() throws IOException {
      listener = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
      boolean silent = false;
      for (int i = 0; i < 10 && !silent; i++) {
        Socket one = new Socket();
        queue.add(one);
        try {
          one.connect(new InetSocketAddress("127.0.0.1", port()), 300);
        } catch (SocketTimeoutException e) {
          silent = true;
        }
      }
      Assumptions.assumeTrue(silent, "the system answers though the queue is full");
    }

    int port() {
      return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      for (Socket one : queue) {
        one.close();
      }
      listener.close();
    }
  }

  private static long count(ScriptedServer server, String command) {
    return server.commands().stream().filter(command::equals).count();
  }

  @Test
  void portOfEpsvThatDoesNotAnswerIsTriedOnceForAllSessions() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello");
        SilentPort silent = new SilentPort()) {
      server.on("EPSV", "229 Entering Extended Passive Mode (|||" + silent.port() + "|)");
      FtpConfig config =
          SessionFixture.plain(server).timeouts(Timeouts.of(SessionFixture.GENEROUS).withConnect(Duration.ofSeconds(1))).build();
      for (int i = 0; i < 3; i++) {
        try (FtpSession ftp = Ftp.open(config)) {
          assertEquals("hello", SessionFixture.text(ftp.get("a")));
          assertEquals("hello", SessionFixture.text(ftp.get("a")));
        }
      }
      assertEquals(1, count(server, "EPSV"));
      assertEquals(6, count(server, "PASV"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"421 Going away.", "FIN", "RST"})
  void endOfTheSessionIsNoticedWhileThePortDoesNotAnswer(String end) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello");
        SilentPort silent = new SilentPort()) {
      server.on("EPSV", c -> {
        c.reply("229 Entering Extended Passive Mode (|||" + silent.port() + "|)");
        switch (end) {
          case "FIN" -> c.close();
          case "RST" -> c.reset();
          default -> c.reply(end);
        }
      });
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).timeouts(Timeouts.of(Duration.ofSeconds(50))).build())) {
        long start = System.nanoTime();
        FtpException e = assertThrows(FtpException.class, () -> ftp.get("a"));
        long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
        assertTrue(seconds < 10, "it took " + seconds + " s: " + e);
        assertEquals(ErrorKind.CLOSED, e.kind(), e.toString());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"FIN, false", "RST, false", "FIN, true", "RST, true"})
  void endOfTheSessionIsNoticedWhileTheServerDoesNotConnect(String end, boolean tls) throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      server.on("RETR", c -> {
        c.reply("150 I shall connect.");
        c.forgetData();
        if (end.equals("FIN")) {
          c.close();
        } else {
          c.reset();
        }
      });
      FtpConfig.Builder config = tls ? SessionFixture.secured(server) : SessionFixture.plain(server);
      config.dataMode(DataMode.active()).timeouts(Timeouts.of(Duration.ofSeconds(50)));
      try (FtpSession ftp = Ftp.open(config.build())) {
        long start = System.nanoTime();
        FtpException e = assertThrows(FtpException.class, () -> ftp.get("a").readAllBytes());
        long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
        assertTrue(seconds < 10, "it took " + seconds + " s: " + e);
        assertEquals(ErrorKind.CLOSED, e.kind(), e.toString());
      }
    }
  }

  @Test
  void abortEndsTheWaitForThePort() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello");
        SilentPort silent = new SilentPort()) {
      server.on("EPSV", "229 Entering Extended Passive Mode (|||" + silent.port() + "|)");
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).timeouts(Timeouts.of(Duration.ofSeconds(50))).build())) {
        Thread.startVirtualThread(() -> {
          server.awaitCommand("EPSV");
          ftp.abort();
        });
        long start = System.nanoTime();
        FtpException e = assertThrows(FtpException.class, () -> ftp.get("a"));
        assertTrue(Duration.ofNanos(System.nanoTime() - start).toSeconds() < 10, e.toString());
        assertEquals(ErrorKind.ABORTED, e.kind(), e.toString());
        assertEquals(200, ftp.noop().code());
      }
    }
  }
}
