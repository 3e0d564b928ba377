package io.loomftp.pool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.Digest;
import io.loomftp.ErrorKind;
import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.FtpLocalException;
import io.loomftp.FtpReplyException;
import io.loomftp.FtpTransferException;
import io.loomftp.Overwrite;
import io.loomftp.Progress;
import io.loomftp.RateLimit;
import io.loomftp.Retry;
import io.loomftp.Timeouts;
import io.loomftp.TransferOptions;
import io.loomftp.TransferResult;
import io.loomftp.TransferType;
import io.loomftp.Verify;
import io.loomftp.testkit.EmbeddedServer;
import io.loomftp.testkit.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One file by several sessions. */
@Timeout(60)
class SegmentedDownloadTest {
  private static final int MIB = 1 << 20;
  private static final TransferOptions FOUR = TransferOptions.defaults().segments(4);

  @TempDir Path folder;

  private final byte[] content = content(5 * MIB + 123);

  private static byte[] content(int length) {
    byte[] bytes = new byte[length];
    new Random(7).nextBytes(bytes);
    return bytes;
  }

  private ScriptedServer server() {
    return ScriptedServer.start().file("/big", content);
  }

  private List<String> left() throws Exception {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static long count(ScriptedServer server, String start) {
    return server.commands().stream().filter(command -> command.startsWith(start)).count();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void fileArrivesWhole(int sessions) throws Exception {
    try (ScriptedServer server = server(); FtpPool pool = PoolFixture.pool(server, sessions).build()) {
      Path target = folder.resolve("big");
      TransferResult result = pool.get("/big", target, FOUR.digest("SHA-256"));
      assertArrayEquals(content, Files.readAllBytes(target));
      assertEquals(List.of("big"), left());
      assertEquals(content.length, result.bytes());
      assertEquals(TransferResult.Verified.SIZE, result.verified());
      assertEquals(TransferResult.Verified.SIZE, result.verified());
      if (sessions > 1) {
        assertEquals(
            new Digest("SHA-256", HexFormat.of().formatHex(
                java.security.MessageDigest.getInstance("SHA-256").digest(content))), result.digest().orElseThrow());
        assertEquals(Math.min(sessions, 4) + 1, count(server, "RETR"), "one probe, one for each range");
        assertTrue(result.reply().isPresent());
      }
      try (Lease lease = pool.lease()) {
        assertEquals("/", lease.session().pwd());
      }
    }
  }

  @Test
  void embeddedServerSendsRangesToo() throws Exception {
    try (EmbeddedServer server = EmbeddedServer.plain()) {
      Files.write(server.home().resolve("big"), content);
      FtpConfig config = FtpConfig.builder("localhost").port(server.port()).credentials(server.user(), server.password())
          .timeouts(Timeouts.of(PoolFixture.GENEROUS)).build();
      try (FtpPool pool = FtpPool.of(config, 4)) {
        Path target = folder.resolve("big");
        pool.get("/big", target, FOUR.keepModified());
        assertArrayEquals(content, Files.readAllBytes(target));
        assertEquals(
            Files.getLastModifiedTime(server.home().resolve("big")).toInstant().getEpochSecond(),
            Files.getLastModifiedTime(target).toInstant().getEpochSecond());
      }
    }
  }

  @Test
  void callerThatHasTheOnlySessionIsNotWaitedFor() throws Exception {
    try (ScriptedServer server = server();
        FtpPool pool = PoolFixture.pool(server, 2).patience(Duration.ofMinutes(5)).build();
        Lease mine = pool.lease()) {
      Lease other = java.util.concurrent.CompletableFuture.supplyAsync(() -> {
        try {
          return pool.lease(PoolFixture.GENEROUS).orElseThrow();
        } catch (FtpException e) {
          throw new IllegalStateException(e);
        }
      }).get();
      pool.get("/big", folder.resolve("big"), FOUR);
      assertArrayEquals(content, Files.readAllBytes(folder.resolve("big")));
      other.close();
      assertTrue(mine.session().isOpen());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"502 No REST.", "350 Restarting (not)."})
  void oneStreamIsUsedWhereRestIsRefusedOrIgnored(String reply) throws Exception {
    try (ScriptedServer server = server().on("REST", reply); FtpPool pool = PoolFixture.pool(server, 4).build()) {
      Path target = folder.resolve("big");
      pool.get("/big", target, FOUR);
      assertArrayEquals(content, Files.readAllBytes(target));
      assertEquals(List.of("big"), left());
      assertEquals(1, count(server, "REST"));
    }
  }

  @Test
  void smallFilesAndTextComeInOneStream() throws Exception {
    try (ScriptedServer server = server().file("/small", content(MIB + 1));
        FtpPool pool = PoolFixture.pool(server, 4).build();
        FtpPool texts =
            FtpPool.builder(PoolFixture.plain(server).transferType(TransferType.ASCII).build())
                .limiter(pool.limiter()).build()) {
      pool.get("/small", folder.resolve("small"), FOUR);
      texts.get("/small", folder.resolve("text"), FOUR);
      assertEquals(0, count(server, "REST"));
      assertEquals(2, count(server, "RETR"));
      assertEquals(MIB + 1, Files.size(folder.resolve("small")));
    }
  }

  @Test
  void rangeThatBreaksFailsAllAndLeavesNothing() throws Exception {
    try (ScriptedServer server = server(); FtpPool pool = PoolFixture.pool(server, 4).build()) {
      AtomicInteger number = new AtomicInteger();
      server.on("RETR", c -> {
        if (number.incrementAndGet() == 3) {
          c.reply("150 Here it comes.");
          c.openData().send("half of i").reset();
          c.reply("426 Broken.");
        } else {
          c.ordinary();
        }
      });
      assertThrows(FtpTransferException.class, () -> pool.get("/big", folder.resolve("big"), FOUR));
      assertEquals(List.of(), left());
      assertEquals(0, pool.state().leased());
    }
  }

  @Test
  void rangeThatBreaksIsContinuedWhereItBroke() throws Exception {
    try (ScriptedServer server = server(); FtpPool pool = PoolFixture.pool(server, 4).build()) {
      AtomicInteger number = new AtomicInteger();
      List<Integer> lost = List.of(2, 4, 5);
      server.on("RETR", c -> {
        if (lost.contains(number.incrementAndGet())) {
          c.reply("150 Here it comes.");
          c.openData().send(new byte[0]).reset();
          c.close();
        } else {
          c.ordinary();
        }
      });
      Retry quick = new Retry(9, Duration.ofMinutes(1), Duration.ofMillis(1), Duration.ofMillis(2));
      TransferResult result = pool.get("/big", folder.resolve("big"), FOUR.retry(quick));
      assertArrayEquals(content, Files.readAllBytes(folder.resolve("big")));
      assertEquals(4, result.attempts());
      assertEquals(content.length, result.bytes());
    }
  }

  @Test
  void presentBytesAreNotFetchedAgain() throws Exception {
    try (ScriptedServer server = server(); FtpPool pool = PoolFixture.pool(server, 4).build()) {
      Path target = folder.resolve("big");
      breakOff(pool, target);
      assertEquals(List.of("big.part", "big.part.of"), left());
      TransferResult result = pool.get("/big", target, FOUR.resume());
      assertArrayEquals(content, Files.readAllBytes(target));
      assertEquals(List.of("big"), left());
      assertTrue(result.resumedFrom() > 0, result.toString());
      assertEquals(content.length, result.bytes() + result.resumedFrom());
    }
  }

  /** Leaves a part of which at least two mebibytes are there. */
  private void breakOff(FtpPool pool, Path target) {
    AtomicInteger told = new AtomicInteger();
    Progress afterSome = state -> {
      if (state.bytes() > 2 * MIB && told.incrementAndGet() == 1) {
        throw new IllegalStateException("enough");
      }
    };
    assertThrows(
        IllegalStateException.class,
        () -> pool.get("/big", target, FOUR.resume().progress(afterSome).progressEvery(Duration.ZERO)));
  }

  @Test
  void otherFileOfThatNameStartsFromTheBeginning() throws Exception {
    try (ScriptedServer server = server(); FtpPool pool = PoolFixture.pool(server, 4).build()) {
      Path target = folder.resolve("big");
      breakOff(pool, target);
      byte[] other = content.clone();
      other[0]++;
      server.file("/big", other);
      server.on("MDTM", "213 20250101000000");
      TransferResult result = pool.get("/big", target, FOUR.resume());
      assertArrayEquals(other, Files.readAllBytes(target));
      assertEquals(0, result.resumedFrom());
    }
  }

  @Test
  void fileThatWasChangedMeanwhileIsNotKept() throws Exception {
    try (ScriptedServer server = server(); FtpPool pool = PoolFixture.pool(server, 4).build()) {
      server.once("MDTM", "213 20260101000000").on("MDTM", "213 20260101000500");
      var e = assertThrows(FtpTransferException.class, () -> pool.get("/big", folder.resolve("big"), FOUR));
      assertTrue(e.getMessage().contains("the file changed"), e.getMessage());
      assertEquals(List.of(), left());
    }
  }

  @Test
  void listingSavesTheQuestionsBeforeTheDownload() throws Exception {
    try (ScriptedServer server = server().on("MDTM", "213 20260101000000"); FtpPool pool = PoolFixture.pool(server, 4).build()) {
      pool.get("/big", folder.resolve("big"),
          FOUR.verify(Verify.NONE)
              .expecting(OptionalLong.of(content.length), Optional.of(Instant.parse("2026-01-01T00:00:00Z"))));
      assertArrayEquals(content, Files.readAllBytes(folder.resolve("big")));
      assertEquals(2, count(server, "SIZE") + count(server, "MDTM"), "once each at the end, since no transfer had it all");
    }
  }

  @Test
  void policyForExistingTargetsHolds() throws Exception {
    try (ScriptedServer server = server().on("MDTM", "213 20200101000000"); FtpPool pool = PoolFixture.pool(server, 4).build()) {
      Path target = Files.write(folder.resolve("big"), new byte[content.length]);
      assertTrue(pool.get("/big", target, FOUR.overwrite(Overwrite.SKIP)).isSkipped());
      assertTrue(pool.get("/big", target, FOUR.overwrite(Overwrite.IF_NEWER)).isSkipped());
      assertTrue(pool.get("/big", target, FOUR.overwrite(Overwrite.IF_DIFFERENT)).isSkipped());
      var e = assertThrows(FtpLocalException.class, () -> pool.get("/big", target, FOUR.overwrite(Overwrite.FAIL)));
      assertEquals(ErrorKind.EXISTS, e.kind());
      assertEquals(0, count(server, "RETR"));
      assertFalse(pool.get("/big", target, FOUR.overwrite(Overwrite.IF_DIFFERENT).keepModified()).isSkipped());
      assertArrayEquals(content, Files.readAllBytes(target));
    }
  }

  @Test
  void progressCountsTheWholeFile() throws Exception {
    try (ScriptedServer server = server(); FtpPool pool = PoolFixture.pool(server, 4).build()) {
      List<Progress.State> states = new ArrayList<>();
      pool.get("/big", folder.resolve("big"), FOUR.progress(states::add).progressEvery(Duration.ZERO));
      assertEquals(content.length, states.getLast().bytes());
      assertEquals(OptionalLong.of(content.length), states.getLast().total());
      assertEquals(
          states.stream().mapToLong(Progress.State::bytes).sorted().boxed().toList(),
          states.stream().map(Progress.State::bytes).toList());
    }
  }

  @Test
  void segmentsShareTheRate() throws Exception {
    try (ScriptedServer server = server(); FtpPool pool = PoolFixture.pool(server, 4).build()) {
      long start = System.nanoTime();
      pool.get("/big", folder.resolve("big"), FOUR.rateLimit(RateLimit.of(10 * MIB)));
      assertTrue(System.nanoTime() - start > Duration.ofMillis(200).toNanos());
    }
  }

  @Test
  void interruptEndsAllSegments() throws Exception {
    try (ScriptedServer server = server(); FtpPool pool = PoolFixture.pool(server, 4).build()) {
      CountDownLatch allAtIt = new CountDownLatch(4);
      AtomicInteger number = new AtomicInteger();
      server.on("RETR", c -> {
        if (number.incrementAndGet() == 1) {
          c.ordinary(); // the probe
          return;
        }
        c.reply("150 Here it comes.");
        try (var data = c.openData()) {
          data.send("some");
          allAtIt.countDown();
          c.clientCloses(); // or sends ABOR
        }
        c.reply("426 Aborted.");
      });
      FutureTask<TransferResult> task = new FutureTask<>(() -> pool.get("/big", folder.resolve("big"), FOUR));
      Thread caller = Thread.ofVirtual().start(task);
      allAtIt.await();
      caller.interrupt();
      var e = assertThrows(ExecutionException.class, task::get);
      assertEquals(ErrorKind.ABORTED, ((FtpException) e.getCause()).kind());
      assertEquals(0, pool.state().leased());
      assertEquals(List.of(), left());
    }
  }

  @Test
  void fileThatIsNotThereIsRefused() throws Exception {
    try (ScriptedServer server = server(); FtpPool pool = PoolFixture.pool(server, 4).build()) {
      assertThrows(FtpReplyException.class, () -> pool.get("/nosuch", folder.resolve("x"), FOUR));
      assertThrows(FtpLocalException.class, () -> pool.get("/big", folder.resolve("no/such/folder"), FOUR));
      assertEquals(List.of(), left());
    }
  }
}
