package io.loomftp.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.Ftp;
import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.FtpLoginException;
import io.loomftp.FtpSession;
import io.loomftp.Retry;
import io.loomftp.Timeouts;
import io.loomftp.TransferOptions;
import io.loomftp.testkit.ScriptedServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A session that reconnects needs a permit as any other, and sends a password that was refused as carefully. */
@Timeout(60)
class ReconnectPermitTest {
  private static final TransferOptions AGAIN =
      TransferOptions.defaults().retry(new Retry(4, Duration.ofSeconds(20), Duration.ofMillis(1), Duration.ofMillis(5)));

  @TempDir Path folder;

  @Test
  void reconnectWaitsWhereAnotherSessionHasTheOnlyConnection() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello")) {
      FtpConfig patient = PoolFixture.plain(server).build();
      FtpConfig config =
          PoolFixture.plain(server).timeouts(Timeouts.of(PoolFixture.GENEROUS).withConnect(PoolFixture.SHORT)).build();
      ConnectionLimiter.of(config).atMost(1);
      FutureTask<FtpSession> opening = new FutureTask<>(() -> Ftp.open(patient));
      server.once("RETR", c -> {
        Thread second = Thread.ofPlatform().start(opening);
        while (second.getState() != Thread.State.TIMED_WAITING) {
          Thread.yield();
        }
        c.reset();
      });
      FtpSession first = Ftp.open(config);
      FtpException e = assertThrows(FtpException.class, () -> first.get("/a", folder.resolve("a"), AGAIN));
      try (FtpSession second = opening.get()) {
        assertEquals(2, server.sessions(), "the limit is 1: " + e);
        assertTrue(second.isOpen());
        assertEquals(1, ConnectionLimiter.of(config).open());
      }
      first.close();
      assertEquals(0, ConnectionLimiter.of(config).open());
    }
  }

  @Test
  void passwordThatWasRefusedIsSentByOneReconnectAtATime() throws Exception {
    int count = 6;
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello")) {
      FtpConfig config = PoolFixture.plain(server).build();
      List<FtpSession> sessions = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        sessions.add(Ftp.open(config));
      }
      AtomicInteger atOnce = new AtomicInteger();
      AtomicInteger most = new AtomicInteger();
      AtomicBoolean together = new AtomicBoolean();
      CountDownLatch second = new CountDownLatch(2);
      server.on("PASS", c -> {
        most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
        if (together.get()) {
          second.countDown();
          second.await(500, TimeUnit.MILLISECONDS); // a second one would come now
        }
        atOnce.decrementAndGet();
        c.reply("530 The password has changed.");
      });
      server.on("SIZE", c -> c.reset()).on("RETR", c -> c.reset());
      assertThrows(FtpLoginException.class, () -> sessions.getFirst().get("/a", folder.resolve("0"), AGAIN));
      assertEquals(count + 1, server.sessions(), "a refused login is not tried again");
      together.set(true);
      List<Future<?>> all = new ArrayList<>();
      for (int i = 1; i < count; i++) {
        FtpSession session = sessions.get(i);
        Path target = folder.resolve("" + i);
        FutureTask<?> task = new FutureTask<>(() -> session.get("/a", target, AGAIN));
        Thread.ofVirtual().start(task);
        all.add(task);
      }
      for (Future<?> each : all) {
        var e = assertThrows(ExecutionException.class, each::get);
        assertInstanceOf(FtpLoginException.class, e.getCause(), e.toString());
      }
      assertEquals(1, most.get());
      sessions.forEach(FtpSession::close);
      assertEquals(0, ConnectionLimiter.of(config).open());
    }
  }
}
