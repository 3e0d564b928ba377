package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.Behaviour;
import io.loomftp.testkit.DataPipe;
import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Aborting transfers from any thread at any moment, and closing or interrupting a busy session. */
@Timeout(30)
class AbortTest {
  private static final byte[] BLOCK = new byte[1 << 16];

  @TempDir Path folder;

  /** What may be called off. */
  enum Work {
    DOWNLOAD("RETR"),
    DOWNLOAD_TO_FILE("RETR"),
    UPLOAD("STOR"),
    LISTING("MLSD"),
    NAMES("NLST");

    final String verb;

    Work(String verb) {
      this.verb = verb;
    }

    void run(FtpSession ftp, Path folder) throws Exception {
      switch (this) {
        case DOWNLOAD -> SessionFixture.text(ftp.get("a"));
        case DOWNLOAD_TO_FILE -> ftp.get("a", folder.resolve("t"));
        case UPLOAD -> ftp.put("b", Work::fill);
        case LISTING -> ftp.list().toList();
        case NAMES -> ftp.names("");
      }
    }

    private static void fill(FtpOutputStream out) throws java.io.IOException {
      while (true) {
        out.write(BLOCK);
      }
    }
  }

  private static ScriptedServer server() {
    ScriptedServer server = ScriptedServer.start().file("/a", "x".repeat(1000));
    for (String verb : List.of("RETR", "MLSD", "NLST", "STOR")) {
      server.on(verb, transfer());
    }
    return server;
  }

  /** A transfer that stalls until the client says something; after ABOR it says 426 and 226. */
  private static Behaviour transfer() {
    return c -> {
      c.reply("150 Go.");
      DataPipe data = c.openData();
      try (data) {
        if (!c.request().verb().equals("STOR")) {
          sendUnlessBroken(data, "type=file; some name\r\n");
        }
        String next = c.next().verb();
        if (next.equals("ABOR")) {
          data.reset();
          c.reply("426 Aborted.");
          c.reply("226 Abort successful.");
        }
      }
    };
  }

  /** The client may have called it off already. */
  private static void sendUnlessBroken(DataPipe data, String text) {
    try {
      data.send(text);
    } catch (IOException e) {
      return; // then nobody waits for it
    }
  }

  /** Runs work on a thread of its own; gives what it threw. */
  private static final class Running {
    private final AtomicReference<Throwable> thrown = new AtomicReference<>();
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread thread;

    Running(SessionFixture.Use use, FtpSession ftp) {
      thread =
          Thread.ofVirtual()
              .name("work")
              .start(
                  () -> {
                    try {
                      use.with(ftp);
                    } catch (Throwable e) {
                      thrown.set(e);
                    } finally {
                      done.countDown();
                    }
                  });
    }

    Throwable outcome() throws InterruptedException {
      assertTrue(done.await(15, TimeUnit.SECONDS), "the work did not end");
      Throwable outcome = thrown.get();
      assertNotNull(outcome, "the work ended well");
      return outcome;
    }
  }

  /** The transfer is under way; any moment from here on is a good one. */
  private static void connectedData(ScriptedServer server, Work work) {
    server.awaitCommand(work.verb);
    server.awaitDataConnections(1);
  }

  @ParameterizedTest
  @CsvSource({
      "DOWNLOAD, false", "DOWNLOAD_TO_FILE, false", "UPLOAD, false", "LISTING, false", "NAMES, false", "DOWNLOAD, true",
      "UPLOAD, true", "LISTING, true"
  })
  void abortFromAnotherThreadKeepsTheSession(Work work, boolean tls) throws Exception {
    try (ScriptedServer server = server()) {
      try (FtpSession ftp = Ftp.open((tls ? SessionFixture.secured(server) : SessionFixture.plain(server)).build())) {
        var running = new Running(session -> work.run(session, folder), ftp);
        connectedData(server, work);
        if (tls) {
          server.awaitHandshakes(2); // control and data
        }
        ftp.abort();
        FtpTransferException e = assertInstanceOf(FtpTransferException.class, running.outcome());
        assertEquals(ErrorKind.ABORTED, e.kind());
        assertTrue(e.sessionUsable());
        assertEquals("/", ftp.pwd());
        assertEquals(200, ftp.noop().code());
        assertEquals(1, server.commands().stream().filter("ABOR"::equals).count());
        try (var left = Files.list(folder)) {
          assertEquals(0, left.count());
        }
        ftp.abort(); // nothing to call off now
        ftp.noop();
      }
      server.awaitIdle();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"426 Aborted.;226 Done.", "226 Done.;226 Done.", "225 Nothing to do.", "226 Closed.",
      "426 Aborted.;500 What?",
      "451 Cut.;225 Fine.", "550 Failed.;226 Fine.", "426 A.;226 B.;226 C."})
  void allPendingRepliesOfAnAbortAreRead(String replies) throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      server.on("RETR", c -> {
        c.reply("150 Go.");
        try (DataPipe data = c.openData()) {
          data.send("half");
          c.next();
          data.reset();
          c.reply(replies.split(";"));
        }
      });
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
        for (int i = 0; i < 3; i++) {
          FtpInputStream in = ftp.get("a");
          assertEquals('h', in.read());
          in.close();
          assertEquals(215, ftp.syst().code());
          assertEquals(200, ftp.noop().code());
          assertEquals("/", ftp.pwd());
        }
      }
      server.awaitIdle();
    }
  }

  @Test
  void aServerThatKnowsNeitherAborNorPwdCostsAtMostTheBound() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().on("PWD", "502 No.").on("XPWD", "502 No.")) {
      server.on("RETR", c -> {
        c.reply("150 Go.");
        try (DataPipe data = c.openData()) {
          data.send("half");
          c.next();
          data.reset();
          c.reply("226 Closed.");
        }
      });
      FtpConfig config = SessionFixture.plain(server).timeouts(Timeouts.of(SessionFixture.GENEROUS).withClose(
          SessionFixture.SHORT)).build();
      try (FtpSession ftp = Ftp.open(config)) {
        FtpInputStream in = ftp.get("a");
        assertEquals('h', in.read());
        in.close();
        assertEquals(215, ftp.syst().code());
      }
    }
  }

  @Test
  void abortWhileTheServerThinksAboutTheTransfer() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      server.on("RETR", c -> {
        assertEquals("ABOR", c.next().verb());
        c.reply("426 Never begun.");
        c.reply("226 Aborted.");
      });
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
        var running = new Running(session -> session.get("a"), ftp);
        server.awaitCommand("RETR");
        ftp.abort();
        FtpTransferException e = assertInstanceOf(FtpTransferException.class, running.outcome());
        assertEquals(ErrorKind.ABORTED, e.kind());
        assertEquals(200, ftp.noop().code());
        assertEquals("/", ftp.pwd());
      }
    }
  }

  @Test
  void aServerThatIsSilentAtAborIsReconnectedToAfterTheBound() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      server.on("RETR", c -> {
        c.reply("150 Go.");
        c.openData().send("half").stall();
      });
      FtpConfig config = SessionFixture.plain(server).timeouts(Timeouts.of(SessionFixture.GENEROUS).withClose(
          SessionFixture.SHORT)).build();
      try (FtpSession ftp = Ftp.open(config)) {
        FtpInputStream in = ftp.get("a");
        assertEquals('h', in.read());
        long start = System.nanoTime();
        in.close();
        assertTrue(Duration.ofNanos(System.nanoTime() - start).toSeconds() < 5);
        assertTrue(ftp.isOpen());
        in.close();
        assertEquals(200, ftp.noop().code());
        assertEquals(2, server.sessions());
      }
    }
  }

  @Test
  void closingAStreamThatWasReadToItsLastByteIsNoAbort() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "12345");
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      try (FtpInputStream in = ftp.get("a")) {
        assertEquals(5, in.readNBytes(5).length);
      }
      assertFalse(server.commands().contains("ABOR"));
      ftp.noop();
    }
  }

  @Test
  void anUploadThatWasTakenBackLeavesNothing() throws Exception {
    try (ScriptedServer server = ScriptedServer.start();
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      IllegalStateException e =
          assertThrows(
              IllegalStateException.class,
              () -> ftp.put(
                  "b",
                  out -> {
                    out.write(BLOCK);
                    throw new IllegalStateException("changed my mind");
                  }));
      assertEquals("changed my mind", e.getMessage());
      assertTrue(server.commands().contains("DELE b"));
      assertFalse(server.exists("/b"));
      ftp.noop();
      FtpOutputStream out = ftp.append("c");
      out.write(1);
      out.abort();
      out.close();
      assertFalse(server.commands().contains("DELE c"), "what was there before an append is not ours to delete");
      ftp.noop();
    }
  }

  // --- close and interrupt ---

  @ParameterizedTest
  @CsvSource({"DOWNLOAD, false", "UPLOAD, false", "LISTING, false", "DOWNLOAD, true", "UPLOAD, true"})
  void closeFromAnotherThreadEndsWhatIsRunning(Work work, boolean tls) throws Exception {
    try (ScriptedServer server = server()) {
      FtpSession ftp = Ftp.open((tls ? SessionFixture.secured(server) : SessionFixture.plain(server)).build());
      var running = new Running(session -> work.run(session, folder), ftp);
      connectedData(server, work);
      long start = System.nanoTime();
      ftp.close();
      FtpException e = assertInstanceOf(FtpException.class, running.outcome());
      assertTrue(Duration.ofNanos(System.nanoTime() - start).toSeconds() < 8, "close took too long");
      assertFalse(e.sessionUsable(), e.toString());
      assertInstanceOf(FtpClosedException.class, e);
      assertFalse(ftp.isOpen());
      ftp.close();
      server.awaitIdle();
    }
  }

  @Test
  void closeFromAnotherThreadEndsTheWaitForAReply() throws Exception {
    for (boolean tls : new boolean[] {false, true}) {
      try (ScriptedServer server = ScriptedServer.start().on("NOOP", c -> c.next())) {
        FtpSession ftp = Ftp.open((tls ? SessionFixture.secured(server) : SessionFixture.plain(server)).build());
        var running = new Running(FtpSession::noop, ftp);
        server.awaitCommand("NOOP");
        long start = System.nanoTime();
        ftp.close();
        assertTrue(Duration.ofNanos(System.nanoTime() - start).toMillis() < 3_000, "close waited for the reader");
        FtpClosedException e = assertInstanceOf(FtpClosedException.class, running.outcome());
        assertTrue(e.getMessage().contains("close() was called"), e.getMessage());
        server.awaitIdle();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"DOWNLOAD, false", "DOWNLOAD_TO_FILE, false", "UPLOAD, false", "LISTING, false", "NAMES, true",
      "DOWNLOAD_TO_FILE, true",
      "UPLOAD, true"})
  void anInterruptEndsWhatIsRunning(Work work, boolean tls) throws Exception {
    try (ScriptedServer server = server()) {
      FtpSession ftp = Ftp.open((tls ? SessionFixture.secured(server) : SessionFixture.plain(server)).build());
      AtomicReference<Boolean> flag = new AtomicReference<>();
      var running =
          new Running(
              session -> {
                try {
                  work.run(session, folder);
                } finally {
                  flag.set(Thread.currentThread().isInterrupted());
                }
              },
              ftp);
      connectedData(server, work);
      running.thread.interrupt();
      FtpClosedException e = assertInstanceOf(FtpClosedException.class, running.outcome());
      assertEquals(ErrorKind.ABORTED, e.kind());
      assertTrue(flag.get(), "the interrupt was forgotten");
      assertFalse(ftp.isOpen());
      try (var left = Files.list(folder)) {
        assertEquals(0, left.count());
      }
      ftp.close();
      server.awaitIdle();
    }
  }

  // --- keep-alive ---

  @ParameterizedTest
  @ValueSource(strings = {"answered", "refused", "swallowed", "late", "late and refused", "500 to everything late"})
  void everyReplyToAKeepAliveIsAccountedFor(String how) throws Exception {
    for (boolean abort : new boolean[] {false, true}) {
      try (ScriptedServer server = ScriptedServer.start()) {
        String answer = how.contains("refused") || how.contains("500") ? "500 What?" : "200 Zzz.";
        server.on("RETR", c -> {
          c.reply("150 Go.");
          int late = 0;
          try (DataPipe data = c.openData()) {
            data.send("half");
            for (int i = 0; i < 2; i++) {
              assertEquals("NOOP", c.next().verb());
              if (how.startsWith("late") || how.contains("late")) {
                late++;
              } else if (!how.equals("swallowed")) {
                c.reply(answer);
              }
            }
            if (!abort) {
              data.send("half").finish();
              c.reply("226 Done.");
            } else {
              data.send("more");
              String next = c.next().verb();
              while (next.equals("NOOP")) {
                late++;
                next = c.next().verb();
              }
              assertEquals("ABOR", next);
              data.reset();
              c.reply("426 Cut.");
              c.reply("226 Aborted.");
            }
          }
          for (int i = 0; i < late; i++) {
            c.reply(answer);
          }
        });
        FtpConfig config = SessionFixture.plain(server).keepAlive(Duration.ofMillis(100)).build();
        try (FtpSession ftp = Ftp.open(config)) {
          try (FtpInputStream in = ftp.get("a")) {
            if (abort) {
              assertEquals(8, in.readNBytes(8).length);
            } else {
              assertEquals("halfhalf", SessionFixture.text(in));
            }
          }
          assertEquals(215, ftp.syst().code());
          assertEquals("/", ftp.pwd());
          assertEquals(221, ftp.quit().code());
        }
        server.awaitIdle();
      }
    }
  }

  @Test
  void aKeepAliveThatMakesTheServerEndTheSessionIsReported() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      server.on("RETR", c -> {
        c.reply("150 Go.");
        try (DataPipe data = c.openData()) {
          data.send("half");
          c.next();
          c.reply("421 No.");
          c.close();
        }
      });
      FtpConfig config = SessionFixture.plain(server).keepAlive(Duration.ofMillis(100)).build();
      try (FtpSession ftp = Ftp.open(config)) {
        FtpException e = assertThrows(FtpException.class, () -> SessionFixture.text(ftp.get("a")));
        assertFalse(e.sessionUsable());
      }
      server.awaitIdle();
    }
  }

  @Test
  void noKeepAliveIsSentUnlessAskedFor() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "x");
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      SessionFixture.text(ftp.get("a"));
      assertFalse(server.commands().contains("NOOP"));
      assertNull(ftp.config().keepAlive().orElse(null));
    }
  }
}
