package io.loomftp.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.pool.FtpPool;
import io.loomftp.pool.PoolFixture;
import io.loomftp.testkit.Behaviour;
import io.loomftp.testkit.DataPipe;
import io.loomftp.testkit.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Listings that break off while a mirror is planned: they are repeated, and prove nothing while they are not complete. */
@Timeout(60)
class MirrorListingFaultsTest {
  private static final String HALF = "type=file;size=1;modify=20240102030405; a\r\n";

  @TempDir Path folder;

  private static ScriptedServer server() {
    return ScriptedServer.start().file("/pub/a", "a").file("/pub/b", "b").file("/pub/c", "c").file("/pub/d", "d")
        .file("/pub/e", "e").file("/pub/f", "f").file("/pub/g", "g");
  }

  @BeforeEach
  void copyOfAllButTheLast() throws Exception {
    for (String name : new String[] {"a", "b", "c", "d", "e", "f"}) {
      Files.writeString(folder.resolve(name), name);
    }
  }

  /** A server that does not notice the reset and reports success. */
  private static Behaviour reset(String finalReply) {
    return c -> {
      c.reply("150 Here it comes.");
      DataPipe data = c.openData();
      data.send(HALF);
      data.reset();
      c.reply(finalReply);
    };
  }

  private static Mirror mirror(Path folder) {
    return Mirror.download("/pub", folder).delete(1).compare(Compare.SIZE);
  }

  @Test
  void listingThatIsResetIsRepeated() throws Exception {
    try (ScriptedServer server = server().once("MLSD", reset("226 Done.")).once("MLSD", reset("426 Broken."));
        FtpPool pool = PoolFixture.pool(server, 2).build()) {
      MirrorPlan plan = mirror(folder).plan(pool);
      assertTrue(plan.isComplete(), plan.describe());
      assertEquals(1, plan.count(MirrorAction.Kind.TRANSFER), plan.describe());
      assertEquals(0, plan.count(MirrorAction.Kind.DELETE_FILE), plan.describe());
    }
  }

  @Test
  void listingOfASubfolderThatIsResetIsRepeated() throws Exception {
    try (ScriptedServer server = server().file("/pub/sub/x", "x");
        FtpPool pool = PoolFixture.pool(server, 1).build()) {
      server.on("MLSD", c -> {
        if (c.argument().endsWith("sub") && server.commands().stream().filter(line -> line.endsWith("/sub")).count() < 3) {
          reset("226 Done.").run(c);
        } else {
          c.ordinary();
        }
      });
      MirrorPlan plan = mirror(folder).plan(pool);
      assertTrue(plan.isComplete(), plan.describe());
      assertEquals(2, plan.count(MirrorAction.Kind.TRANSFER), plan.describe());
    }
  }

  @Test
  void listingThatIsAlwaysResetIsRefusedAndNothingIsDeleted() throws Exception {
    try (ScriptedServer server = server().file("/pub/sub/x", "x");
        FtpPool pool = PoolFixture.pool(server, 1).build()) {
      Files.createDirectories(folder.resolve("sub"));
      Files.writeString(folder.resolve("sub/old"), "old");
      Files.writeString(folder.resolve("extra"), "extra");
      server.on("MLSD", c -> {
        if (c.argument().endsWith("sub")) {
          reset("226 Done.").run(c);
        } else {
          c.ordinary();
        }
      });
      MirrorPlan plan = mirror(folder).plan(pool);
      assertFalse(plan.isComplete(), plan.describe());
      assertEquals(1, plan.count(MirrorAction.Kind.REFUSE), plan.describe());
      MirrorReport report = plan.apply(pool);
      assertTrue(report.notDeleted().isPresent(), report.toString());
      assertTrue(Files.exists(folder.resolve("extra")));
      assertTrue(Files.exists(folder.resolve("sub/old")));
      assertTrue(Files.exists(folder.resolve("g")), "the rest is transferred");
      assertEquals(4, server.commands().stream().filter(line -> line.startsWith("MLSD") && line.endsWith("/sub")).count());
    }
  }

  @Test
  void listingThatTheServerReportsAsTruncatedIsNotRepeatedAndNothingIsDeleted() throws Exception {
    try (ScriptedServer server = server();
        FtpPool pool = PoolFixture.pool(server, 1).build()) {
      Files.writeString(folder.resolve("extra"), "extra");
      server.on("MLSD", c -> {
        c.reply("150 Here it comes.");
        c.openData().send(HALF).finish();
        c.reply("226 Output truncated to 1 matches");
      });
      MirrorPlan plan = mirror(folder).plan(pool);
      assertFalse(plan.isComplete(), plan.describe());
      assertEquals(1, server.commands().stream().filter(line -> line.startsWith("MLSD")).count());
      plan.apply(pool);
      assertTrue(Files.exists(folder.resolve("extra")));
      assertTrue(Files.exists(folder.resolve("b")));
    }
  }

  @Test
  void uploadAfterAListingThatIsResetIsComplete() throws Exception {
    Files.createDirectories(folder.resolve("sub"));
    Files.writeString(folder.resolve("sub/x"), "x");
    try (ScriptedServer server = ScriptedServer.start().directory("/up").once("MLSD", reset("226 Done."));
        FtpPool pool = PoolFixture.pool(server, 3).build()) {
      MirrorPlan plan = Mirror.upload(folder, "/up").plan(pool);
      assertEquals(7, plan.count(MirrorAction.Kind.TRANSFER), plan.describe());
      plan.apply(pool).orThrow();
      assertTrue(server.exists("/up/sub/x"));
    }
  }

  @Test
  void relativeRootStaysTheSameWhenItsListingIsRepeated() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().directory("/up").once("MLSD", reset("226 Done."));
        FtpPool pool = PoolFixture.pool(server, 1).build()) {
      MirrorPlan plan = Mirror.upload(folder, "up").plan(pool);
      assertEquals("/up", plan.remote());
      plan.apply(pool).orThrow();
      assertTrue(server.exists("/up/a"), server.paths().toString());
      assertFalse(server.exists("/up/up"), server.paths().toString());
    }
  }
}
