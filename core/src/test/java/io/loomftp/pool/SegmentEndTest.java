package io.loomftp.pool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.ErrorKind;
import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.Progress;
import io.loomftp.RateLimit;
import io.loomftp.Retry;
import io.loomftp.Timeouts;
import io.loomftp.TransferOptions;
import io.loomftp.TransferResult;
import io.loomftp.testkit.Conversation;
import io.loomftp.testkit.DataPipe;
import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The end of a download whose bytes have all arrived, and its end by an interrupt. */
@Timeout(60)
class SegmentEndTest {
  private static final int MIB = 1 << 20;
  private static final Instant THEN = Instant.parse("2024-03-02T10:20:30Z");
  private static final TransferOptions TWO = TransferOptions.defaults().segments(2);
  private static final Retry QUICK = new Retry(4, Duration.ofSeconds(30), Duration.ofMillis(1), Duration.ofMillis(2));

  @TempDir Path folder;
  private final byte[] content = new byte[3 * MIB];

  SegmentEndTest() {
    new Random(21).nextBytes(content);
  }

  private Path target() {
    return folder.resolve("big");
  }

  private List<String> left() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** What the server does in place of the final reply behind the last byte of the file. */
  enum End {
    REFUSES,
    HANGS_UP,
    RESETS,
    GOES_AWAY,
    IS_SILENT;

    void of(Conversation c) throws IOException {
      switch (this) {
        case REFUSES -> c.reply("426 Connection closed; transfer aborted.");
        case HANGS_UP -> c.close();
        case RESETS -> c.reset();
        case GOES_AWAY -> {
          c.reply("421 Going away.");
          c.close();
        }
        case IS_SILENT -> c.stall();
      }
    }
  }

  /** All data of the last range goes wrong at its end so many times. */
  private ScriptedServer endingIn(End end, int times) {
    AtomicInteger left = new AtomicInteger(times);
    ThreadLocal<Integer> from = ThreadLocal.withInitial(() -> 0); // a session has a thread
    return ScriptedServer.start().file("/big", content, THEN)
        .on("REST", c -> {
          from.set(Integer.parseInt(c.argument()));
          c.ordinary();
        })
        .on("RETR", c -> {
          int at = from.get();
          from.set(0);
          if (at == 0 || at == content.length - 1 || left.getAndDecrement() <= 0) {
            c.ordinary();
            return;
          }
          c.reply("150 Here it comes.");
          try (DataPipe data = c.openData()) {
            data.send(Arrays.copyOfRange(content, at, content.length)).finish();
          }
          end.of(c);
        });
  }

  private static FtpPool pool(ScriptedServer server) {
    Timeouts timeouts = Timeouts.of(PoolFixture.GENEROUS).withReply(Duration.ofSeconds(1)).withData(Duration.ofSeconds(1));
    FtpConfig config = PoolFixture.plain(server).timeouts(timeouts).build();
    return FtpPool.builder(config).size(2).limiter(PoolFixture.limiter(server)).build();
  }

  @ParameterizedTest
  @EnumSource
  void endThatIsNotConfirmedIsNoSuccess(End end) throws Exception {
    try (ScriptedServer server = endingIn(end, Integer.MAX_VALUE); FtpPool pool = pool(server)) {
      assertThrows(FtpException.class, () -> pool.get("/big", target(), TWO));
      assertEquals(List.of(), left());
    }
  }

  @ParameterizedTest
  @EnumSource
  void endThatIsNotConfirmedIsAskedForAgain(End end) throws Exception {
    try (ScriptedServer server = endingIn(end, 1); FtpPool pool = pool(server)) {
      TransferResult result = pool.get("/big", target(), TWO.retry(QUICK));
      assertEquals(2, result.attempts(), result.toString());
      assertArrayEquals(content, Files.readAllBytes(target()));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void finishedPartIsKeptWhenTheServerIsAwayAtTheLastLook(int segments) throws Exception {
    AtomicBoolean down = new AtomicBoolean();
    AtomicBoolean armed = new AtomicBoolean();
    try (ScriptedServer server = ScriptedServer.start().file("/big", content, THEN).onConnect(c -> {
      if (down.get()) {
        c.close();
      } else {
        c.reply("220 Ready.");
      }
    });
        FtpPool pool = PoolFixture.pool(server, 2).patience(Duration.ofSeconds(2)).build()) {
      TransferOptions options = TransferOptions.defaults().segments(segments).resume().retry(QUICK);
      breakOff(pool, options);
      AtomicLong arrived = new AtomicLong();
      Progress noting = state -> {
        arrived.set(state.bytes());
        armed.set(state.bytes() == content.length);
      };
      for (String verb : List.of("SIZE", "MDTM")) {
        server.on(verb, c -> {
          if (armed.get()) {
            down.set(true);
          }
          if (down.get()) {
            c.close();
          } else {
            c.ordinary();
          }
        });
      }
      FtpException e =
          assertThrows(
              FtpException.class, () -> pool.get("/big", target(), options.progressEvery(Duration.ZERO).progress(noting)));
      assertEquals(content.length, arrived.get(), e.toString());
      assertEquals(List.of("big.part", "big.part.of"), left());
      armed.set(false);
      down.set(false);
      server.on("SIZE", c -> c.ordinary()).on("MDTM", c -> c.ordinary());
      TransferResult result = pool.get("/big", target(), options.retry(Retry.standard()));
      assertEquals(content.length, result.resumedFrom());
      assertArrayEquals(content, Files.readAllBytes(target()));
      assertEquals(List.of("big"), left());
    }
  }

  private void breakOff(FtpPool pool, TransferOptions options) {
    Progress afterSome = state -> {
      if (state.bytes() > MIB) {
        throw new IllegalStateException("enough");
      }
    };
    assertThrows(
        IllegalStateException.class, () -> pool.get("/big", target(), options.progressEvery(Duration.ZERO).progress(afterSome)));
  }

  @Test
  void interruptOfAPlatformThreadNeitherWaitsForTheRateNorVoidsIt() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/big", content); FtpPool pool = PoolFixture.pool(server, 2)
        .build()) {
      AtomicLong arrived = new AtomicLong();
      CountDownLatch begun = new CountDownLatch(1);
      TransferOptions slow =
          TWO.rateLimit(RateLimit.of(64 << 10)).progressEvery(Duration.ZERO).progress(state -> {
            arrived.set(state.bytes());
            begun.countDown();
          });
      FutureTask<TransferResult> task = new FutureTask<>(() -> pool.get("/big", target(), slow));
      Thread caller = Thread.ofPlatform().start(task);
      begun.await();
      caller.interrupt();
      long before = arrived.get();
      var e = assertThrows(ExecutionException.class, () -> task.get(20, TimeUnit.SECONDS));
      assertEquals(ErrorKind.ABORTED, assertInstanceOf(FtpException.class, e.getCause()).kind());
      assertTrue(arrived.get() - before < MIB, () -> (arrived.get() - before) + " bytes arrived after the interrupt");
      assertFalse(Files.exists(target()));
    }
  }
}
