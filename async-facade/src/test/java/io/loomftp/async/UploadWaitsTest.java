package io.loomftp.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.ErrorKind;
import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.Timeouts;
import io.loomftp.testkit.ScriptedServer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The waits of an upload whose data is posted or published: each has a bound, and an interrupt ends that of the poster. */
@Timeout(60)
class UploadWaitsTest {
  private final ScriptedServer server = ScriptedServer.start();
  private final AsyncFtp ftp = AsyncFtp.create();

  @AfterEach
  void leave() {
    ftp.close();
    server.close();
  }

  private AsyncFtpSession connected() throws Exception {
    FtpConfig config =
        FtpConfig.builder("localhost").port(server.port()).credentials("alice", "secret").sendWindow(1_000)
            .timeouts(Timeouts.of(Duration.ofSeconds(10)).withData(Duration.ofSeconds(2))).build();
    AsyncFtpSession s = ftp.session("s", config);
    s.connect().get(10, TimeUnit.SECONDS);
    return s;
  }

  private static void timesOut(CompletableFuture<?> upload) {
    Throwable e = assertThrows(ExecutionException.class, () -> upload.get(20, TimeUnit.SECONDS)).getCause();
    assertEquals(ErrorKind.TIMEOUT, assertInstanceOf(FtpException.class, e).kind());
  }

  @Test
  void uploadThatIsNeitherFedNorClosedFails() throws Exception {
    AsyncFtpSession s = connected();
    CompletableFuture<?> upload = s.put("/a");
    s.putData(new byte[10]);
    timesOut(upload);
    assertFalse(server.exists("/a"));
    s.noop().get(10, TimeUnit.SECONDS);
  }

  @Test
  void uploadOfASilentPublisherFails() throws Exception {
    AsyncFtpSession s = connected();
    timesOut(s.upload("/a", subscriber -> subscriber.onSubscribe(new java.util.concurrent.Flow.Subscription() {
      @Override
      public void request(long n) {}

      @Override
      public void cancel() {}
    })));
    s.noop().get(10, TimeUnit.SECONDS);
  }

  @Test
  void interruptEndsTheWaitOfThePoster() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    server.on("STOR", c -> {
      c.reply("150 Go on.");
      var data = c.openData();
      goOn.await();
      server.file("/a", data.receiveAll());
      c.reply("226 Done.");
    });
    AsyncFtpSession s = connected();
    CompletableFuture<?> upload = s.put("/a");
    AtomicBoolean interrupted = new AtomicBoolean();
    Thread poster = Thread.ofPlatform().start(() -> {
      for (int i = 0; i < 100_000 && !Thread.currentThread().isInterrupted(); i++) {
        s.putData(new byte[1_000]);
      }
      interrupted.set(Thread.currentThread().isInterrupted());
    });
    server.awaitCommand("STOR");
    while (poster.getState() != Thread.State.WAITING && poster.getState() != Thread.State.TIMED_WAITING) {
      Thread.yield();
    }
    poster.interrupt();
    assertTrue(poster.join(Duration.ofSeconds(20)), "it waits though it was interrupted");
    assertTrue(interrupted.get());
    goOn.countDown();
    s.putClose();
    upload.handle((value, reason) -> true).get(20, TimeUnit.SECONDS);
  }
}
