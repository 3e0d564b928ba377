package io.loomftp.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.pool.FtpPool;
import io.loomftp.pool.PoolFixture;
import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Local entries that are not uploaded, and servers with missing commands. */
@Timeout(60)
class MirrorUploadTest {
  @TempDir Path folder;
  private Path root;

  @BeforeEach
  void makeRoot() throws IOException {
    root = Files.createDirectories(folder.resolve("root"));
    Files.writeString(root.resolve("good"), "good");
  }

  private static List<String> told(MirrorPlan plan) {
    return plan.actions().stream().map(a -> a.kind() + " " + a.path() + " " + a.reason()).toList();
  }

  @Test
  void linksAreReportedAndNotFollowed() throws Exception {
    Files.createDirectory(folder.resolve("private"));
    Files.writeString(folder.resolve("private/secret"), "secret");
    Files.createSymbolicLink(root.resolve("link"), folder.resolve("private"));
    Files.createSymbolicLink(root.resolve("secret"), folder.resolve("private/secret"));
    try (ScriptedServer server = ScriptedServer.start().directory("/in");
        FtpPool pool = PoolFixture.pool(server, 2).build()) {
      MirrorPlan plan = Mirror.upload(root, "/in").plan(pool);
      assertEquals(List.of("TRANSFER good MISSING", "SKIP link LINK", "SKIP secret LINK"), told(plan));
      plan.apply(pool).orThrow();
      assertEquals(List.of("/in/good"), server.paths());
    }
  }

  @Test
  void linksAreFollowedOnRequestButNotRoundInCircles() throws Exception {
    Files.createDirectory(folder.resolve("private"));
    Files.writeString(folder.resolve("private/secret"), "secret");
    Files.createSymbolicLink(root.resolve("link"), folder.resolve("private"));
    Files.createSymbolicLink(folder.resolve("private/again"), folder.resolve("private"));
    Files.createSymbolicLink(root.resolve("nowhere"), folder.resolve("missing"));
    try (ScriptedServer server = ScriptedServer.start();
        FtpPool pool = PoolFixture.pool(server, 2).build()) {
      MirrorPlan plan = Mirror.upload(root, "/in").followLinks().plan(pool);
      assertEquals(
          List.of(
              "MAKE_FOLDER  MISSING", "MAKE_FOLDER link MISSING", "TRANSFER good MISSING", "TRANSFER link/secret MISSING",
              "SKIP nowhere LINK", "REFUSE link/again LOOP"),
          told(plan));
      plan.apply(pool);
      assertEquals("secret", new String(server.content("/in/link/secret"), StandardCharsets.UTF_8));
    }
  }

  @Test
  void namesThatCannotBeSentAreRefused() throws Exception {
    Files.writeString(root.resolve("two\nlines"), "x");
    Files.writeString(root.resolve("日本"), "x");
    try (ScriptedServer server = ScriptedServer.start().charset(StandardCharsets.ISO_8859_1);
        FtpPool pool =
            PoolFixture.pool(
                PoolFixture.plain(server).charset(StandardCharsets.ISO_8859_1).build(), PoolFixture.limiter(server))
                .build()) {
      MirrorPlan plan = Mirror.upload(root, "/in").plan(pool);
      assertEquals(
          List.of(
              "MAKE_FOLDER  MISSING", "TRANSFER good MISSING", "REFUSE two\nlines ILLEGAL_NAME", "REFUSE 日本 ILLEGAL_NAME"),
          told(plan));
      plan.apply(pool);
      assertEquals(List.of("/in/good"), server.paths());
    }
  }

  @Test
  void fileThatMayNotBeReadIsRefused() throws Exception {
    Path locked = Files.writeString(root.resolve("locked"), "x");
    Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("---------"));
    Assumptions.assumeFalse(Files.isReadable(locked), "this user may read everything");
    try (ScriptedServer server = ScriptedServer.start();
        FtpPool pool = PoolFixture.pool(server, 2).build()) {
      assertEquals(
          List.of("MAKE_FOLDER  MISSING", "TRANSFER good MISSING", "REFUSE locked UNREADABLE"),
          told(Mirror.upload(root, "/in").plan(pool)));
    }
  }

  @Test
  void fileThatWentAwayAfterPlanningFailsAlone() throws Exception {
    Files.writeString(root.resolve("brief"), "x");
    try (ScriptedServer server = ScriptedServer.start();
        FtpPool pool = PoolFixture.pool(server, 2).build()) {
      MirrorPlan plan = Mirror.upload(root, "/in").plan(pool);
      Files.delete(root.resolve("brief"));
      MirrorReport report = plan.apply(pool);
      assertEquals(1, report.transferred());
      assertEquals("brief", report.failures().getFirst().action().path());
    }
  }

  @Test
  void whereTheServerCannotKeepTimesOnlyANewerSourceIsSentAgain() throws Exception {
    Files.setLastModifiedTime(root.resolve("good"), FileTime.from(Instant.now().minus(9, ChronoUnit.DAYS)));
    try (ScriptedServer server = ScriptedServer.start();
        FtpPool pool = PoolFixture.pool(server, 2).build()) {
      server.on("FEAT", "211-Features:", " MLST type*;size*;modify*;", " SIZE", " UTF8", "211 End");
      Mirror mirror = Mirror.upload(root, "/in");
      mirror.plan(pool).apply(pool).orThrow();
      assertTrue(mirror.plan(pool).isDone());
      Files.setLastModifiedTime(root.resolve("good"), FileTime.from(Instant.now().plus(1, ChronoUnit.DAYS)));
      assertEquals(List.of("TRANSFER good NEWER"), told(mirror.plan(pool)));
    }
  }

  @Test
  void folderThatCannotBeMadeFailsWithItsContentsAndTheRestContinues() throws Exception {
    Files.createDirectories(root.resolve("no/way"));
    Files.writeString(root.resolve("no/way/x"), "x");
    try (ScriptedServer server = ScriptedServer.start().directory("/in");
        FtpPool pool = PoolFixture.pool(server, 2).build()) {
      server.on("MKD", c -> {
        if (c.argument().equals("/in/no")) {
          c.reply("550 Permission denied.");
        } else {
          c.ordinary();
        }
      });
      MirrorReport report = Mirror.upload(root, "/in").plan(pool).apply(pool);
      assertEquals(1, report.transferred());
      assertEquals(3, report.failures().size());
      assertTrue(server.commands().stream().noneMatch(line -> line.contains("/in/no/way")), server.commands().toString());
    }
  }

  @Test
  void folderThatIsThereByNowIsNoFailure() throws Exception {
    Files.createDirectories(root.resolve("sub"));
    try (ScriptedServer server = ScriptedServer.start().directory("/in");
        FtpPool pool = PoolFixture.pool(server, 2).build()) {
      MirrorPlan plan = Mirror.upload(root, "/in").plan(pool);
      server.directory("/in/sub");
      plan.apply(pool).orThrow();
    }
  }
}
