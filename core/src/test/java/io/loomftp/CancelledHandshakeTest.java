package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.FreshProfiles;
import io.loomftp.testkit.ScriptedServer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An interrupt ends the wait for the TLS handshake of the control connection. */
@Timeout(60)
@ExtendWith(FreshProfiles.class)
class CancelledHandshakeTest {
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anInterruptEndsAHandshakeThatIsNotAnswered(boolean virtual) throws Exception {
    CountDownLatch waiting = new CountDownLatch(1);
    try (ScriptedServer server = ScriptedServer.start()) {
      server.on("AUTH", c -> {
        c.reply("234 Go ahead");
        waiting.countDown();
        c.stall();
      });
      FtpConfig config = SessionFixture.secured(server).timeouts(Timeouts.of(Duration.ofSeconds(50))).build();
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      Thread.Builder kind = virtual ? Thread.ofVirtual() : Thread.ofPlatform();
      Thread work = kind.start(() -> {
        try {
          Ftp.open(config).close();
        } catch (Throwable e) {
          thrown.set(e);
        }
      });
      assertTrue(waiting.await(20, TimeUnit.SECONDS));
      work.interrupt();
      assertTrue(work.join(Duration.ofSeconds(15)), "the handshake goes on");
      assertEquals(ErrorKind.ABORTED, assertInstanceOf(FtpException.class, thrown.get()).kind(), thrown.get().toString());
    }
  }
}
