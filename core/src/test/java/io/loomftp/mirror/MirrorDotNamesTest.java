package io.loomftp.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.pool.FtpPool;
import io.loomftp.pool.PoolFixture;
import io.loomftp.testkit.Behaviour;
import io.loomftp.testkit.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Mirrors with servers whose listings leave out names that begin with a dot. */
@Timeout(60)
class MirrorDotNamesTest {
  @TempDir Path folder;

  @BeforeEach
  void makeTree() throws Exception {
    file("a", "a");
    file(".htaccess", "deny");
    file(".well-known/token", "t");
  }

  private void file(String path, String text) throws Exception {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2024-02-03T04:05:00Z")));
  }

  /** A server without MLSD that lists names with a dot only with {@code LIST -a}, or not at all. */
  private static ScriptedServer server(boolean honoursOption) {
    ScriptedServer server = ScriptedServer.start();
    server.on("FEAT", "211-Features:", " SIZE", " MDTM", " MFMT", " REST STREAM", " UTF8", "211 End");
    Behaviour list =
        c -> {
          boolean all = honoursOption && c.argument().startsWith("-a");
          String path = c.argument().replaceFirst("^-a ?", "");
          c.reply("150 Here it comes.");
          c.openData().send(lines(server, path, all)).finish();
          c.reply("226 Done.");
        };
    return server.on("LIST", list);
  }

  private static String lines(ScriptedServer server, String path, boolean all) {
    String tail = " 1 ftp ftp ";
    StringBuilder lines = new StringBuilder(all ? "drwxr-xr-x" + tail + "0 Feb 03 2024 .\r\n" : "");
    TreeSet<String> seen = new TreeSet<>();
    for (String one : server.paths()) {
      String rest = one.startsWith(path + "/") ? one.substring(path.length() + 1) : "";
      String name = rest.contains("/") ? rest.substring(0, rest.indexOf('/')) : rest;
      if (!name.isEmpty() && (all || !name.startsWith(".")) && seen.add(name)) {
        boolean isFolder = rest.contains("/");
        lines.append(isFolder ? "drwxr-xr-x" : "-rw-r--r--").append(tail)
            .append(isFolder ? 0 : server.content(one).length).append(" Feb 03 2024 ").append(name).append("\r\n");
      }
    }
    return lines.toString();
  }

  private static ScriptedServer withTree(boolean honoursOption) {
    return server(honoursOption).file("/in/a", "a").file("/in/.htaccess", "deny").file("/in/.well-known/token", "t");
  }

  private static List<String> sent(ScriptedServer server, String verbs) {
    return server.commands().stream().filter(line -> line.matches("(" + verbs + ")( .*)?")).toList();
  }

  @Test
  void whatTheServerHasIsNotDeletedHere() throws Exception {
    file(".gone", "only here");
    file("gone", "only here");
    for (boolean honoursOption : new boolean[] {false, true}) {
      try (ScriptedServer server = withTree(honoursOption); FtpPool pool = PoolFixture.pool(server, 1).build()) {
        Mirror.download("/in", folder).compare(Compare.SIZE).delete(1).plan(pool).apply(pool).orThrow();
        assertEquals("deny", Files.readString(folder.resolve(".htaccess")));
        assertTrue(Files.exists(folder.resolve(".well-known/token")));
        assertFalse(Files.exists(folder.resolve("gone")));
        assertFalse(Files.exists(folder.resolve(".gone")), "the server was asked and does not have it");
      }
    }
  }

  @Test
  void whatTheServerHasIsNotSentAgain() throws Exception {
    for (boolean honoursOption : new boolean[] {false, true}) {
      try (ScriptedServer server = server(honoursOption); FtpPool pool = PoolFixture.pool(server, 2).build()) {
        Mirror mirror = Mirror.upload(folder, "/in").compare(Compare.SIZE, Compare.TIME);
        mirror.plan(pool).apply(pool).orThrow();
        assertEquals(List.of("/in/.htaccess", "/in/.well-known/token", "/in/a"), server.paths());
        MirrorPlan again = mirror.plan(pool);
        assertTrue(again.isDone(), again.describe());
        again.apply(pool).orThrow();
        assertEquals(3, sent(server, "STOR").size(), server.commands().toString());
      }
    }
  }

  @Test
  void changedFileInADotFolderIsSentIntoTheFolderThatIsThere() throws Exception {
    try (ScriptedServer server = server(false); FtpPool pool = PoolFixture.pool(server, 1).build()) {
      Mirror mirror = Mirror.upload(folder, "/in");
      mirror.plan(pool).apply(pool).orThrow();
      int made = sent(server, "MKD").size();
      Path token = Files.writeString(folder.resolve(".well-known/token"), "another");
      Files.setLastModifiedTime(token, FileTime.from(Instant.now().plus(1, ChronoUnit.DAYS)));
      MirrorPlan plan = mirror.plan(pool);
      assertEquals(1, plan.actions().size(), plan.describe());
      plan.apply(pool).orThrow();
      assertEquals("another", new String(server.content("/in/.well-known/token"), StandardCharsets.UTF_8));
      assertEquals(made, sent(server, "MKD").size(), "no folder that exists is made");
    }
  }

  @Test
  void dotNamesAreAskedAboutOnlyWhereNoListingHasThem() throws Exception {
    for (boolean honoursOption : new boolean[] {false, true}) {
      try (ScriptedServer server = withTree(honoursOption); FtpPool pool = PoolFixture.pool(server, 1).build()) {
        Mirror.upload(folder, "/in").compare(Compare.SIZE).plan(pool);
        List<String> asked = sent(server, "SIZE /in/\\..*|CWD /in/\\..*");
        assertEquals(honoursOption, asked.isEmpty(), asked.toString());
        assertEquals(honoursOption ? 2 : 1, sent(server, "LIST -a .*").size(), "what the option does is found out once");
      }
    }
  }

  @Test
  void folderWithDotFilesIsDeletedWhereAListingHasThem() throws Exception {
    try (ScriptedServer server = withTree(true).file("/in/old/.hidden", "h").file("/in/old/x", "x");
        FtpPool pool = PoolFixture.pool(server, 1).build()) {
      Mirror.upload(folder, "/in").compare(Compare.SIZE).delete(1).plan(pool).apply(pool).orThrow();
      assertFalse(server.exists("/in/old"), server.paths().toString());
      assertTrue(server.exists("/in/.htaccess"));
    }
  }

  /** A server that refuses to remove a folder which is not empty, as all do. */
  @Test
  void folderWhoseDotFilesAreNotListedFailsToBeDeletedAndIsReported() throws Exception {
    try (ScriptedServer server = withTree(false).file("/in/old/.hidden", "h").file("/in/old/x", "x");
        FtpPool pool = PoolFixture.pool(server, 1).build()) {
      MirrorReport report = Mirror.upload(folder, "/in").compare(Compare.SIZE).delete(1).plan(pool).apply(pool);
      assertFalse(server.exists("/in/old/x"));
      assertTrue(server.exists("/in/old/.hidden"));
      assertEquals("old", report.failures().getFirst().action().path());
      assertFalse(report.isWhole());
    }
  }
}
