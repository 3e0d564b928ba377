package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.FreshProfiles;
import io.loomftp.testkit.ScriptedServer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A reply of which a part has arrived: the wait for the rest ends like any other, and its late end is not another reply. */
@Timeout(90)
@ExtendWith(FreshProfiles.class)
class IncompleteReplyTest {
  @ParameterizedTest
  @CsvSource({"abort,213 5", "interrupt,213 5", "abort,213-a/", "interrupt,213-a/213"})
  void theWaitForTheRestOfAReplyCanBeCancelled(String how, String part) throws Exception {
    CountDownLatch sent = new CountDownLatch(1);
    try (ScriptedServer server = ScriptedServer.start().file("/a", "12345");
        FtpSession ftp =
            Ftp.open(
                SessionFixture.plain(server)
                    .timeouts(Timeouts.of(Duration.ofSeconds(60)).withClose(Duration.ofMillis(500))).build())) {
      server.on("SIZE", c -> {
        c.raw(part.replace("/", "\r\n"));
        sent.countDown();
        c.stall();
      });
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      Thread work = Thread.ofPlatform().start(() -> {
        try {
          ftp.size("/a");
        } catch (Throwable e) {
          thrown.set(e);
        }
      });
      assertTrue(sent.await(10, TimeUnit.SECONDS));
      if (how.equals("abort")) {
        ftp.abort();
      } else {
        work.interrupt();
      }
      assertTrue(work.join(Duration.ofSeconds(15)), "the wait did not end");
      assertEquals(ErrorKind.ABORTED, assertInstanceOf(FtpException.class, thrown.get()).kind());
    }
  }

  @Test
  void theLateEndOfAReplyIsNotTakenForTheNextReply() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (ScriptedServer server = ScriptedServer.start().file("/a", "12345").on("DELE", "550 Permission denied");
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      server.on("STAT", c -> {
        c.raw("211-Status\r\n200 files follow\r\n");
        assertFalse(never.await(3, TimeUnit.SECONDS));
        c.raw("211 End\r\n");
      });
      assertEquals(211, ftp.stat().code());
      FtpReplyException refused = assertThrows(FtpReplyException.class, () -> ftp.delete("/a"));
      assertEquals(550, refused.reply().code());
      assertEquals("/", ftp.pwd());
    }
  }

  @Test
  void aReplyThatEndsWithAnotherCodeIsAccepted() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "12345");
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      server.on("STAT", c -> c.raw("211-Status\r\n200 end\r\n"));
      assertEquals(211, ftp.stat().code());
      assertEquals(5, ftp.size("/a"));
      int before = server.commands().size();
      assertEquals(5, ftp.size("/a"));
      assertEquals(before + 1, server.commands().size());
    }
  }
}
