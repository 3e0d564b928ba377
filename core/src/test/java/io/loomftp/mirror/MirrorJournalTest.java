package io.loomftp.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.pool.FtpPool;
import io.loomftp.pool.PoolFixture;
import io.loomftp.testkit.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An interrupted run continues where it was. */
@Timeout(60)
class MirrorJournalTest {
  @TempDir Path folder;

  private static ScriptedServer files(int count) {
    ScriptedServer server = ScriptedServer.start();
    for (int i = 0; i < count; i++) {
      server.file("/pub/f" + i, "content " + i);
    }
    return server;
  }

  private static List<String> fetched(ScriptedServer server) {
    return server.commands().stream().filter(line -> line.startsWith("RETR")).toList();
  }

  private static MirrorPlan plan(int actions) {
    List<MirrorAction> all =
        IntStream.range(0, actions)
            .mapToObj(i -> new MirrorAction(MirrorAction.Kind.TRANSFER, MirrorReason.MISSING, "f" + i, "", 1, null))
            .toList();
    PlanData data = new PlanData(
        java.util.UUID.randomUUID(), java.time.Instant.EPOCH, MirrorDirection.DOWNLOAD, "/", "/x", LocalNames.SAFE,
        false, 0, 0, 0, true, all);
    return new MirrorPlan(data, TransferDefaults.of(MirrorDirection.DOWNLOAD), null);
  }

  private static MirrorJournal open(MirrorPlan plan) throws java.io.IOException {
    return MirrorJournal.open(plan.journal().orElseThrow(), plan.id(), plan.actions().size());
  }

  @Test
  void whatIsWrittenDownIsReadByTheNextOneOfTheSamePlan() throws Exception {
    Path file = folder.resolve("journal");
    MirrorPlan plan = plan(20).journal(file);
    try (MirrorJournal journal = open(plan)) {
      journal.done(3);
      journal.done(17);
    }
    try (MirrorJournal journal = open(plan)) {
      assertTrue(journal.has(3) && journal.has(17));
      assertFalse(journal.has(4));
      journal.done(4);
    }
    try (MirrorJournal journal = open(plan(20).journal(file))) {
      assertFalse(journal.has(3), "it is another plan's");
    }
  }

  @Test
  void lineThatWasCutShortIsNone() throws Exception {
    Path file = folder.resolve("journal");
    MirrorPlan plan = plan(200).journal(file);
    try (MirrorJournal journal = open(plan)) {
      journal.done(3);
      journal.done(123);
    }
    byte[] whole = Files.readAllBytes(file);
    for (int cut = 1; cut <= "123\tdone\n".length(); cut++) {
      Files.write(file, java.util.Arrays.copyOf(whole, whole.length - cut));
      try (MirrorJournal journal = open(plan)) {
        assertTrue(journal.has(3));
        assertEquals(cut == 1, journal.has(123), "cut by " + cut);
        assertFalse(journal.has(12) || journal.has(1));
        journal.done(5);
      }
      try (MirrorJournal journal = open(plan)) {
        assertTrue(journal.has(5));
      }
    }
  }

  @Test
  void nothingThatIsDoneIsFetchedAgain() throws Exception {
    Path file = folder.resolve("journal");
    Path root = folder.resolve("root");
    try (ScriptedServer server = files(10);
        FtpPool pool = PoolFixture.pool(server, 2).build()) {
      MirrorPlan plan = Mirror.download("/pub", root).journal(file).plan(pool);
      Path saved = folder.resolve("plan");
      plan.save(saved);
      server.on("RETR", c -> {
        if (c.argument().matches("/pub/f[0-6]")) {
          c.ordinary();
        } else {
          c.reply("550 Not now.");
        }
      });
      MirrorReport broken = plan.apply(pool);
      assertEquals(7, broken.transferred());
      assertTrue(Files.exists(file));
      Files.writeString(file, "8", StandardOpenOption.APPEND); // as a crash would leave it

      server.on("RETR", c -> c.ordinary());
      int before = fetched(server).size();
      MirrorReport whole = MirrorPlan.read(saved).journal(file).apply(pool).orThrow();
      assertEquals(3, whole.transferred());
      assertEquals(7, whole.with(MirrorResult.Outcome.DONE_BEFORE).size());
      List<String> again = fetched(server).subList(before, fetched(server).size());
      assertEquals(List.of("RETR /pub/f7", "RETR /pub/f8", "RETR /pub/f9"), again.stream().sorted().toList());
      assertFalse(Files.exists(file), "everything is done");
    }
  }

  @Test
  void fileThatWentAwaySinceIsFetchedAgain() throws Exception {
    Path file = folder.resolve("journal");
    Path root = folder.resolve("root");
    try (ScriptedServer server = files(3);
        FtpPool pool = PoolFixture.pool(server, 2).build()) {
      MirrorPlan plan = Mirror.download("/pub", root).journal(file).plan(pool);
      server.once("RETR", "550 Not now.");
      plan.apply(pool);
      Files.list(root).findFirst().map(Path::toFile).orElseThrow().delete();
      assertEquals(2, plan.apply(pool).orThrow().transferred());
    }
  }

  @Test
  void journalBelowTheRootIsNoPartOfTheTree() throws Exception {
    Path file = folder.resolve("journal");
    Files.writeString(file, "something");
    Files.writeString(folder.resolve("a"), "a");
    try (ScriptedServer server = files(1);
        FtpPool pool = PoolFixture.pool(server, 2).build()) {
      assertEquals(1, Mirror.upload(folder, "/in").journal(file).plan(pool).count(MirrorAction.Kind.TRANSFER));
      MirrorPlan plan = Mirror.download("/pub", folder).journal(file).delete(1).plan(pool);
      assertEquals(1, plan.count(MirrorAction.Kind.DELETE_FILE));
    }
  }
}
