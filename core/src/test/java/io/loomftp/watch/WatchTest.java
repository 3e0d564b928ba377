package io.loomftp.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.EntryFilter;
import io.loomftp.ErrorKind;
import io.loomftp.FtpClosedException;
import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.FtpLoginException;
import io.loomftp.FtpReplyException;
import io.loomftp.ModifiedTime.Precision;
import io.loomftp.ModifiedTime.Source;
import io.loomftp.ModifiedTime;
import io.loomftp.Timeouts;
import io.loomftp.pool.FtpPool;
import io.loomftp.pool.PoolFixture;
import io.loomftp.testkit.EmbeddedServer;
import io.loomftp.testkit.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The changes that a watch reports, and when. */
@Timeout(60)
class WatchTest {
  private static final Instant YESTERDAY = Instant.parse("2026-01-01T10:00:00Z");
  private static EmbeddedServer server;
  private static FtpPool pool;

  private Path folder;

  @BeforeAll
  static void startServer() {
    server = EmbeddedServer.plain();
    FtpConfig config = FtpConfig.builder("localhost").port(server.port()).credentials(server.user(), server.password())
        .timeouts(Timeouts.of(PoolFixture.GENEROUS)).build();
    pool = FtpPool.of(config, 2);
  }

  @AfterAll
  static void stopServer() {
    pool.close();
    server.close();
  }

  @BeforeEach
  void makeFolder() throws Exception {
    folder = Files.createTempDirectory(server.home(), "watched");
  }

  private Watch.Builder watch() {
    return Watch.on(pool, "/" + folder.getFileName());
  }

  private void write(String name, String content, Instant time) throws Exception {
    Path file = Files.writeString(folder.resolve(name), content);
    Files.setLastModifiedTime(file, FileTime.from(time));
  }

  private static List<String> told(List<Change> changes) {
    return changes.stream().map(change -> change.what() + " " + change.file().entry().name()).sorted().toList();
  }

  @Test
  void whatIsThereAtFirstIsNoNews() throws Exception {
    write("old", "1", YESTERDAY);
    try (Watch watch = watch().still(1).build()) {
      assertEquals(List.of(), watch.poll());
      assertEquals(List.of(), watch.poll());
      write("new", "1", YESTERDAY);
      assertEquals(List.of("NEW new"), told(watch.poll()));
      assertEquals(List.of(), watch.poll());
    }
  }

  @Test
  void existingFilesAreReportedOnRequest() throws Exception {
    write("old", "1", YESTERDAY);
    try (Watch watch = watch().existing().build()) {
      assertEquals(List.of(), watch.poll());
      assertEquals(List.of("NEW old"), told(watch.poll()));
      assertEquals(List.of(), watch.poll());
    }
  }

  @Test
  void fileThatGrowsIsReportedWhenItHasStoppedGrowing() throws Exception {
    try (Watch watch = watch().still(3).build()) {
      assertEquals(List.of(), watch.poll());
      write("a", "1", YESTERDAY);
      assertEquals(List.of(), watch.poll());
      assertEquals(List.of(), watch.poll());
      write("a", "12", YESTERDAY);
      assertEquals(List.of(), watch.poll());
      write("a", "34", YESTERDAY.plusSeconds(1));
      assertEquals(List.of(), watch.poll(), "the same size, another time");
      assertEquals(List.of(), watch.poll());
      List<Change> changes = watch.poll();
      assertEquals(List.of("NEW a"), told(changes));
      assertEquals(2, changes.get(0).file().entry().size().orElseThrow());
      assertEquals("/" + folder.getFileName() + "/a", changes.get(0).file().path());
      assertEquals(List.of(), watch.poll());
    }
  }

  @Test
  void changeIsReportedOncePerState() throws Exception {
    write("a", "1", YESTERDAY);
    try (Watch watch = watch().build()) {
      watch.poll();
      write("a", "22", YESTERDAY);
      assertEquals(List.of(), watch.poll());
      assertEquals(List.of("CHANGED a"), told(watch.poll()));
      assertEquals(List.of(), watch.poll());
      write("a", "22", YESTERDAY.plusSeconds(5));
      watch.poll();
      assertEquals(List.of("CHANGED a"), told(watch.poll()));
    }
  }

  @Test
  void changeThatIsTakenBackIsNoChange() throws Exception {
    write("a", "1", YESTERDAY);
    try (Watch watch = watch().build()) {
      watch.poll();
      write("a", "22", YESTERDAY);
      watch.poll();
      write("a", "1", YESTERDAY);
      assertEquals(List.of(), watch.poll());
      assertEquals(List.of(), watch.poll());
    }
  }

  @Test
  void missingFileIsReportedWhenItStaysMissing() throws Exception {
    write("a", "1", YESTERDAY);
    try (Watch watch = watch().build()) {
      watch.poll();
      Files.delete(folder.resolve("a"));
      assertEquals(List.of(), watch.poll());
      assertEquals(List.of("GONE a"), told(watch.poll()));
      assertEquals(List.of(), watch.poll());
      write("a", "1", YESTERDAY);
      watch.poll();
      assertEquals(List.of("NEW a"), told(watch.poll()));
    }
  }

  @Test
  void fileThatDisappearsBeforeItWasReportedIsNeverReported() throws Exception {
    try (Watch watch = watch().build()) {
      watch.poll();
      write("a.tmp", "1", YESTERDAY);
      watch.poll();
      Files.delete(folder.resolve("a.tmp"));
      for (int i = 0; i < 4; i++) {
        assertEquals(List.of(), watch.poll());
      }
    }
  }

  @Test
  void rulesAndDepthDecideWhatIsWatched() throws Exception {
    Files.createDirectories(folder.resolve("sub/deeper"));
    try (Watch watch = watch().still(1).depth(2).rules(EntryFilter.all().include("*.csv")).build()) {
      watch.poll();
      write("a.csv", "1", YESTERDAY);
      write("a.txt", "1", YESTERDAY);
      write("sub/b.csv", "1", YESTERDAY);
      write("sub/deeper/c.csv", "1", YESTERDAY);
      assertEquals(List.of("NEW a.csv", "NEW b.csv"), told(watch.poll()));
    }
  }

  @Test
  void listIsUsedWhereThereIsNoMlsd() throws Exception {
    try (ScriptedServer old = ScriptedServer.start().on("FEAT", "502 No.").directory("/in");
        FtpPool itsPool = PoolFixture.pool(old, 1).build(); Watch watch = Watch.on(itsPool, "/in").still(1).build()) {
      watch.poll();
      old.file("/in/a", "hello");
      assertEquals(List.of("NEW a"), told(watch.poll()));
      assertTrue(old.commands().stream().anyMatch(c -> c.startsWith("LIST")), old.commands().toString());
    }
  }

  @Test
  void pollThatFailsChangesNothing() throws Exception {
    try (ScriptedServer frail = ScriptedServer.start().file("/in/a", "hello");
        FtpPool itsPool = PoolFixture.pool(frail, 1).build();
        Watch watch = Watch.on(itsPool, "/in").still(1).build()) {
      watch.poll();
      frail.once("MLSD", "450 Not now.");
      assertThrows(FtpException.class, watch::poll);
      assertEquals(List.of(), watch.poll());
    }
  }

  private static void stop(Watch watch) {
    watch.close();
  }

  private static FutureTask<List<String>> running(Watch watch, List<String> told, CountDownLatch enough) {
    FutureTask<List<String>> task = new FutureTask<>(() -> {
      watch.run(change -> {
        told.add(change.what() + " " + change.file().entry().name());
        enough.countDown();
      });
      return told;
    });
    Thread.ofVirtual().name("watcher").start(task);
    return task;
  }

  @Test
  void lostConnectionsAreSurvived() throws Exception {
    try (ScriptedServer frail = ScriptedServer.start().directory("/in"); FtpPool itsPool = PoolFixture.pool(frail, 1).build();
        Watch watch = Watch.on(itsPool, "/in").existing().every(Duration.ofMillis(5)).build()) {
      frail.once("MLSD", c -> c.reset());
      frail.once("MLSD", "450 Not now.");
      frail.once("MLSD", c -> {
        c.reply("421 Bye.");
        c.close();
      });
      frail.file("/in/a", "hello");
      CountDownLatch first = new CountDownLatch(1);
      var told = running(watch, new ArrayList<>(), first);
      first.await();
      stop(watch);
      assertEquals(List.of("NEW a"), told.get());
    }
  }

  @Test
  void tooManyFailuresInARowAreThrown() throws Exception {
    try (ScriptedServer frail = ScriptedServer.start().directory("/in").on("MLSD", "450 Not now.");
        FtpPool itsPool = PoolFixture.pool(frail, 1).build();
        Watch watch = Watch.on(itsPool, "/in").every(Duration.ofMillis(1)).failures(3).build()) {
      assertThrows(FtpReplyException.class, watch::next);
      assertEquals(4, frail.commands().stream().filter(c -> c.startsWith("MLSD")).count());
    }
  }

  @Test
  void refusedLoginIsThrownAtOnce() throws Exception {
    try (ScriptedServer strict = ScriptedServer.start().user("alice", "other");
        FtpPool itsPool = PoolFixture.pool(strict, 1).build();
        Watch watch = Watch.on(itsPool, "/in").every(Duration.ofMillis(1)).build()) {
      assertThrows(FtpLoginException.class, watch::next);
      assertEquals(1, strict.sessions());
    }
  }

  @Test
  void closingCallsAListingOffAndEndsTheWaiting() throws Exception {
    try (ScriptedServer slow = ScriptedServer.start().directory("/in"); FtpPool itsPool = PoolFixture.pool(slow, 1).build()) {
      slow.on("MLSD", c -> {
        c.reply("150 Here it comes.");
        try (var data = c.openData()) {
          data.send("type=file;size=1;modify=20260101000000; a\r\n");
          c.next(); // ABOR
        }
        c.reply("426 Aborted.", "226 Done.");
      });
      Watch watch = Watch.on(itsPool, "/in").every(Duration.ofHours(1)).build();
      var told = running(watch, new ArrayList<>(), new CountDownLatch(1));
      slow.awaitDataConnections(1);
      watch.close();
      assertEquals(List.of(), told.get());
      assertEquals(Optional.empty(), watch.next());
      assertEquals(ErrorKind.ABORTED, assertThrows(FtpClosedException.class, watch::poll).kind());
    }
  }

  @Test
  void closingEndsThePauseBetweenPolls() throws Exception {
    write("a", "1", YESTERDAY);
    Watch watch = watch().existing().still(1).every(Duration.ofHours(1)).build();
    CountDownLatch first = new CountDownLatch(1);
    var told = running(watch, new ArrayList<>(), first);
    first.await();
    watch.close();
    assertEquals(List.of("NEW a"), told.get());
  }

  @Test
  void changeWhoseConsumerThrewIsReportedAgain() throws Exception {
    write("a", "1", YESTERDAY);
    try (Watch watch = watch().existing().still(1).every(Duration.ofMillis(1)).build()) {
      assertThrows(ArithmeticException.class, () -> watch.run(change -> {
        throw new ArithmeticException();
      }));
      assertEquals("a", watch.next().orElseThrow().file().entry().name());
    }
  }

  @ParameterizedTest
  @CsvSource({
      "2026-01-01T10:20:00Z, MINUTE, 2026-01-01T00:00:00Z, DAY, true",
      "2026-01-01T10:20:00Z, MINUTE, 2026-01-02T00:00:00Z, DAY, false",
      "2026-01-01T10:20:30Z, SECOND, 2026-01-01T10:20:00Z, MINUTE, true",
      "2026-01-01T10:20:30Z, SECOND, 2026-01-01T10:21:00Z, MINUTE, false",
      "2026-01-01T10:20:30Z, SECOND, 2026-01-01T10:20:31Z, SECOND, false",
      "2026-01-01T00:00:00Z, DAY, 2026-01-01T00:00:00Z, DAY, true",
  })
  void growingOldIsNoChange(Instant one, Precision its, Instant other, Precision others, boolean same) {
    ModifiedTime a = new ModifiedTime(one, its, Source.LIST);
    ModifiedTime b = new ModifiedTime(other, others, Source.LIST);
    assertEquals(same, WatchedFile.sameTime(a, b));
    assertEquals(same, WatchedFile.sameTime(b, a));
  }

  @Test
  void settingsMustMakeSense() {
    assertThrows(IllegalArgumentException.class, () -> Watch.on(pool, "/").every(Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> Watch.on(pool, "/").still(0));
    assertThrows(IllegalArgumentException.class, () -> Watch.on(pool, "/").depth(0));
    assertThrows(IllegalArgumentException.class, () -> Watch.on(pool, "/").failures(-1));
    assertFalse(Watch.on(pool, "/").build().toString().contains("weave"));
  }
}
