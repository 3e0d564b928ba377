package io.loomftp.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.FtpConfig;
import io.loomftp.Timeouts;
import io.loomftp.testkit.ScriptedServer;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Thousands of sessions at once. */
@Timeout(120)
class SwarmTest {
  private static final int SESSIONS = 2_000;

  @Test
  void twoThousandSessionsLogInFetchAFileAndQuitOnAFewPlatformThreads() throws Exception {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    int before = threads.getThreadCount();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger loggedIn = new AtomicInteger();
    AtomicLong bytes = new AtomicLong();
    AtomicInteger quits = new AtomicInteger();
    Recorder recorder = new Recorder();
    long start = System.nanoTime();
    try (ScriptedServer server = ScriptedServer.start().file("/s.bin", new byte[20_000]); AsyncFtp ftp = AsyncFtp.create()) {
      FtpConfig config =
          FtpConfig.builder("localhost")
              .port(server.port())
              .credentials("alice", "secret")
              .timeouts(Timeouts.of(Duration.ofSeconds(60)))
              .build();
      ftp.on("all", recorder);
      // All are logged in before the first goes on, so that they are there at once.
      CompletableFuture<Void> everybody = new CompletableFuture<>();
      ftp.on(
          "authenticated",
          e -> {
            if (loggedIn.incrementAndGet() == SESSIONS) {
              everybody.complete(null);
            }
            everybody.thenRun(() -> ftp.post(e.session(), "get", "s.bin"));
          });
      ftp.on("get_data", FtpEvent.Data.class, e -> bytes.addAndGet(e.block().remaining()));
      ftp.on(
          "get_done",
          e -> {
            most.accumulateAndGet(threads.getThreadCount(), Math::max);
            ftp.post(e.session(), "quit");
          });
      ftp.on("quit", e -> quits.incrementAndGet());
      List<AsyncFtpSession> sessions =
          IntStream.range(0, SESSIONS).mapToObj(i -> ftp.session("s" + i, config)).toList();
      CompletableFuture<?>[] ends = sessions.stream().map(AsyncFtpSession::ended).toArray(CompletableFuture[]::new);
      sessions.forEach(AsyncFtpSession::connect);
      CompletableFuture.allOf(ends).get(90, TimeUnit.SECONDS);
    }
    recorder.check();
    System.out.printf(
        "%d sessions in %.1f s, at most %d platform threads, %d before%n",
        SESSIONS, (System.nanoTime() - start) / 1e9, most.get(), before);
    assertEquals(SESSIONS, quits.get());
    assertEquals(SESSIONS * 20_000L, bytes.get());
    assertTrue(most.get() - before < 40, () -> most.get() + " platform threads, " + before + " before");
  }
}
