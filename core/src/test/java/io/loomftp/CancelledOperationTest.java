package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An abort cancels the whole operation at whatever step it is, and never the next one. */
@Timeout(40)
class CancelledOperationTest {
  @TempDir Path folder;

  private final AtomicReference<Throwable> thrown = new AtomicReference<>();

  private Thread start(Thread.Builder kind, SessionFixture.Use use, FtpSession ftp) {
    return kind.start(
        () -> {
          try {
            use.with(ftp);
          } catch (Throwable e) {
            thrown.set(e);
          }
        });
  }

  private FtpException outcome(Thread work) throws InterruptedException {
    assertTrue(work.join(Duration.ofSeconds(20)), "the work did not end");
    assertNotNull(thrown.get(), "the work ended well");
    return assertInstanceOf(FtpException.class, thrown.get());
  }

  @ParameterizedTest
  @ValueSource(strings = {"TYPE", "SIZE", "EPSV", "RETR"})
  void anAbortDuringAnyStepIsTheEndOfTheOperation(String verb) throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch aborted = new CountDownLatch(1);
    try (ScriptedServer server = ScriptedServer.start().file("/a", "12345").file("/b", "1234567")) {
      server.once(
          verb,
          c -> {
            asked.countDown();
            assertTrue(aborted.await(10, TimeUnit.SECONDS));
            c.ordinary();
          });
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
        Thread work = start(Thread.ofVirtual(), session -> session.get("/a", folder.resolve("a")), ftp);
        assertTrue(asked.await(10, TimeUnit.SECONDS));
        ftp.abort();
        aborted.countDown();
        assertEquals(ErrorKind.ABORTED, outcome(work).kind());
        assertFalse(Files.exists(folder.resolve("a")));
        assertTrue(ftp.isOpen());
        ftp.get("/b", folder.resolve("b"));
        assertEquals("1234567", Files.readString(folder.resolve("b")));
      }
      if (!verb.equals("RETR")) {
        assertFalse(server.commands().contains("RETR /a"), server.commands().toString());
      }
    }
  }

  @Test
  void anAbortDuringTheReconnectIsTheEndOfTheOperation() throws Exception {
    CountDownLatch again = new CountDownLatch(1);
    CountDownLatch aborted = new CountDownLatch(1);
    try (ScriptedServer server = ScriptedServer.start().file("/a", "12345")) {
      server.once("RETR", c -> c.reset());
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
        server.once(
            "USER",
            c -> {
              again.countDown();
              assertTrue(aborted.await(10, TimeUnit.SECONDS));
              c.ordinary();
            });
        TransferOptions options = TransferOptions.defaults().retry(Retry.standard());
        Thread work = start(Thread.ofVirtual(), session -> session.get("/a", folder.resolve("a"), options), ftp);
        assertTrue(again.await(15, TimeUnit.SECONDS), "nobody reconnected: " + thrown.get());
        ftp.abort();
        aborted.countDown();
        assertEquals(ErrorKind.ABORTED, outcome(work).kind());
      }
      assertEquals(1, server.commands().stream().filter("RETR /a"::equals).count());
    }
  }

  @Test
  void anAbortBetweenTwoOperationsDoesNothing() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "12345");
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      ftp.abort();
      ftp.get("/a", folder.resolve("a"));
      ftp.abort();
      ftp.get("/a", folder.resolve("a"), TransferOptions.defaults().overwrite(Overwrite.REPLACE));
      assertFalse(server.commands().contains("ABOR"));
    }
  }

  @Test
  void aReplyThatDoesNotComeAfterAnAbortIsNotWaitedForAsLongAsUsual() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "12345").on("SIZE", c -> c.stall())) {
      Timeouts bounds = Timeouts.of(Duration.ofMinutes(5)).withClose(Duration.ofSeconds(1));
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).timeouts(bounds).build())) {
        Thread work = start(Thread.ofVirtual(), session -> session.get("/a", folder.resolve("a")), ftp);
        server.awaitCommand("SIZE");
        ftp.abort();
        FtpException e = outcome(work);
        assertEquals(ErrorKind.ABORTED, e.kind());
        assertFalse(e.sessionUsable());
      }
    }
  }

  @Test
  void anInterruptOfAPlatformThreadEndsItsTransfer() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      server.on(
          "RETR",
          c -> {
            c.reply("150 Go.");
            try (var data = c.openData()) {
              data.send("half");
              c.next();
            }
          });
      FtpConfig config = SessionFixture.plain(server).timeouts(Timeouts.of(Duration.ofMinutes(5))).build();
      try (FtpSession ftp = Ftp.open(config)) {
        Thread work = start(Thread.ofPlatform(), session -> session.get("/a").readAllBytes(), ftp);
        server.awaitDataConnections(1);
        work.interrupt();
        FtpException e = outcome(work);
        assertEquals(ErrorKind.ABORTED, e.kind());
        assertFalse(ftp.isOpen());
      }
    }
  }

  @Test
  void anInterruptOfAPlatformThreadEndsItsWaitForAReply() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().on("NOOP", c -> c.stall())) {
      FtpConfig config = SessionFixture.plain(server).timeouts(Timeouts.of(Duration.ofMinutes(5))).build();
      try (FtpSession ftp = Ftp.open(config)) {
        Thread work = start(Thread.ofPlatform(), FtpSession::noop, ftp);
        server.awaitCommand("NOOP");
        work.interrupt();
        assertEquals(ErrorKind.ABORTED, outcome(work).kind());
      }
    }
  }

  @Test
  void aCallThatFailsBecauseAStreamIsOpenLeavesTheStreamToBeAborted() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "12345").file("/b", "1234567")) {
      server.once(
          "RETR",
          c -> {
            c.reply("150 Here it comes.");
            c.openData().send("12");
            c.next(); // ABOR
            c.forgetData();
            c.reply("426 Aborted.");
            c.reply("226 ABOR done.");
          });
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
        CountDownLatch refused = new CountDownLatch(1);
        Thread work = start(Thread.ofVirtual(), session -> {
          try (FtpInputStream in = session.get("/a")) {
            assertThrows(IllegalStateException.class, () -> session.get("/b", folder.resolve("b")));
            assertThrows(IllegalStateException.class, () -> session.exists("/b"));
            refused.countDown();
            in.readAllBytes();
          }
        }, ftp);
        assertTrue(refused.await(10, TimeUnit.SECONDS));
        ftp.abort();
        assertEquals(ErrorKind.ABORTED, outcome(work).kind());
      }
    }
  }
}
