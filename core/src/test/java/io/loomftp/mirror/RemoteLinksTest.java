package io.loomftp.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loomftp.pool.FtpPool;
import io.loomftp.pool.PoolFixture;
import io.loomftp.testkit.DataPipe;
import io.loomftp.testkit.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Following links of a server. */
@Timeout(60)
class RemoteLinksTest {
  private static final String LINKS =
      """
      lrwxrwxrwx   1 ftp      ftp               4 Jan 01  2026 afile -> real/a.txt\r
      lrwxrwxrwx   1 ftp      ftp               4 Jan 01  2026 afolder -> real\r
      lrwxrwxrwx   1 ftp      ftp               4 Jan 01  2026 nowhere -> missing\r
      """;

  @TempDir Path folder;

  private static ScriptedServer server(boolean mlst) {
    ScriptedServer server =
        ScriptedServer.start().file("/pub/afile", "alpha").file("/pub/afolder/b.txt", "beta");
    if (!mlst) {
      server.on("FEAT", "211-Features:", " SIZE", " UTF8", "211 End");
    }
    // MLSD is refused, so that a listing can tell of links while MLST still answers for what they lead to.
    server.on("MLSD", "502 Not here.");
    server.on(
        "LIST",
        c -> {
          if (!c.argument().equals("/pub")) {
            if (c.argument().contains("nowhere")) {
              c.reply("550 No such folder.");
            } else {
              c.ordinary();
            }
            return;
          }
          c.reply("150 Here.");
          try (DataPipe data = c.openData()) {
            data.send(LINKS.getBytes(StandardCharsets.US_ASCII));
          }
          c.reply("226 Done.");
        });
    return server;
  }

  @Test
  void linksAreLeftOutByDefault() throws Exception {
    try (ScriptedServer server = server(true);
        FtpPool pool = PoolFixture.pool(server, 1).build()) {
      MirrorPlan plan = Mirror.download("/pub", folder).plan(pool);
      assertEquals(3, plan.count(MirrorAction.Kind.SKIP), plan.describe());
      plan.apply(pool).orThrow();
      assertEquals(Set.of(), MirrorTest.paths(folder));
    }
  }

  @Test
  void linksAreFollowedOnRequestWhereTheServerGivesTheirTargets() throws Exception {
    for (boolean mlst : new boolean[] {true, false}) {
      Path copy = folder.resolve("copy" + mlst);
      try (ScriptedServer server = server(mlst);
          FtpPool pool = PoolFixture.pool(server, 1).build()) {
        MirrorPlan plan = Mirror.download("/pub", copy).followLinks().plan(pool);
        assertEquals(1, plan.count(MirrorAction.Kind.SKIP), plan.describe());
        plan.apply(pool).orThrow();
        assertEquals(Set.of("afile", "afolder/", "afolder/b.txt"), MirrorTest.paths(copy));
        assertEquals("alpha", Files.readString(copy.resolve("afile")));
      }
    }
  }
}
