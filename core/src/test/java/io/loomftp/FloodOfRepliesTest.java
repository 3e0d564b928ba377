package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.FreshProfiles;
import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A server that sends replies without end is given up. */
@Timeout(60)
@ExtendWith(FreshProfiles.class)
class FloodOfRepliesTest {
  @Test
  void unsolicitedRepliesAreDroppedUpToABound() throws Exception {
    CountDownLatch flooding = new CountDownLatch(1);
    String noise = "200 noise\r\n".repeat(1_000);
    try (ScriptedServer server = ScriptedServer.start()) {
      server.on("NOOP", c -> {
        c.reply("200 ok");
        flooding.countDown();
        try {
          while (true) {
            c.raw(noise);
          }
        } catch (IOException e) {
          c.close(); // the client is gone
        }
      });
      FtpSession ftp = Ftp.open(SessionFixture.plain(server).build());
      ftp.noop();
      assertTrue(flooding.await(10, TimeUnit.SECONDS));
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      Thread work = Thread.ofVirtual().start(() -> {
        try {
          while (true) {
            ftp.size("/a");
          }
        } catch (Throwable e) {
          thrown.set(e);
        }
      });
      assertTrue(work.join(Duration.ofSeconds(20)), "the replies are dropped for ever");
      assertEquals(ErrorKind.LIMIT, assertInstanceOf(FtpProtocolException.class, thrown.get()).kind());
      ftp.close();
    }
  }
}
