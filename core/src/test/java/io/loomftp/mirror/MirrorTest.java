package io.loomftp.mirror;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.EntryFilter;
import io.loomftp.ErrorKind;
import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.pool.FtpPool;
import io.loomftp.pool.PoolFixture;
import io.loomftp.testkit.Behaviour;
import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Mirrors in both directions. */
@Timeout(60)
class MirrorTest {
  @TempDir Path folder;

  private static FtpPool pool(ScriptedServer server, int size) {
    return PoolFixture.pool(server, size).build();
  }

  private static ScriptedServer tree() {
    return ScriptedServer.start()
        .file("/pub/a.txt", "alpha")
        .file("/pub/sub/b.txt", "beta")
        .file("/pub/sub/deep/c.txt", "gamma")
        .directory("/pub/empty");
  }

  private static List<String> told(MirrorPlan plan) {
    return plan.actions().stream().map(a -> a.kind() + " " + a.path() + " " + a.reason()).toList();
  }

  /** Paths below a folder, folders with a slash behind them. */
  static Set<String> paths(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(path -> !path.equals(root))
          .map(path -> root.relativize(path) + (Files.isDirectory(path) ? "/" : ""))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private Path file(String path, String text) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static long lists(ScriptedServer server) {
    return count(server, "MLSD");
  }

  private static long count(ScriptedServer server, String verb) {
    return server.commands().stream().filter(line -> line.equals(verb) || line.startsWith(verb + " ")).count();
  }

  @Test
  void downloadPlanListsEveryActionWithItsReasonAndChangesNothing() throws Exception {
    try (ScriptedServer server = tree();
        FtpPool pool = pool(server, 3)) {
      MirrorPlan plan = Mirror.download("/pub", folder.resolve("pub")).plan(pool);
      assertEquals(
          List.of(
              "MAKE_FOLDER  MISSING",
              "MAKE_FOLDER empty MISSING",
              "MAKE_FOLDER sub MISSING",
              "MAKE_FOLDER sub/deep MISSING",
              "TRANSFER a.txt MISSING",
              "TRANSFER sub/b.txt MISSING",
              "TRANSFER sub/deep/c.txt MISSING"),
          told(plan));
      assertEquals(14, plan.bytes());
      assertEquals(Set.of(), paths(folder));
      assertEquals(4, lists(server));
    }
  }

  @Test
  void downloadMakesTheSameTreeAndTheNextPlanIsEmpty() throws Exception {
    Path pub = folder.resolve("pub");
    try (ScriptedServer server = tree();
        FtpPool pool = pool(server, 3)) {
      MirrorReport report = Mirror.download("/pub", pub).plan(pool).apply(pool).orThrow();
      assertEquals(3, report.transferred());
      assertEquals(14, report.bytes());
      assertEquals(Set.of("a.txt", "empty/", "sub/", "sub/b.txt", "sub/deep/", "sub/deep/c.txt"), paths(pub));
      assertEquals("gamma", Files.readString(pub.resolve("sub/deep/c.txt")));

      int before = server.commands().size();
      long lists = lists(server);
      MirrorPlan again = Mirror.download("/pub", pub).plan(pool);
      assertTrue(again.isDone(), again.describe());
      assertEquals(3, again.unchanged());
      assertEquals(4, lists(server) - lists);
      List<String> cost = server.commands().subList(before, server.commands().size());
      assertTrue(cost.stream().noneMatch(line -> line.matches("(RETR|STOR|SIZE|MDTM|MLST).*")), cost.toString());
      // An empty listing is proven by entering the folder; the pool goes back to its own.
      assertTrue(cost.stream().noneMatch(line -> line.matches("CWD /.+") && !line.equals("CWD /pub/empty")), cost.toString());
    }
  }

  @Test
  void changedFilesAreDownloadedAgainForTheStatedReason() throws Exception {
    Path pub = folder.resolve("pub");
    try (ScriptedServer server = tree();
        FtpPool pool = pool(server, 2)) {
      Mirror mirror = Mirror.download("/pub", pub);
      mirror.plan(pool).apply(pool).orThrow();
      server.file("/pub/a.txt", "alphabet");
      Path b = pub.resolve("sub/b.txt");
      Files.setLastModifiedTime(b, FileTime.from(Instant.now().minus(1, ChronoUnit.DAYS)));
      Path c = pub.resolve("sub/deep/c.txt");
      Files.setLastModifiedTime(c, FileTime.from(Instant.now().plus(1, ChronoUnit.DAYS)));
      MirrorPlan plan = mirror.plan(pool);
      assertEquals(
          List.of(
              "TRANSFER a.txt SIZE_DIFFERS", "TRANSFER sub/b.txt NEWER", "TRANSFER sub/deep/c.txt TIME_DIFFERS"),
          told(plan));
      plan.apply(pool).orThrow();
      assertEquals("alphabet", Files.readString(pub.resolve("a.txt")));
      assertTrue(mirror.plan(pool).isDone());
      assertTrue(mirror.compare(Compare.SIZE).plan(pool).isDone());
    }
  }

  @Test
  void uploadMakesTheSameTreeAndTheNextPlanIsEmpty() throws Exception {
    file("a.txt", "alpha");
    file("sub/b.txt", "beta");
    Files.createDirectories(folder.resolve("empty"));
    try (ScriptedServer server = ScriptedServer.start();
        FtpPool pool = pool(server, 3)) {
      Mirror mirror = Mirror.upload(folder, "/far/away/in");
      MirrorReport report = mirror.plan(pool).apply(pool).orThrow();
      assertEquals(2, report.transferred());
      assertEquals(List.of("/far/away/in/a.txt", "/far/away/in/sub/b.txt"), server.paths());
      assertTrue(server.exists("/far/away/in/empty"));
      long lists = lists(server);
      MirrorPlan again = mirror.plan(pool);
      assertTrue(again.isDone(), again.describe());
      assertEquals(2, again.unchanged());
      assertEquals(3, lists(server) - lists);
    }
  }

  @Test
  void uploadDoesNotListWhatIsMissingThere() throws Exception {
    file("one/two/three/a.txt", "alpha");
    try (ScriptedServer server = ScriptedServer.start().file("/in/other/x.txt", "x");
        FtpPool pool = pool(server, 3)) {
      Mirror.upload(folder, "/in").plan(pool);
      assertEquals(1, lists(server));
    }
  }

  @Test
  void foldersThatTheRulesLeaveOutAreNotListed() throws Exception {
    try (ScriptedServer server = tree();
        FtpPool pool = pool(server, 3)) {
      MirrorPlan plan = Mirror.download("/pub", folder).rules(EntryFilter.all().exclude("sub").filesOnly()).plan(pool);
      assertEquals(List.of("TRANSFER a.txt MISSING"), told(plan));
      assertEquals(2, lists(server));
    }
  }

  @Test
  void filesOnlyMakesTheFoldersThatFilesNeed() throws Exception {
    try (ScriptedServer server = tree();
        FtpPool pool = pool(server, 3)) {
      EntryFilter rules = EntryFilter.all().filesOnly().include("c.*");
      Mirror.download("/pub", folder).rules(rules).plan(pool).apply(pool).orThrow();
      assertEquals(Set.of("sub/", "sub/deep/", "sub/deep/c.txt"), paths(folder));
    }
  }

  @Test
  void depthBoundsWhatIsListed() throws Exception {
    try (ScriptedServer server = tree();
        FtpPool pool = pool(server, 3)) {
      Mirror.download("/pub", folder).rules(EntryFilter.all().depth(2)).plan(pool).apply(pool).orThrow();
      assertEquals(Set.of("a.txt", "empty/", "sub/", "sub/b.txt"), paths(folder));
      assertEquals(3, lists(server));
    }
  }

  @Test
  void nothingIsDeletedUnlessAskedFor() throws Exception {
    file("old.txt", "old");
    try (ScriptedServer server = tree();
        FtpPool pool = pool(server, 3)) {
      Mirror.download("/pub", folder).plan(pool).apply(pool).orThrow();
      assertTrue(Files.exists(folder.resolve("old.txt")));
    }
  }

  @Test
  void extrasAreDeletedOnRequestFoldersAfterTheirFiles() throws Exception {
    file("old.txt", "old");
    file("gone/far/x.txt", "x");
    try (ScriptedServer server = tree();
        FtpPool pool = pool(server, 3)) {
      MirrorPlan plan = Mirror.download("/pub", folder).delete(1).plan(pool);
      MirrorReport report = plan.apply(pool).orThrow();
      assertEquals(Set.of("a.txt", "empty/", "sub/", "sub/b.txt", "sub/deep/", "sub/deep/c.txt"), paths(folder));
      assertEquals(2, report.count(MirrorAction.Kind.DELETE_FILE, MirrorResult.Outcome.DONE));
      assertEquals(2, report.count(MirrorAction.Kind.DELETE_FOLDER, MirrorResult.Outcome.DONE));
    }
  }

  @Test
  void extrasOnTheServerAreDeletedOnRequest() throws Exception {
    file("a.txt", "alpha");
    file("sub/b.txt", "beta");
    file("sub/deep/c.txt", "gamma");
    try (ScriptedServer server = tree().file("/pub/old/x.txt", "x").file("/pub/old/y/z.txt", "z");
        FtpPool pool = pool(server, 3)) {
      Mirror.upload(folder, "/pub").delete(1).plan(pool).apply(pool).orThrow();
      assertEquals(List.of("/pub/a.txt", "/pub/sub/b.txt", "/pub/sub/deep/c.txt"), server.paths());
      assertFalse(server.exists("/pub/old"));
      assertFalse(server.exists("/pub/empty"));
    }
  }

  @Test
  void deletesAboveTheShareAreRefusedAndNoneIsMade() throws Exception {
    for (int i = 0; i < 4; i++) {
      file("keep" + i, "");
      file("old" + i, "");
    }
    try (ScriptedServer server = ScriptedServer.start();
        FtpPool pool = pool(server, 3)) {
      for (int i = 0; i < 4; i++) {
        server.file("/pub/keep" + i, "");
      }
      Mirror mirror = Mirror.download("/pub", folder);
      MirrorReport report = mirror.delete().plan(pool).apply(pool);
      assertEquals("4 of 8 entries were to be deleted, which is more than 25 %", report.notDeleted().orElseThrow());
      assertEquals(4, report.with(MirrorResult.Outcome.NOT_DELETED).size());
      assertEquals(8, paths(folder).size());
      assertThrows(MirrorException.class, report::orThrow);
      mirror.delete(0.5).plan(pool).apply(pool).orThrow();
      assertEquals(4, paths(folder).size());
    }
  }

  @Test
  void nothingIsDeletedWhenATransferFailed() throws Exception {
    file("old.txt", "old");
    try (ScriptedServer server = tree();
        FtpPool pool = pool(server, 1)) {
      server.once("RETR", "550 Not for you.");
      MirrorReport report = Mirror.download("/pub", folder).delete(1).plan(pool).apply(pool);
      assertEquals(1, report.failures().size());
      assertEquals(2, report.transferred());
      assertTrue(report.notDeleted().isPresent());
      assertTrue(Files.exists(folder.resolve("old.txt")));
      MirrorException thrown = assertThrows(MirrorException.class, report::orThrow);
      assertEquals(1, thrown.getSuppressed().length);
      assertTrue(thrown.getMessage().contains("550"), thrown.getMessage());
    }
  }

  @Test
  void whatTheRulesLeaveOutIsNotDeletedUnlessAskedFor() throws Exception {
    file("old.txt", "old");
    file("old.tmp", "old");
    file("gone/x.tmp", "x");
    try (ScriptedServer server = tree();
        FtpPool pool = pool(server, 3)) {
      Mirror mirror = Mirror.download("/pub", folder).rules(EntryFilter.all().exclude("*.tmp")).delete(1);
      mirror.plan(pool).apply(pool).orThrow();
      assertFalse(Files.exists(folder.resolve("old.txt")));
      assertTrue(Files.exists(folder.resolve("old.tmp")));
      assertTrue(Files.exists(folder.resolve("gone/x.tmp")));
      mirror.deleteExcluded().plan(pool).apply(pool).orThrow();
      assertFalse(Files.exists(folder.resolve("old.tmp")));
      assertFalse(Files.exists(folder.resolve("gone")));
    }
  }

  @Test
  void sourceThatIsNotThereIsAnErrorAndNotAnEmptyTree() throws Exception {
    file("old.txt", "old");
    try (ScriptedServer server = tree();
        FtpPool pool = pool(server, 3)) {
      server.on("MLSD", c -> {
        c.reply("150 Here.");
        c.openData().close();
        c.reply("226 Done.");
      });
      Mirror mirror = Mirror.download("/nowhere", folder).delete(1);
      FtpException thrown = assertThrows(FtpException.class, () -> mirror.plan(pool));
      assertEquals(ErrorKind.NOT_FOUND, thrown.kind());
    }
  }

  @Test
  void listingThatIsNotUnderstoodForbidsDeletes() throws Exception {
    file("old.txt", "old");
    try (ScriptedServer server = tree();
        FtpPool pool = pool(server, 1)) {
      server.once("MLSD", c -> {
        c.reply("150 Here.");
        c.openData().send("type=file;size=5;modify=20260101000000; a.txt\r\nthis is no entry\r\n".getBytes()).close();
        c.reply("226 Done.");
      });
      MirrorPlan plan = Mirror.download("/pub", folder).delete(1).plan(pool);
      assertFalse(plan.isComplete());
      assertEquals(0, plan.count(MirrorAction.Kind.DELETE_FILE));
      assertEquals(MirrorReason.UNREADABLE, plan.actions().getLast().reason());
    }
  }

  @Test
  void folderThatCannotBeListedIsReportedAndTheRestContinues() throws Exception {
    try (ScriptedServer server = tree();
        FtpPool pool = pool(server, 1)) {
      Behaviour guarded = c -> {
        if (c.argument().equals("/pub/sub")) {
          c.reply("550 Permission denied.");
        } else {
          c.ordinary();
        }
      };
      server.on("MLSD", guarded).on("LIST", guarded);
      MirrorReport report = Mirror.download("/pub", folder).plan(pool).apply(pool);
      assertEquals(1, report.transferred());
      assertEquals("sub", report.refusals().getFirst().action().path());
      assertFalse(report.isWhole());
    }
  }

  @Test
  void sessionsThatAreLostAreReplacedAndTheirFilesFetchedAgain() throws Exception {
    try (ScriptedServer server = ScriptedServer.start();
        FtpPool pool = pool(server, 2)) {
      for (int i = 0; i < 20; i++) {
        server.file("/pub/f" + i, "content " + i);
      }
      MirrorPlan plan = Mirror.download("/pub", folder).plan(pool);
      for (int i = 0; i < 3; i++) {
        server.once("RETR", c -> c.close());
      }
      MirrorReport report = plan.apply(pool).orThrow();
      assertEquals(20, report.transferred());
      assertArrayEquals("content 19".getBytes(), Files.readAllBytes(folder.resolve("f19")));
    }
  }

  @Test
  void everythingFailsWithTheReasonWhenThereIsNoServer() throws Exception {
    MirrorPlan plan;
    FtpConfig config;
    try (ScriptedServer server = tree();
        FtpPool pool = pool(server, 2)) {
      plan = Mirror.download("/pub", folder).plan(pool);
      config = pool.config();
    }
    try (FtpPool pool = FtpPool.of(config, 2)) {
      MirrorReport report = plan.apply(pool);
      assertEquals(3, report.failures().size());
      assertTrue(report.failures().getFirst().failure().orElseThrow() instanceof FtpException);
      assertThrows(FtpException.class, () -> Mirror.download("/pub", folder).plan(pool));
    }
  }

  @Test
  void progressReportsEachActionAndTheTotals() throws Exception {
    List<MirrorResult> finished = new java.util.ArrayList<>();
    List<MirrorProgress.State> states = new java.util.ArrayList<>();
    try (ScriptedServer server = tree();
        FtpPool pool = pool(server, 3)) {
      MirrorPlan plan = Mirror.download("/pub", folder).plan(pool);
      plan.apply(
          pool,
          new MirrorProgress() {
            @Override
            public void finished(MirrorResult result) {
              finished.add(result);
            }

            @Override
            public void moved(State state) {
              states.add(state);
            }
          });
      assertEquals(plan.actions().size(), finished.size());
      MirrorProgress.State last = states.getLast();
      assertEquals(3, last.files());
      assertEquals(3, last.totalFiles());
      assertEquals(14, last.bytes());
      assertEquals(14, last.totalBytes());
    }
  }

  @Test
  void whatTheProgressThrowsCallsEverythingOff() throws Exception {
    try (ScriptedServer server = tree();
        FtpPool pool = pool(server, 1)) {
      MirrorPlan plan = Mirror.download("/pub", folder).plan(pool);
      IllegalStateException thrown =
          assertThrows(
              IllegalStateException.class,
              () -> plan.apply(
                  pool,
                  new MirrorProgress() {
                    @Override
                    public void finished(MirrorResult result) {
                      if (result.action().kind() == MirrorAction.Kind.TRANSFER) {
                        throw new IllegalStateException("enough");
                      }
                    }
                  }));
      assertEquals("enough", thrown.getMessage());
      assertEquals(1, count(server, "RETR"));
    }
  }

  @Test
  void interruptedThreadGetsAReportOfWhatWasDone() throws Exception {
    try (ScriptedServer server = tree();
        FtpPool pool = pool(server, 1)) {
      MirrorPlan plan = Mirror.download("/pub", folder).plan(pool);
      server.on("RETR", c -> {
        if (c.argument().endsWith("a.txt")) {
          c.ordinary();
        } else {
          c.reply("150 Soon.");
          c.stall();
        }
      });
      MirrorReport[] report = new MirrorReport[1];
      boolean[] marked = new boolean[1];
      Thread thread =
          Thread.ofVirtual().start(() -> {
            try {
              report[0] = plan.apply(pool);
              marked[0] = Thread.currentThread().isInterrupted();
            } catch (IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          });
      server.awaitCommand("RETR /pub/sub");
      thread.interrupt();
      thread.join();
      assertTrue(marked[0]);
      assertEquals(1, report[0].transferred());
      assertEquals(2, report[0].with(MirrorResult.Outcome.NOT_BEGUN).size());
      assertFalse(report[0].isWhole());
    }
  }
}
