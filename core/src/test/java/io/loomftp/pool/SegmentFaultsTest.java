package io.loomftp.pool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.ErrorKind;
import io.loomftp.FtpException;
import io.loomftp.FtpLocalException;
import io.loomftp.FtpTransferException;
import io.loomftp.RateLimit;
import io.loomftp.Retry;
import io.loomftp.TransferOptions;
import io.loomftp.TransferResult;
import io.loomftp.Verify;
import io.loomftp.testkit.Conversation;
import io.loomftp.testkit.DataPipe;
import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults during segmented downloads. */
@Timeout(60)
class SegmentFaultsTest {
  private static final int MIB = 1 << 20;
  private static final TransferOptions TWO = TransferOptions.defaults().segments(2);
  private static final Retry QUICK = new Retry(5, Duration.ofMinutes(1), Duration.ofMillis(1), Duration.ofMillis(2));

  @TempDir Path folder;

  private final byte[] content = new byte[3 * MIB];

  SegmentFaultsTest() {
    new Random(11).nextBytes(content);
  }

  private Path target() {
    return folder.resolve("big");
  }

  private List<String> left() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** A server whose RETR, from the second on, is what the test says: the first is the request for the last byte. */
  private ScriptedServer server(io.loomftp.testkit.Behaviour range) {
    AtomicInteger number = new AtomicInteger();
    return ScriptedServer.start()
        .file("/big", content)
        .on("RETR", c -> {
          if (number.incrementAndGet() == 1) {
            c.ordinary();
          } else {
            range.run(c);
          }
        });
  }

  @Test
  void partThatIsRemovedOnTheWayIsAnError() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/big", content);
        FtpPool pool = PoolFixture.pool(server, 2).build()) {
      AtomicBoolean removed = new AtomicBoolean();
      TransferOptions options = TWO.progressEvery(Duration.ZERO).progress(state -> {
        if (state.bytes() > MIB && removed.compareAndSet(false, true)) {
          assertTrue(folder.resolve("big.part").toFile().delete());
        }
      });
      assertThrows(FtpLocalException.class, () -> pool.get("/big", target(), options));
      assertFalse(Files.exists(target()));
    }
  }

  @Test
  void secondDownloadOfTheSameTargetIsRefused() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch running = new CountDownLatch(1);
    try (ScriptedServer server = ScriptedServer.start().file("/big", content);
        FtpPool pool = PoolFixture.pool(server, 4).build()) {
      FutureTask<TransferResult> first = new FutureTask<>(() -> pool.get("/big", target(), TWO.progress(state -> {
        running.countDown();
        await(goOn);
      })));
      Thread.ofVirtual().start(first);
      running.await();
      var e = assertThrows(FtpLocalException.class, () -> pool.get("/big", target(), TWO));
      assertEquals(ErrorKind.BUSY, e.kind());
      goOn.countDown();
      first.get();
      assertArrayEquals(content, Files.readAllBytes(target()));
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void sendRest(Conversation c, long from, String end) throws IOException {
    c.reply("150 Here it comes.");
    try (DataPipe data = c.openData()) {
      data.send(Arrays.copyOfRange(content, (int) from, content.length));
      data.finish();
    } catch (IOException e) {
      assertTrue(from == 0, "only the first range is called off: " + e);
    }
    c.reply(end);
  }

  @Test
  void finalErrorReplyIsAFailureThoughAllBytesAreThere() throws Exception {
    AtomicReference<String> rest = new AtomicReference<>("0");
    try (ScriptedServer server = server(c -> {
      long from = Long.parseLong(rest.getAndSet("0"));
      if (from == 0) {
        c.ordinary();
      } else {
        sendRest(c, from, "451 Read error on disk.");
      }
    });
        FtpPool pool = PoolFixture.pool(server, 2).build();
        Lease busy = elsewhere(pool)) {
      server.on("REST", c -> {
        if (!c.argument().equals("" + (content.length - 1))) {
          rest.set(c.argument());
        }
        c.ordinary();
      });
      assertTrue(busy.session().isOpen());
      var e = assertThrows(FtpTransferException.class, () -> pool.get("/big", target(), TWO));
      assertTrue(e.getMessage().contains("451"), e.getMessage());
      assertEquals(List.of(), left());
    }
  }

  /** A lease of another thread: the ranges come one after the other then. */
  private static Lease elsewhere(FtpPool pool) throws Exception {
    FutureTask<Lease> task = new FutureTask<>(pool::lease);
    Thread.ofVirtual().start(task);
    return task.get();
  }

  @Test
  void endOfTheLastRangeIsAskedForAgainWhenThatIsWanted() throws Exception {
    AtomicInteger wrong = new AtomicInteger();
    AtomicReference<String> rest = new AtomicReference<>("0");
    try (ScriptedServer server = server(c -> {
      long from = Long.parseLong(rest.getAndSet("0"));
      if (from == 0 || wrong.incrementAndGet() > 1) {
        c.ordinary();
      } else {
        sendRest(c, from, "451 Read error on disk.");
      }
    });
        FtpPool pool = PoolFixture.pool(server, 2).build();
        Lease busy = elsewhere(pool)) {
      server.on("REST", c -> {
        if (!c.argument().equals("" + (content.length - 1))) {
          rest.set(c.argument());
        }
        c.ordinary();
      });
      assertTrue(busy.session().isOpen());
      TransferResult result = pool.get("/big", target(), TWO.retry(QUICK));
      assertEquals(2, result.attempts());
      assertArrayEquals(content, Files.readAllBytes(target()));
      assertTrue(result.reply().isPresent());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NONE", "SIZE"})
  void fileThatGrewIsNoCopyThatIsCutOff(Verify verify) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/big", content);
        FtpPool pool = PoolFixture.pool(server, 2).build()) {
      server.on("REST", c -> {
        if (!c.argument().equals("" + (content.length - 1))) {
          server.file("/big", Arrays.copyOf(content, content.length + 1000)); // after the request for the last byte
        }
        c.ordinary();
      });
      server.on("SIZE", "502 Not implemented.").on("MDTM", "502 Not implemented.");
      var e = assertThrows(
          FtpTransferException.class,
          () -> pool.get("/big", target(), TWO.verify(verify).expecting(OptionalLong.of(content.length), Optional.empty())));
      assertEquals(ErrorKind.CHANGED, e.kind());
      assertEquals(List.of(), left());
    }
  }

  @Test
  void sizeThatTheServerDoesNotTellIsNotVerified() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/big", content).on("SIZE", "502 Not implemented.");
        FtpPool pool = PoolFixture.pool(server, 2).build()) {
      TransferResult result =
          pool.get("/big", target(), TWO.expecting(OptionalLong.of(content.length), Optional.empty()));
      assertEquals(TransferResult.Verified.NOTHING, result.verified());
      assertArrayEquals(content, Files.readAllBytes(target()));
    }
  }

  @Test
  void callerNeedsNoSessionWhileOthersFetch() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    try (ScriptedServer server = server(c -> {
      if (goOn.getCount() == 0) {
        c.ordinary();
        return;
      }
      goOn.await();
      c.ordinary();
    });
        FtpPool pool = PoolFixture.pool(server, 2).patience(PoolFixture.SHORT).build()) {
      try (Lease busy = elsewhere(pool)) {
        assertTrue(busy.session().isOpen());
        CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS).execute(goOn::countDown); // longer than the pool's patience
        pool.get("/big", target(), TWO);
      }
      assertArrayEquals(content, Files.readAllBytes(target()));
    }
  }

  @Test
  void interruptOfAPlatformThreadEndsItAtOnce() throws Exception {
    CountDownLatch atIt = new CountDownLatch(2);
    try (ScriptedServer server = server(c -> {
      c.reply("150 Here it comes.");
      try (DataPipe data = c.openData()) {
        data.send("some");
        atIt.countDown();
        c.clientCloses();
      }
    });
        FtpPool pool = PoolFixture.pool(server, 2).build()) {
      FutureTask<TransferResult> task =
          new FutureTask<>(() -> pool.get("/big", target(), TWO.rateLimit(RateLimit.of(MIB))));
      Thread caller = Thread.ofPlatform().start(task);
      atIt.await();
      caller.interrupt();
      var e = assertThrows(ExecutionException.class, task::get);
      assertEquals(ErrorKind.ABORTED, assertInstanceOf(FtpTransferException.class, e.getCause()).kind());
      assertEquals(List.of(), left());
    }
  }

  @ParameterizedTest
  @CsvSource({"SIZE,false", "SIZE,true", "MDTM,false", "MDTM,true", "RETR,false", "RETR,true"})
  void retryCoversTheQuestionsBeforeTheTransfer(String verb, boolean underAnOuterLease) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/big", content).on("MDTM", "213 20260101000000");
        FtpPool pool = PoolFixture.pool(server, 2).build()) {
      Lease outer = underAnOuterLease ? pool.lease() : null;
      server.once(verb, c -> c.reset());
      TransferResult result = pool.get("/big", target(), TWO.retry(QUICK));
      assertEquals(2, result.attempts());
      assertArrayEquals(content, Files.readAllBytes(target()));
      if (outer != null) {
        outer.close();
      }
      assertEquals(0, pool.state().leased());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void retryCoversTheRangesUnderAnOuterLease(int size) throws Exception {
    AtomicInteger number = new AtomicInteger();
    try (ScriptedServer server = server(c -> {
      if (number.incrementAndGet() == 1) {
        c.reply("150 Here it comes.");
        c.openData().send(new byte[0]).reset();
        c.reset();
      } else {
        c.ordinary();
      }
    });
        FtpPool pool = PoolFixture.pool(server, size).build();
        Lease outer = pool.lease()) {
      assertTrue(outer.session().isOpen());
      pool.get("/big", target(), TWO.retry(QUICK));
      assertArrayEquals(content, Files.readAllBytes(target()));
    }
  }

  @Test
  void threadThatHasLeftTheFolderOfLoginMeansItsOwnFolder() throws Exception {
    byte[] other = content.clone();
    other[0]++;
    try (ScriptedServer server = ScriptedServer.start().directory("/sub").file("/sub/big", other).file("/big", content);
        FtpPool pool = PoolFixture.pool(server, 3).build();
        Lease outer = pool.lease()) {
      outer.session().cd("/sub");
      pool.get("big", target(), TWO);
      assertArrayEquals(other, Files.readAllBytes(target()));
    }
  }

  @Test
  void failureCancelsNoOtherItem() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/big", content).file("/f", new byte[300_000]);
        FtpPool pool = PoolFixture.pool(server, 3).build()) {
      AtomicReference<Throwable> trouble = new AtomicReference<>();
      AtomicBoolean goesOn = new AtomicBoolean(true);
      Thread user = Thread.ofVirtual().start(() -> {
        while (goesOn.get()) {
          try (Lease lease = pool.lease(); var in = lease.session().get("/f")) {
            in.readAllBytes();
          } catch (IOException e) {
            trouble.set(e);
          }
        }
      });
      for (int i = 0; i < 20; i++) {
        int at = i * 100_000;
        assertThrows(
            IllegalStateException.class,
            () -> pool.get("/big", target(), TransferOptions.defaults().segments(3).progressEvery(Duration.ZERO).progress(
                state -> {
                  if (state.bytes() > at) {
                    throw new IllegalStateException("enough");
                  }
                })));
      }
      goesOn.set(false);
      user.join();
      assertNull(trouble.get());
    }
  }

  private ScriptedServer hashing(byte[] hashed) throws Exception {
    String hex = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(hashed));
    return ScriptedServer.start().file("/big", content)
        .on("FEAT", "211-Features:", " HASH SHA-256*", " SIZE", " REST STREAM", "211 End")
        .on("HASH", "213 SHA-256 0-" + content.length + " " + hex + " /big");
  }

  @Test
  void digestIsComparedWithTheServers() throws Exception {
    try (ScriptedServer server = hashing(content); FtpPool pool = PoolFixture.pool(server, 2).build()) {
      TransferResult result = pool.get("/big", target(), TWO.verify(Verify.HASH));
      assertEquals(TransferResult.Verified.HASH, result.verified());
      assertEquals("SHA-256", result.digest().orElseThrow().algorithm());
      assertTrue(server.commands().stream().filter(command -> command.startsWith("REST")).count() >= 2);
    }
  }

  @Test
  void digestThatDiffersIsAFailure() throws Exception {
    try (ScriptedServer server = hashing(new byte[5]); FtpPool pool = PoolFixture.pool(server, 2).build()) {
      var e = assertThrows(FtpException.class, () -> pool.get("/big", target(), TWO.verify(Verify.HASH_IF_OFFERED).resume()));
      assertEquals(ErrorKind.CORRUPT, e.kind());
      assertEquals(List.of(), left());
    }
  }
}
