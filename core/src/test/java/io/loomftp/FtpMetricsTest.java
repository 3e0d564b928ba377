package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.FtpMeasurement.Direction;
import io.loomftp.FtpMeasurement.Outcome;
import io.loomftp.pool.FtpPool;
import io.loomftp.pool.PoolFixture;
import io.loomftp.testkit.Handshake;
import io.loomftp.testkit.ScriptedServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Metrics count what the server saw, and lose nothing; the user's code among them disturbs no session. */
@Timeout(60)
class FtpMetricsTest {
  @TempDir Path folder;

  private static Map<String, Long> verbs(ScriptedServer server) {
    return server.commands().stream().collect(Collectors.groupingBy(line -> line.split(" ")[0], Collectors.counting()));
  }

  private static long sum(Map<?, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  @Test
  void theCountsAreThoseOfTheServer() throws Exception {
    FtpMetrics metrics = new FtpMetrics();
    try (ScriptedServer server = ScriptedServer.start().file("/a", new byte[5_000])) {
      FtpConfig config = SessionFixture.plain(server).metrics(metrics).build();
      try (FtpSession first = Ftp.open(config); FtpSession second = Ftp.open(config)) {
        assertEquals(2, metrics.snapshot().sessionsOpen());
        for (int i = 0; i < 5; i++) { // several in a row, so that commands are sent ahead
          first.get("a", folder.resolve("a" + i));
        }
        second.put("b", out -> out.write(new byte[700]));
        second.get("a").close();
        try (Listing rows = second.list("/")) {
          assertEquals(2, rows.stream().count());
        }
        assertThrows(FtpReplyException.class, () -> second.delete("nosuch"));
      }
      server.awaitIdle();
      FtpMetrics.Snapshot now = metrics.snapshot();
      assertEquals(verbs(server), now.commands());
      assertEquals(server.replies(), sum(now.replies()));
      assertEquals(1, now.replies().get(5));
      assertEquals(2, now.sessionsOpened());
      assertEquals(0, now.sessionsOpen());
      assertEquals(2, now.connectLatency().count());
      assertEquals(server.dataConnections(), sum(now.transfers().get(Direction.UP)) + sum(now.transfers().get(Direction.DOWN)));
      assertEquals(6, now.transfers(Direction.DOWN, Outcome.DONE));
      assertEquals(1, now.transfers(Direction.DOWN, Outcome.ABORTED));
      assertEquals(1, now.transfers(Direction.UP, Outcome.DONE));
      assertEquals(700, now.bytesUp());
      assertTrue(now.bytesDown() >= 25_000, now.toString());
      assertEquals(sum(now.commands()), now.commandLatency().count());
      assertEquals(8, now.transferLatency().count());
      assertEquals(0, now.handshakes());
      assertTrue(now.commandLatency().quantile(0.5).isPositive(), now.toString());
    }
  }

  @Test
  void keepAliveAndAbortsAreCountedToo() throws Exception {
    FtpMetrics metrics = new FtpMetrics();
    try (ScriptedServer server = ScriptedServer.start().file("/a", new byte[1 << 20])) {
      FtpConfig config = SessionFixture.plain(server).keepAlive(Duration.ofMillis(20)).metrics(metrics).build();
      try (FtpSession ftp = Ftp.open(config)) {
        try (FtpInputStream in = ftp.get("a")) {
          in.readNBytes(10);
          server.awaitCommand("NOOP");
        }
        assertEquals("/", ftp.pwd());
        assertEquals("/", ftp.pwd());
      }
      server.awaitIdle();
      assertEquals(verbs(server), metrics.snapshot().commands());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void resumedHandshakesAreCounted(String version) throws Exception {
    FtpMetrics metrics = new FtpMetrics();
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello")) {
      try (FtpSession ftp = Ftp.open(SessionFixture.secured(server, version).metrics(metrics).build())) {
        SessionFixture.text(ftp.get("a"));
        SessionFixture.text(ftp.get("a"));
      }
      server.awaitHandshakes(3);
      server.awaitIdle();
      FtpMetrics.Snapshot now = metrics.snapshot();
      assertEquals(server.handshakes().size(), now.handshakes());
      assertEquals(2, now.resumedHandshakes());
      assertEquals(server.handshakes().stream().filter(Handshake::resumed).count(), now.resumedHandshakes());
      assertEquals(3, now.handshakeLatency().count());
    }
  }

  @Test
  void poolsAndRetriesAreCounted() throws Exception {
    FtpMetrics metrics = new FtpMetrics();
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello").once("RETR", "451 Later.");
        FtpPool pool =
            PoolFixture.pool(PoolFixture.plain(server).metrics(metrics).build(), PoolFixture.limiter(server)).size(2).build()) {
      Retry soon = new Retry(3, Duration.ofSeconds(10), Duration.ofMillis(1), Duration.ofMillis(1));
      pool.run(ftp -> ftp.get("a", folder.resolve("a"), TransferOptions.defaults().retry(soon)));
      pool.run(ftp -> ftp.pwd());
      FtpMetrics.Snapshot now = metrics.snapshot();
      assertEquals(Map.of(Outcome.DONE, 2L, Outcome.FAILED, 0L, Outcome.ABORTED, 0L, Outcome.TIMED_OUT, 0L), now.poolWaits());
      assertEquals(2, now.poolWaitLatency().count());
      assertEquals(1, now.retries());
      assertEquals(1, now.transfers(Direction.DOWN, Outcome.FAILED));
    }
  }

  @Test
  void aConnectionThatCannotBeMadeIsCounted() {
    FtpMetrics metrics = new FtpMetrics();
    FtpConfig nobody = FtpConfig.builder("127.0.0.1").port(1).anonymous().metrics(metrics).build();
    assertThrows(FtpConnectException.class, () -> Ftp.open(nobody));
    assertEquals(1, metrics.snapshot().connectFailures());
    assertEquals(0, metrics.snapshot().sessionsOpened());
    assertEquals(0, metrics.snapshot().sessionsOpen());
  }

  @Test
  void concurrentUpdatesLoseNothing() throws Exception {
    FtpMetrics metrics = new FtpMetrics();
    int threads = 8;
    int each = 20_000;
    try (ExecutorService crowd = Executors.newFixedThreadPool(threads)) {
      for (int t = 0; t < threads; t++) {
        int number = t;
        crowd.execute(() -> {
          for (int i = 0; i < each; i++) {
            metrics.accept(new FtpMeasurement.Command("V" + (i % 100), 200, Duration.ofNanos(i), Duration.ofNanos(i)));
            metrics.accept(new FtpMeasurement.ReplyRead(200 + i % 300));
            metrics.accept(
                new FtpMeasurement.Transfer(
                    "RETR", "a", number % 2 == 0 ? Direction.DOWN : Direction.UP, 3, Duration.ofMillis(number), Optional.empty(),
                    Optional.empty(), Outcome.DONE, Optional.empty()));
            if (i % 100 == 0) {
              metrics.snapshot();
            }
          }
        });
      }
    }
    FtpMetrics.Snapshot now = metrics.snapshot();
    long all = (long) threads * each;
    assertEquals(all, sum(now.commands()));
    assertEquals(all, sum(now.replies()));
    assertEquals(all, now.commandLatency().count());
    assertEquals(all / 2, now.transfers(Direction.UP, Outcome.DONE));
    assertEquals(all * 3, now.bytesDown() + now.bytesUp());
    assertEquals(Duration.ofMillis(7), now.transferLatency().max());
    assertEquals(Duration.ofMillis(each * (0L + 1 + 2 + 3 + 4 + 5 + 6 + 7)), now.transferLatency().total());
    assertTrue(now.commands().size() <= 64 + threads, "bounded: " + now.commands().keySet());
    assertTrue(now.commands().get("OTHER") > 0, now.commands().toString());
  }

  /** The duration at the rank of a quantile, by sorting. */
  private static long exact(long[] sorted, double share) {
    return sorted[Math.max(1, (int) Math.ceil(share * sorted.length)) - 1];
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10, 100, 1_000, 20_000})
  void quantilesAreWithinTheirBound(int size) {
    Random random = new Random(size);
    for (int round = 0; round < (size > 1_000 ? 20 : 200); round++) {
      int most = 1 + random.nextInt(42); // bits: all magnitudes
      long[] nanos = random.longs(size, 0, 1L << most).map(n -> n >> random.nextInt(most)).toArray();
      LatencyRecorder recorder = new LatencyRecorder();
      Arrays.stream(nanos).forEach(n -> recorder.record(Duration.ofNanos(n)));
      LatencyHistogram histogram = recorder.snapshot();
      Arrays.sort(nanos);
      assertEquals(size, histogram.count());
      assertEquals(nanos[size - 1], histogram.max().toNanos());
      assertEquals(Arrays.stream(nanos).sum(), histogram.total().toNanos());
      for (double share : new double[] {1e-9, 0.01, 0.25, 0.5, 0.9, 0.99, 0.999, 1, random.nextDouble() + 1e-12}) {
        long wanted = exact(nanos, Math.min(1, share));
        long got = histogram.quantile(Math.min(1, share)).toNanos();
        assertTrue(Math.abs(got - wanted) <= Math.max(512, wanted / 32.0), got + " for " + wanted + " at " + share);
      }
    }
  }

  @Test
  void quantilesOfNothingAndOfVeryLongTimes() {
    LatencyRecorder recorder = new LatencyRecorder();
    assertEquals(Duration.ZERO, recorder.snapshot().quantile(0.5));
    assertEquals(Duration.ZERO, recorder.snapshot().mean());
    recorder.record(Duration.ofDays(3));
    assertEquals(Duration.ofDays(3), recorder.snapshot().max());
    Duration median = recorder.snapshot().quantile(0.5);
    assertTrue(median.compareTo(Duration.ofMinutes(70)) > 0 && median.compareTo(Duration.ofMinutes(74)) < 0, median.toString());
    for (double wrong : new double[] {0, -1, 1.1, Double.NaN}) {
      assertThrows(IllegalArgumentException.class, () -> recorder.snapshot().quantile(wrong));
    }
  }

  @Test
  void aSnapshotDoesNotChange() {
    FtpMetrics metrics = new FtpMetrics();
    FtpMetrics.Snapshot before = metrics.snapshot();
    metrics.accept(new FtpMeasurement.Command("NOOP", 200, Duration.ofMillis(1), Duration.ofMillis(1)));
    assertEquals(Map.of(), before.commands());
    assertEquals(0, before.commandLatency().count());
    assertThrows(UnsupportedOperationException.class, () -> before.commands().put("X", 1L));
    assertThrows(UnsupportedOperationException.class, () -> before.transfers().clear());
  }

  @Test
  void metricsThatThrowDisturbNothing() throws Exception {
    FtpMetrics counted = new FtpMetrics();
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello")) {
      FtpConfig config =
          SessionFixture.secured(server)
              .metrics(
                  counted.andThen(
                      measurement -> {
                        throw new AssertionError("boom");
                      }))
              .build();
      try (FtpSession ftp = Ftp.open(config)) {
        assertEquals("hello", SessionFixture.text(ftp.get("a")));
        assertEquals("/", ftp.pwd());
      }
      server.awaitIdle();
      assertEquals(verbs(server), counted.snapshot().commands());
    }
  }

  @Test
  void metricsThatCallASessionAreRefused() throws Exception {
    List<Throwable> thrown = new CopyOnWriteArrayList<>();
    AtomicReference<FtpSession> session = new AtomicReference<>();
    try (ScriptedServer server = ScriptedServer.start()) {
      FtpConfig config =
          SessionFixture.plain(server)
              .metrics(
                  measurement -> {
                    FtpSession ftp = session.get();
                    if (ftp != null && measurement instanceof FtpMeasurement.Command) {
                      try {
                        ftp.noop();
                      } catch (Exception e) {
                        thrown.add(e);
                      }
                    }
                  })
              .build();
      try (FtpSession ftp = Ftp.open(config)) {
        session.set(ftp);
        assertEquals("/", ftp.pwd());
        session.set(null);
        assertEquals("/", ftp.pwd());
      }
      assertEquals(0, server.commands().stream().filter("NOOP"::equals).count());
    }
    assertEquals(1, thrown.size());
    assertInstanceOf(IllegalStateException.class, thrown.getFirst());
  }

  /** The ends of each kind of measurement that a session's own thread delivers. */
  @ParameterizedTest
  @ValueSource(classes = {FtpMeasurement.Command.class, FtpMeasurement.ReplyRead.class, FtpMeasurement.TlsHandshake.class,
      FtpMeasurement.Transfer.class, FtpMeasurement.Disconnect.class})
  void noLockIsHeldWhileMetricsRun(Class<? extends FtpMeasurement> type) throws Exception {
    AtomicReference<FtpSession> session = new AtomicReference<>();
    AtomicBoolean armed = new AtomicBoolean();
    CountDownLatch ran = new CountDownLatch(1);
    List<Boolean> returned = new CopyOnWriteArrayList<>();
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello")) {
      FtpConfig config =
          SessionFixture.secured(server)
              .metrics(
                  measurement -> {
                    if (!type.isInstance(measurement) || !armed.compareAndSet(true, false)) {
                      return;
                    }
                    CountDownLatch done = new CountDownLatch(1);
                    Thread.startVirtualThread(() -> {
                      session.get().abort();
                      session.get().close();
                      done.countDown();
                    });
                    try {
                      returned.add(done.await(10, TimeUnit.SECONDS));
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                    ran.countDown();
                  })
              .build();
      FtpSession ftp = Ftp.open(config);
      session.set(ftp);
      armed.set(true);
      try {
        SessionFixture.text(ftp.get("a"));
        ftp.close();
      } catch (FtpException e) {
        assertTrue(!ftp.isOpen() || e.kind() == ErrorKind.ABORTED, e.toString());
      }
      assertTrue(ran.await(20, TimeUnit.SECONDS));
      ftp.close();
      server.awaitIdle();
    }
    assertEquals(List.of(true), returned);
  }

  @Test
  void measurementsComeInOrder() throws Exception {
    List<String> seen = new CopyOnWriteArrayList<>();
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello").on("FEAT", "500 What?")) {
      FtpConfig config =
          SessionFixture.plain(server)
              .metrics(
                  measurement -> {
                    switch (measurement) {
                      case FtpMeasurement.Connect connect -> seen.add("connect " + connect.address().orElseThrow()
                          .getHostAddress());
                      case FtpMeasurement.Disconnect end -> seen.add("disconnect");
                      case FtpMeasurement.Command command -> seen.add(command.verb() + " " + command.code());
                      case FtpMeasurement.Transfer transfer -> seen.add("transfer " + transfer.path() + " " + transfer.bytes());
                      default -> {}
                    }
                  })
              .build();
      try (FtpSession ftp = Ftp.open(config)) {
        SessionFixture.text(ftp.get("a"));
      }
      server.awaitIdle();
    }
    List<String> expected =
        List.of("connect 127.0.0.1", "USER 331", "PASS 230", "FEAT 500", "TYPE 200", "EPSV 229", "RETR 226", "transfer a 5",
            "QUIT 221");
    assertEquals(expected, seen.subList(0, expected.size()));
    assertEquals(List.of("disconnect"), awaitRest(seen, expected.size()));
  }

  /** The end is delivered by a thread of its own. */
  private static List<String> awaitRest(List<String> seen, int from) {
    while (seen.size() == from) {
      Thread.onSpinWait();
    }
    return seen.subList(from, seen.size());
  }
}
