package io.loomftp.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Futures cancelled at random moments: the next command gets its own reply, or the session is known to be over.
 * {@code -Dloomftp.cancel.times=100} does it more often.
 */
@Timeout(120)
class CancelTest {
  private static final int TIMES = Integer.getInteger("loomftp.cancel.times", 8);
  private static final long SEED = 20_260_122;
  private static final int ENTRIES = 300;

  private final Random random = new Random(SEED);
  private int lost;
  private int early;

  /** What is cancelled. */
  private interface Begin {
    CompletableFuture<?> begin(AsyncFtpSession session, int round);
  }

  @ParameterizedTest
  @EnumSource(Place.Kind.class)
  void downloadCancelledAtAnyMomentLeavesTheSessionInStep(Place.Kind kind) throws Exception {
    try (Place place = kind.start()) {
      prepare(place, s -> s.upload("/big", subscriber -> subscriber.onSubscribe(new Chunks(subscriber, 256))).join());
      cancelOften(
          kind + " download",
          place,
          (s, i) -> i % 2 == 0 ? s.post("get", "/big") : s.get("/big", OutputStream.nullOutputStream()));
    }
  }

  @ParameterizedTest
  @EnumSource(Place.Kind.class)
  void uploadCancelledAtAnyMomentLeavesTheSessionInStep(Place.Kind kind) throws Exception {
    try (Place place = kind.start()) {
      cancelOften(
          kind + " upload",
          place,
          (s, i) -> i % 2 == 0
              ? s.put(endless(), "/up.bin")
              : s.upload("/up.bin", subscriber -> subscriber.onSubscribe(new Chunks(subscriber, Long.MAX_VALUE))));
    }
  }

  @ParameterizedTest
  @EnumSource(Place.Kind.class)
  void listingCancelledAtAnyMomentLeavesTheSessionInStep(Place.Kind kind) throws Exception {
    try (Place place = kind.start()) {
      prepare(
          place,
          s -> {
            s.mkdir("/many").join();
            for (int i = 0; i < ENTRIES; i++) {
              s.mkdir("/many/some-folder-with-a-long-name-" + i);
            }
            s.noop().join();
          });
      cancelOften(kind + " listing", place, (s, i) -> i % 2 == 0 ? s.list("/many") : s.post("ls", "/many"));
    }
  }

  @ParameterizedTest
  @EnumSource(Place.Kind.class)
  void loginCancelledAtAnyMomentLeavesTheSessionInStepOrUnconnected(Place.Kind kind) throws Exception {
    try (Place place = kind.start(); AsyncFtp ftp = AsyncFtp.create()) {
      Recorder recorder = new Recorder();
      ftp.on("all", recorder);
      for (int i = 0; i < TIMES; i++) {
        AsyncFtpSession s = ftp.session("login-" + i, place.config());
        CompletableFuture<?> connecting = s.connect();
        cancelSoon(connecting, i);
        s.connect().get(10, TimeUnit.SECONDS);
        assertEquals("/round" + i, newFolder(s, i));
        s.rmdir("/round" + i).get(10, TimeUnit.SECONDS);
        s.quit().get(10, TimeUnit.SECONDS);
        s.ended().get(10, TimeUnit.SECONDS);
      }
      recorder.check();
      System.out.printf("%s login: cancelled %d times, %d had ended before%n", kind, TIMES, early);
    }
  }

  private interface Work {
    void run(AsyncFtpSession session) throws Exception;
  }

  private static void prepare(Place place, Work work) throws Exception {
    try (AsyncFtp ftp = AsyncFtp.create()) {
      AsyncFtpSession s = ftp.session("prepare", place.config());
      s.connect().get(10, TimeUnit.SECONDS);
      work.run(s);
    }
  }

  private void cancelOften(String what, Place place, Begin begin) throws Exception {
    Recorder recorder = new Recorder();
    FtpConfig config = place.config();
    try (AsyncFtp ftp = AsyncFtp.create()) {
      ftp.on("all", recorder);
      AsyncFtpSession s = ftp.session("s0", config);
      s.connect().get(10, TimeUnit.SECONDS);
      for (int i = 0; i < TIMES; i++) {
        CompletableFuture<?> running = begin.begin(s, i);
        cancelSoon(running, i);
        if (!isInStep(s, i)) {
          lost++;
          s.ended().get(10, TimeUnit.SECONDS);
          s = ftp.session("s" + (i + 1), config);
          s.connect().get(10, TimeUnit.SECONDS);
        }
      }
    }
    recorder.check();
    System.out.printf(
        "%s: cancelled %d times, %d had ended before, %d sessions were lost and said so%n", what, TIMES, early, lost);
    assertTrue(early < TIMES, "some were cancelled in the middle");
  }

  private void cancelSoon(CompletableFuture<?> running, int round) {
    long moment = random.nextLong(TimeUnit.MILLISECONDS.toNanos(12));
    if (round % 3 == 0) {
      running.orTimeout(moment, TimeUnit.NANOSECONDS);
      running.handle((value, trouble) -> trouble).join();
    } else {
      long start = System.nanoTime();
      while (System.nanoTime() - start < moment && !running.isDone()) {
        Thread.onSpinWait();
      }
      running.cancel(true);
    }
    if (!running.isCompletedExceptionally()) {
      early++;
    }
  }

  /** Makes a folder whose name nobody else has: its reply cannot be taken for another one. */
  private static boolean isInStep(AsyncFtpSession s, int round) throws Exception {
    try {
      assertEquals("/round" + round, newFolder(s, round));
      s.rmdir("/round" + round).get(10, TimeUnit.SECONDS);
      return true;
    } catch (ExecutionException e) {
      // The connection was lost over it, which is told at once and for good.
      assertInstanceOf(FtpException.class, e.getCause());
      s.ended().get(10, TimeUnit.SECONDS);
      assertInstanceOf(FtpException.class, s.noop().handle((reply, trouble) -> trouble).join());
      return false;
    }
  }

  private static String newFolder(AsyncFtpSession s, int round) throws Exception {
    return s.mkdir("/round" + round).get(10, TimeUnit.SECONDS);
  }

  private static InputStream endless() {
    return new InputStream() {
      @Override
      public int read() {
        return 0;
      }

      @Override
      public int read(byte[] block, int offset, int length) {
        return length;
      }
    };
  }

  /** A publisher of so many blocks. */
  private static final class Chunks implements Flow.Subscription {
    private final Flow.Subscriber<? super ByteBuffer> subscriber;
    private long left;
    private boolean cancelled;

    Chunks(Flow.Subscriber<? super ByteBuffer> subscriber, long count) {
      this.subscriber = subscriber;
      this.left = count;
    }

    @Override
    public void request(long n) {
      if (cancelled) {
        return;
      }
      if (left-- > 0) {
        subscriber.onNext(ByteBuffer.wrap(new byte[64 << 10]));
      } else {
        cancelled = true;
        subscriber.onComplete();
      }
    }

    @Override
    public void cancel() {
      cancelled = true;
    }
  }
}
