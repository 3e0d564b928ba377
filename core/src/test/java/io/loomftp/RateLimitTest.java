package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.Misbehaviour;
import io.loomftp.testkit.ScriptedServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rate limits, minimum rates, and progress. */
@Timeout(60)
class RateLimitTest {
  private static final int SIZE = 200_000;
  private static final int RATE = 400_000;
  /** All but the burst of a quarter of a second takes its time. */
  private static final Duration LEAST = Duration.ofMillis(1_000L * (SIZE - RATE / 4) / RATE);

  @TempDir Path folder;
  private final ScriptedServer server = ScriptedServer.start().file("/a", new byte[SIZE]);
  private FtpSession ftp;

  @BeforeEach
  void connect() throws Exception {
    ftp = Ftp.open(SessionFixture.plain(server).pipelining(Pipelining.OFF).build());
  }

  @AfterEach
  void leave() {
    ftp.close();
    server.close();
  }

  private static Duration time(SessionFixture.Use use, FtpSession ftp) throws Exception {
    long start = System.nanoTime();
    use.with(ftp);
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static void atLeast(Duration least, Duration taken) {
    assertTrue(taken.compareTo(least) >= 0, "took only " + taken + ", not " + least);
  }

  @Test
  void transferKeepsToItsLimitBothWays() throws Exception {
    TransferOptions limited = TransferOptions.defaults().rateLimit(RateLimit.of(RATE));
    Path target = folder.resolve("t");
    atLeast(LEAST, time(s -> s.get("a", target, limited), ftp));
    atLeast(LEAST, time(s -> s.put(target, "b", limited.rateLimit(RateLimit.of(RATE))), ftp));
  }

  @Test
  void streamsKeepToTheLimitOfTheirSession() throws Exception {
    try (FtpSession slow = Ftp.open(SessionFixture.plain(server).rateLimit(RateLimit.of(RATE)).build())) {
      atLeast(LEAST, time(s -> SessionFixture.text(s.get("a")), slow));
      atLeast(LEAST.dividedBy(2), time(s -> s.put("b", out -> out.write(new byte[SIZE])), slow));
      atLeast(LEAST, time(s -> s.get("a", folder.resolve("t")), slow));
    }
  }

  @Test
  void limitIsShared() throws Exception {
    RateLimit shared = RateLimit.of(RATE);
    try (FtpSession other = Ftp.open(SessionFixture.plain(server).rateLimit(RateLimit.of(10 * RATE).below(shared)).build())) {
      FutureTask<TransferResult> second = new FutureTask<>(() -> other.get("a", folder.resolve("u")));
      Duration both =
          time(
              s -> {
                Thread.ofVirtual().start(second);
                s.get("a", folder.resolve("t"), TransferOptions.defaults().rateLimit(shared));
                second.get();
              },
              ftp);
      atLeast(LEAST.plusMillis(1_000L * SIZE / RATE), both);
    }
  }

  @Test
  void limitThatHoldsTwiceIsCountedOnce() throws Exception {
    RateLimit limit = RateLimit.of(SIZE);
    try (FtpSession session = Ftp.open(SessionFixture.plain(server).rateLimit(limit).build())) {
      session.get("a", folder.resolve("t"), TransferOptions.defaults().rateLimit(limit.below(RateLimit.of(1 << 30))));
      session.get("a", folder.resolve("t"), TransferOptions.defaults().rateLimit(limit));
    }
    // Two files of one second each were taken from the bucket, not three or four.
    assertTrue(limit.take(0) < Duration.ofSeconds(1).toNanos());
  }

  @Test
  void abortEndsTheWaiting() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    TransferOptions crawling = TransferOptions.defaults().rateLimit(RateLimit.of(1)).progress(now -> begun.countDown());
    FutureTask<FtpException> task =
        new FutureTask<>(() -> assertThrows(FtpException.class, () -> ftp.get("a", folder.resolve("t"), crawling)));
    Thread.ofVirtual().start(task);
    begun.await();
    ftp.abort();
    assertEquals(ErrorKind.ABORTED, task.get().kind());
    ftp.noop();
  }

  @Test
  void progressIsReportedAtABoundedRateAndAtTheEnd() throws Exception {
    List<Progress.State> told = new ArrayList<>();
    TransferOptions options =
        TransferOptions.defaults().progress(told::add).progressEvery(Duration.ofMillis(100)).rateLimit(RateLimit.of(RATE));
    TransferResult result = ftp.get("a", folder.resolve("t"), options);
    assertEquals(SIZE, told.getLast().bytes());
    assertEquals(SIZE, told.getLast().total().orElseThrow());
    long most = result.duration().toMillis() / 100 + 2;
    assertTrue(told.size() >= 2 && told.size() <= most, told.size() + " calls in " + result.duration());
    assertTrue(told.getLast().bytesPerSecond() > 0, told.toString());
    assertEquals(Duration.ZERO, told.getLast().remaining().orElseThrow());
  }

  @Test
  void slowNetworkFailsAndTheSessionIsUsable() throws Exception {
    server.misbehave(Misbehaviour.DRIP_DATA);
    TransferOptions wanting = TransferOptions.defaults().slowest(10_000, Duration.ofMillis(500));
    FtpException e = assertThrows(FtpException.class, () -> ftp.get("a", folder.resolve("t"), wanting));
    assertEquals(ErrorKind.TIMEOUT, e.kind());
    assertTrue(String.valueOf(e.getMessage()).contains("slower than 10000"), e.getMessage());
    assertEquals(e.sessionUsable(), ftp.isOpen());
  }

  @Test
  void networkThatStandsStillIsSlow() throws Exception {
    server.on("STOR", c -> {
      c.reply("150 Go on.");
      var data = c.openData();
      data.receive(1);
      c.next(); // ABOR
      data.reset();
      c.reply("426 Broken.", "226 Aborted.");
    });
    TransferOptions wanting = TransferOptions.defaults().slowest(1_000, Duration.ofMillis(300));
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 0;
          }

          @Override
          public int read(byte[] b, int off, int len) {
            return len;
          }
        };
    FtpException e = assertThrows(FtpTransferException.class, () -> ftp.put(endless, "b", wanting));
    assertEquals(ErrorKind.TIMEOUT, e.kind());
    ftp.noop();
  }

  @Test
  void limitIsNoSlowness() throws Exception {
    TransferOptions options =
        TransferOptions.defaults().rateLimit(RateLimit.of(RATE)).slowest(RATE * 2, Duration.ofMillis(50));
    assertEquals(SIZE, ftp.get("a", folder.resolve("t"), options).bytes());
  }

  /** Blocks until it is interrupted. */
  private static int block() throws IOException {
    try {
      new CountDownLatch(1).await();
      return -1;
    } catch (InterruptedException e) {
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    }
  }

  @Test
  void sourceThatStallsIsBlamed() throws Exception {
    InputStream stalling =
        new InputStream() {
          @Override
          public int read() throws IOException {
            return block();
          }
        };
    TransferOptions bounded = TransferOptions.defaults().localStall(Duration.ofMillis(200));
    FtpException e = assertThrows(FtpLocalException.class, () -> ftp.put(stalling, "b", bounded));
    assertEquals(ErrorKind.TIMEOUT, e.kind());
    assertTrue(String.valueOf(e.getMessage()).contains("source stalled"), e.getMessage());
    assertTrue(e.sessionUsable());
    assertFalse(Thread.currentThread().isInterrupted());
    ftp.noop();
    assertFalse(server.exists("/b"));
  }

  @Test
  void sinkThatStallsIsBlamed() throws Exception {
    OutputStream stalling =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            block();
          }
        };
    TransferOptions bounded = TransferOptions.defaults().localStall(Duration.ofMillis(200));
    FtpException e = assertThrows(FtpLocalException.class, () -> ftp.get("a", stalling, bounded));
    assertEquals(ErrorKind.TIMEOUT, e.kind());
    ftp.noop();
    ByteArrayOutputStream good = new ByteArrayOutputStream();
    ftp.get("a", good, bounded);
    assertEquals(SIZE, good.size());
  }

  @Test
  void optionsRefuseWhatMakesNoSense() {
    TransferOptions o = TransferOptions.defaults();
    assertThrows(IllegalArgumentException.class, () -> o.digest("NO-SUCH"));
    assertThrows(IllegalArgumentException.class, () -> o.slowest(0, Duration.ofSeconds(1)));
    assertThrows(IllegalArgumentException.class, () -> o.localStall(Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> o.segments(0));
    assertThrows(IllegalArgumentException.class, () -> o.progressEvery(Duration.ofMillis(-1)));
    assertThrows(IllegalArgumentException.class, () -> RateLimit.of(0));
    assertThrows(
        IllegalArgumentException.class, () -> new Retry(0, Duration.ZERO, Duration.ZERO, Duration.ZERO));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Retry(1, Duration.ZERO, Duration.ofSeconds(2), Duration.ofSeconds(1)));
  }
}
