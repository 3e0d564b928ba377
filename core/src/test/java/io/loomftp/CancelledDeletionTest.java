package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.ScriptedServer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An abort, an interrupt or the timeout of the operation ends a verb that sends many commands; no further command is sent. */
@Timeout(60)
class CancelledDeletionTest {
  private static ScriptedServer tree() {
    return ScriptedServer.start().file("/t/a", "x").file("/t/b", "x").file("/t/sub/c", "x");
  }

  private static Throwable outcome(Thread thread, AtomicReference<Throwable> thrown) throws InterruptedException {
    assertTrue(thread.join(Duration.ofSeconds(20)), "the call did not end");
    return thrown.get();
  }

  @ParameterizedTest
  @ValueSource(strings = {"abort", "interrupt"})
  void deleteTreeDeletesNothingAfterACancellation(String how) throws Exception {
    CountDownLatch deleting = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    try (ScriptedServer server = tree();
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      server.on("DELE", c -> {
        if (!c.argument().equals("t") && !c.argument().equals("t/sub")) {
          deleting.countDown();
          assertTrue(cancelled.await(10, TimeUnit.SECONDS));
        }
        c.ordinary();
      });
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      Thread work = Thread.ofPlatform().start(() -> {
        try {
          ftp.deleteTree("t");
        } catch (Throwable e) {
          thrown.set(e);
        }
      });
      assertTrue(deleting.await(10, TimeUnit.SECONDS));
      if (how.equals("abort")) {
        ftp.abort();
      } else {
        work.interrupt();
      }
      cancelled.countDown();
      FtpException e = assertInstanceOf(FtpException.class, outcome(work, thrown));
      assertEquals(ErrorKind.ABORTED, e.kind());
      assertTrue(server.paths().size() >= 2, server.paths().toString());
      if (how.equals("abort")) {
        assertTrue(ftp.isOpen());
        assertEquals("/", ftp.pwd());
      }
    }
  }

  @Test
  void theTimeoutOfTheOperationIsThatOfTheWholeDeletion() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (ScriptedServer server = ScriptedServer.start()) {
      for (int i = 0; i < 20; i++) {
        server.file("/t/" + i, "x");
      }
      server.on("DELE", c -> {
        assertFalse(never.await(200, TimeUnit.MILLISECONDS));
        c.ordinary();
      });
      FtpConfig config = SessionFixture.plain(server)
          .timeouts(Timeouts.of(SessionFixture.GENEROUS).withOperation(Duration.ofMillis(1_500))).build();
      try (FtpSession ftp = Ftp.open(config)) {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread work = Thread.ofVirtual().start(() -> {
          try {
            ftp.deleteTree("t");
          } catch (Throwable e) {
            thrown.set(e);
          }
        });
        assertInstanceOf(FtpException.class, outcome(work, thrown));
        assertFalse(server.paths().isEmpty());
      }
    }
  }
}
