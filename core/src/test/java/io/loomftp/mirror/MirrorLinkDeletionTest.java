package io.loomftp.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.pool.FtpPool;
import io.loomftp.pool.PoolFixture;
import io.loomftp.testkit.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An upload mirror does not delete through a link that the server lists as a folder. */
@Timeout(60)
class MirrorLinkDeletionTest {
  @TempDir Path folder;

  private static List<String> deletes(ScriptedServer server) {
    return server.commands().stream().filter(c -> c.startsWith("DELE ") || c.startsWith("RMD ")).toList();
  }

  private MirrorReport mirror(ScriptedServer server) throws Exception {
    Files.writeString(folder.resolve("a"), "a");
    try (FtpPool pool = PoolFixture.pool(server, 2).build()) {
      return Mirror.upload(folder, "/www").delete(1).compare(Compare.SIZE).plan(pool).apply(pool);
    }
  }

  @Test
  void linkIsDeletedAndNotItsContents() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start().file("/www/a", "a").file("/www/link/precious", "x").file("/www/link/sub/more", "x")) {
      server.on("DELE", c -> {
        if (c.argument().equals("/www/link")) {
          server.remove("/www/link/precious");
          c.reply("250 The link is deleted.");
        } else {
          c.ordinary();
        }
      });
      MirrorReport report = mirror(server);
      assertEquals(List.of("DELE /www/link"), deletes(server));
      assertTrue(report.isWhole(), report.toString());
      assertTrue(report.notDeleted().isEmpty());
    }
  }

  @Test
  void folderIsDeletedWithItsContents() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start().file("/www/a", "a").file("/www/old/one", "x").file("/www/old/sub/two", "x")) {
      MirrorReport report = mirror(server);
      assertTrue(report.isWhole(), report.toString());
      assertFalse(server.exists("/www/old"), deletes(server).toString());
      assertEquals(List.of("/www/a"), server.paths());
    }
  }

  /** Lets {@code /www/link} be a link to a folder outside, which DELE does not delete. */
  private static void leadOutside(ScriptedServer server) {
    boolean[] outside = new boolean[1];
    server.on("CWD", c -> {
      outside[0] = c.argument().startsWith("/www/link");
      c.ordinary();
    });
    server.on("PWD", c -> {
      if (outside[0]) {
        c.reply("257 \"/data/shared\" is the current directory.");
      } else {
        c.ordinary();
      }
    });
    server.on("DELE", c -> {
      if (c.argument().equals("/www/link")) {
        c.reply("550 Permission denied.");
      } else {
        c.ordinary();
      }
    });
  }

  private MirrorReport mirror(ScriptedServer server, int sessions) throws Exception {
    Files.writeString(folder.resolve("a"), "a");
    try (FtpPool pool = PoolFixture.pool(server, sessions).build()) {
      return Mirror.upload(folder, "/www").delete(1).compare(Compare.SIZE).plan(pool).apply(pool);
    }
  }

  @Test
  void nothingIsDeletedInTheTargetOfALinkThatBothSidesHave() throws Exception {
    Files.createDirectories(folder.resolve("link/sub"));
    Files.writeString(folder.resolve("link/kept"), "x");
    for (String precious : List.of("/www/link/precious", "/www/link/sub/precious")) {
      try (ScriptedServer server =
          ScriptedServer.start().file("/www/a", "a").file("/www/link/kept", "x").directory("/www/link/sub").file(precious, "x")) {
        leadOutside(server);
        MirrorReport report = mirror(server, 1);
        assertEquals(List.of(), deletes(server));
        assertTrue(report.notDeleted().isPresent(), report.toString());
        String why = report.failures().getFirst().failure().orElseThrow().toString();
        assertTrue(why.contains("link"), why);
      }
    }
  }

  @Test
  void nothingIsDeletedInTheTargetOfALinkThatCannotBeDeletedItself() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start().file("/www/a", "a").file("/www/link/precious", "x").file("/www/link/sub/more", "x")) {
      leadOutside(server);
      MirrorReport report = mirror(server, 1);
      assertEquals(List.of("DELE /www/link"), deletes(server));
      assertTrue(report.notDeleted().isPresent(), report.toString());
    }
  }

  @Test
  void foldersAreDeletedOnServersThatDoNotTellWhereTheyAre() throws Exception {
    for (String place : List.of("257 \"DISK:[WWW]\"", "502 No PWD.", "257 somewhere")) {
      try (ScriptedServer server =
          ScriptedServer.start().file("/www/a", "a").file("/www/b/old", "x").file("/www/b/sub/two", "x")) {
        server.on("PWD", place);
        server.on("XPWD", place);
        Files.createDirectories(folder.resolve("b"));
        MirrorReport report = mirror(server, 1);
        assertTrue(report.isWhole(), report.toString());
        assertEquals(List.of("/www/a"), server.paths());
      }
    }
  }

  @Test
  void nothingIsDeletedWhileTheServerIsTooBusyToTellWhereFoldersAre() throws Exception {
    Files.createDirectories(folder.resolve("b"));
    for (String verb : List.of("CWD", "PWD")) {
      try (ScriptedServer server = ScriptedServer.start().file("/www/a", "a").file("/www/b/old", "x")) {
        // The pool has asked for its folder before.
        server.on("CWD", c -> {
          server.once(verb, "450 Too busy.");
          c.ordinary();
        });
        MirrorReport report = mirror(server, 1);
        assertEquals(List.of(), deletes(server), verb);
        assertTrue(report.notDeleted().isPresent(), report.toString());
      }
    }
  }
}
