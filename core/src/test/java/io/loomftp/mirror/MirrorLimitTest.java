package io.loomftp.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.pool.Doorkeeper;
import io.loomftp.pool.FtpPool;
import io.loomftp.pool.PoolFixture;
import io.loomftp.testkit.ScriptedServer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Mirrors on a server with a limit below the size of the pool. */
@Timeout(120)
class MirrorLimitTest {
  private static final int FILES = 2_000;

  @TempDir Path folder;

  private static ScriptedServer files(int count) {
    ScriptedServer server = ScriptedServer.start();
    for (int i = 0; i < count; i++) {
      server.file("/pub/d" + i % 40 + "/f" + i, "content " + i);
    }
    return server;
  }

  @Test
  void allFilesArriveFromAServerThatAllowsFourSessionsToAPoolOfThirtyTwo() throws Exception {
    try (ScriptedServer server = files(FILES)) {
      Doorkeeper door = Doorkeeper.atGreeting(server, 4, "421 Too many connections (4) from this address.");
      long start = System.nanoTime();
      try (FtpPool pool =
          PoolFixture.pool(PoolFixture.plain(server).build(), PoolFixture.newLimiter()).size(32).build()) {
        MirrorPlan plan = Mirror.download("/pub", folder).plan(pool);
        assertEquals(FILES, plan.count(MirrorAction.Kind.TRANSFER));
        MirrorReport report = plan.apply(pool).orThrow();
        assertEquals(FILES, report.transferred());
        assertEquals(0, report.failures().size());
        assertEquals(OptionalInt.of(4), pool.limiter().limit());
        assertEquals(FILES + 40, MirrorTest.paths(folder).size());
        assertTrue(Mirror.download("/pub", folder).plan(pool).isDone());
        System.out.printf(
            Locale.ROOT, "%s; pool of 32, %s: %.1f s in all, %d sessions, %d turned away%n",
            report, pool.limiter(), (System.nanoTime() - start) / 1e9, server.sessions(), door.turnedAway.get());
      }
      assertEquals(4, door.most.get());
    }
  }

  @Test
  void oneSessionIsEnoughForBothDirections() throws Exception {
    try (ScriptedServer server = files(50)) {
      Doorkeeper door = Doorkeeper.atGreeting(server, 1, "421 Too many connections.");
      try (FtpPool pool = PoolFixture.pool(server, 8).build()) {
        assertEquals(50, Mirror.download("/pub", folder).plan(pool).apply(pool).orThrow().transferred());
        assertEquals(50, Mirror.upload(folder, "/copy").plan(pool).apply(pool).orThrow().transferred());
      }
      assertEquals(1, door.most.get());
    }
  }

  @Test
  void noMoreSessionsAreOpenedThanThereIsWorkFor() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/pub/a", "a").file("/pub/b", "b");
        FtpPool pool = PoolFixture.pool(server, 32).build()) {
      Mirror.download("/pub", folder).plan(pool).apply(pool).orThrow();
      assertTrue(server.sessions() <= 2, server.sessions() + " sessions");
    }
  }

  /** Many files over one session: no command is sent for any of them but what its transfer needs. */
  @Test
  void sessionSendsNothingPerFileButTheTransfer() throws Exception {
    try (ScriptedServer server = files(200);
        FtpPool pool = PoolFixture.pool(server, 1).build()) {
      MirrorPlan plan = Mirror.download("/pub", folder).plan(pool);
      int before = server.commands().size();
      plan.apply(pool).orThrow();
      List<String> sent = server.commands().subList(before, server.commands().size());
      List<String> verbs = sent.stream().map(line -> line.replaceFirst(" .*", "")).toList();
      assertEquals(200, Collections.frequency(verbs, "RETR"));
      // One that travels ahead may find no file to follow it; TYPE is sent twice at most.
      assertTrue(Collections.frequency(verbs, "EPSV") <= 201, verbs.toString());
      assertTrue(verbs.size() <= 403, () -> "TYPE, and what else? " + verbs);
    }
  }
}
