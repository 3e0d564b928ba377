package io.loomftp.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.Retry;
import io.loomftp.Timeouts;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Commands cancelled at chosen moments: the session goes on, in its folder on the same connection or in the first one on a new
 * connection. {@code -Dloomftp.cancel.times=200} does it more often.
 */
@Timeout(900)
@SuppressWarnings("try") // subscriptions are only closed
class CancelMomentsTest {
  private static final int TIMES = Integer.getInteger("loomftp.cancel.times", 3);
  private static final long SEED = Long.getLong("loomftp.cancel.seed", 20_261_125);
  private static final Duration BOUND = Duration.ofSeconds(20);

  private final Random random = new Random(SEED);
  private int early;
  private int same;
  private int again;
  private int lost;
  private int wrong;
  private int partial;
  private long slowest;

  private enum Moment {
    DOWNLOAD_IN_THE_MIDDLE, UPLOAD_FROM_PUT_CONNECTED, UPLOAD_IN_THE_MIDDLE, UPLOAD_AT_ITS_END, LISTING, LOGIN
  }

  static Stream<Arguments> all() {
    return Arrays.stream(FuzzServer.Kind.values())
        .filter(kind -> !kind.name().startsWith("EMBEDDED"))
        .flatMap(kind -> Arrays.stream(Moment.values()).map(moment -> Arguments.of(kind, moment)));
  }

  @ParameterizedTest
  @MethodSource("all")
  void sessionGoesOnAfterACancel(FuzzServer.Kind kind, Moment moment) throws Exception {
    Assumptions.assumeTrue(kind.isAvailable(), "run .ci/fetch-servers first");
    try (FuzzServer server = kind.start(); AsyncFtp ftp = AsyncFtp.create()) {
      server.folder("up");
      AsyncFtpSession s = null;
      for (int i = 0; i < TIMES; i++) {
        if (s == null || moment == Moment.LOGIN) {
          s = session(ftp, server, "s" + i, moment);
        }
        if (!isKept(server, s, moment, i)) {
          lost++;
          s.close();
          s = null;
        } else if (moment == Moment.LOGIN) {
          s.quit().get(20, TimeUnit.SECONDS);
        }
      }
    }
    System.out.printf("%-16s %-26s cancelled %d, ended before %d, same connection %d, new connection %d, lost %d, wrong %d, "
        + "partial files %d, slowest %d ms, seed %d%n", kind, moment, TIMES, early, same, again, lost, wrong, partial, slowest,
        SEED);
    assertEquals(0, wrong, "sessions out of step");
    assertEquals(0, partial, "partial files under full names");
    assertTrue(lost <= 1, () -> lost + " sessions were lost");
  }

  private static AsyncFtpSession session(AsyncFtp ftp, FuzzServer server, String alias, Moment moment) throws Exception {
    AsyncFtpSession s = ftp.session(alias, server.config(server.port()).timeouts(Timeouts.of(BOUND)).build());
    if (moment != Moment.LOGIN) {
      s.reconnect(new Retry(3, BOUND, Duration.ofMillis(50), Duration.ofMillis(500)));
      s.connect().get(20, TimeUnit.SECONDS);
    }
    return s;
  }

  private boolean isKept(FuzzServer server, AsyncFtpSession s, Moment moment, int round) throws Exception {
    AtomicInteger greetings = new AtomicInteger();
    try (Subscription counted = s.on("connected", e -> greetings.incrementAndGet())) {
      if (moment != Moment.LOGIN) {
        s.cd("/sub").get(20, TimeUnit.SECONDS);
      }
      CompletableFuture<?> victim = cancelled(s, moment, round);
      long start = System.nanoTime();
      early += victim.isCompletedExceptionally() ? 0 : 1;
      if (moment == Moment.LOGIN) {
        s.connect().get(20, TimeUnit.SECONDS);
        s.cd("/sub").get(20, TimeUnit.SECONDS);
      }
      String folder = s.pwd().get(20, TimeUnit.SECONDS);
      slowest = Math.max(slowest, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
      long size = s.size("/f3").get(20, TimeUnit.SECONDS);
      boolean renewed = moment != Moment.LOGIN && greetings.get() > 0;
      wrong += size == FuzzServer.SIZES.get(3) && folder.equals(renewed ? "/" : "/sub") ? 0 : 1;
      same += renewed ? 0 : 1;
      again += renewed ? 1 : 0;
      if (Files.exists(server.home().resolve("up/u" + round)) && victim.isCompletedExceptionally() && moment
          != Moment.UPLOAD_AT_ITS_END) {
        partial++;
        List<String> lines = s.transcript().get(20, TimeUnit.SECONDS);
        System.out.println(moment + " " + round + ": " + lines.subList(Math.max(0, lines.size() - 16), lines.size()));
      }
      return true;
    } catch (ExecutionException e) {
      System.out.println(moment + " " + round + ": " + e.getCause());
      return false;
    }
  }

  private CompletableFuture<?> cancelled(AsyncFtpSession s, Moment moment, int round) throws InterruptedException {
    int after = random.nextInt(1_500_000);
    String name = "/up/u" + round;
    return switch (moment) {
      case DOWNLOAD_IN_THE_MIDDLE ->
          round % 2 == 0 ? at(s, "get_data", 1 + random.nextInt(4), () -> s.post("get", "/e5")) : download(s, after);
      case UPLOAD_FROM_PUT_CONNECTED -> at(s, "put_connected", 1, () -> s.put(name));
      case UPLOAD_IN_THE_MIDDLE -> upload(s, name, after, true);
      case UPLOAD_AT_ITS_END -> round % 2 == 0 ? upload(s, name, after, false) : posted(s, name, after);
      case LISTING -> at(s, List.of("ls_connected", "ls_server", "ls_data").get(round % 3), 1, () -> s.post("ls", "/list"));
      case LOGIN -> round % 4 == 0 ? at(s, "connected", 1, s::connect) : soon(s.connect(), random.nextInt(20_000));
    };
  }

  private interface Begin {
    CompletableFuture<?> begin();
  }

  /** Cancels it from the listener of that event. */
  private static CompletableFuture<?> at(AsyncFtpSession s, String event, int count, Begin begin) throws InterruptedException {
    CompletableFuture<CompletableFuture<?>> running = new CompletableFuture<>();
    AtomicInteger left = new AtomicInteger(count);
    CountDownLatch done = new CountDownLatch(1);
    try (Subscription one = s.on(event, e -> {
      if (left.decrementAndGet() == 0) {
        running.join().cancel(true);
        done.countDown();
      }
    })) {
      CompletableFuture<?> victim = begin.begin();
      running.complete(victim);
      victim.whenComplete((value, trouble) -> done.countDown());
      assertTrue(done.await(20, TimeUnit.SECONDS), "no " + event);
      return victim;
    }
  }

  private static CompletableFuture<?> soon(CompletableFuture<?> running, int micros) throws InterruptedException {
    running.orTimeout(micros, TimeUnit.MICROSECONDS);
    running.handle((value, trouble) -> trouble).join();
    return running;
  }

  /** Cancels it after so many bytes. */
  private static CompletableFuture<?> download(AsyncFtpSession s, int after) throws InterruptedException {
    CompletableFuture<CompletableFuture<?>> running = new CompletableFuture<>();
    CompletableFuture<?> victim = s.get("/f5", new OutputStream() {
      private long bytes;

      @Override
      public void write(int b) {
        bytes++;
      }

      @Override
      public void write(byte[] block, int offset, int length) {
        bytes += length;
        if (bytes > after) {
          running.join().cancel(true);
        }
      }
    });
    running.complete(victim);
    victim.handle((value, trouble) -> trouble).join();
    return victim;
  }

  /** Cancels it after so many bytes, at the end of the source or before. */
  private static CompletableFuture<?> upload(AsyncFtpSession s, String name, int after, boolean endless) {
    CompletableFuture<CompletableFuture<?>> running = new CompletableFuture<>();
    CompletableFuture<?> victim = s.put(new InputStream() {
      private long bytes;

      @Override
      public int read() {
        return 0;
      }

      @Override
      public int read(byte[] block, int offset, int length) {
        if (bytes > after) {
          running.join().cancel(true);
          return endless ? length : -1;
        }
        bytes += length;
        return length;
      }
    }, name);
    running.complete(victim);
    victim.handle((value, trouble) -> trouble).join();
    return victim;
  }

  /** Cancels it soon after its last data was posted. */
  private CompletableFuture<?> posted(AsyncFtpSession s, String name, int bytes) throws InterruptedException {
    CompletableFuture<?> victim = s.put(name);
    s.putData(new byte[1 + bytes / 10]);
    s.putClose();
    return soon(victim, random.nextInt(10_000));
  }
}
