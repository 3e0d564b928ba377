package io.loomftp.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loomftp.FtpException;
import io.loomftp.pool.FtpPool;
import io.loomftp.pool.PoolFixture;
import io.loomftp.testkit.Behaviour;
import io.loomftp.testkit.FreshProfiles;
import io.loomftp.testkit.ScriptedServer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A file that the server still has is not gone, whatever became of its line in the listing. */
@Timeout(60)
@ExtendWith(FreshProfiles.class)
class WatchDoubtTest {
  private static Behaviour listing(String lines) {
    return c -> {
      c.reply("150 Here.");
      c.openData().send(lines.getBytes("US-ASCII")).close();
      c.reply("226 Done.");
    };
  }

  private static List<String> told(List<Change> changes) {
    return changes.stream().map(change -> change.what() + " " + change.file().path()).toList();
  }

  @Test
  void aFileWhoseLineIsNotUnderstoodIsNotGone() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/in/a", "x").file("/in/b", "x").file("/in/c", "x");
        FtpPool pool = PoolFixture.pool(server, 1).build();
        Watch watch = Watch.on(pool, "/in").still(1).build()) {
      assertEquals(List.of(), told(watch.poll()));
      String a = "type=file;size=1;modify=20260101000000; a\r\n";
      server.on("MLSD", listing(a + "type=file;size=1;modify=20260101000000;b\r\n;;;=\r\n"));
      server.remove("/in/c");
      List<String> changes = told(watch.poll());
      assertEquals(List.of("GONE /in/c"), changes.stream().filter(change -> change.startsWith("GONE")).toList());
      assertEquals(List.of(), told(watch.poll()));
    }
  }

  @Test
  void theFilesOfAFolderWhoseLineIsNotUnderstoodAreNotGone() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/in/a", "x").file("/in/sub/b", "x");
        FtpPool pool = PoolFixture.pool(server, 1).build();
        Watch watch = Watch.on(pool, "/in").depth(2).still(1).build()) {
      assertEquals(List.of(), told(watch.poll()));
      server.once("MLSD", listing("type=file;size=1;modify=20260101000000; a\r\n;;;=\r\n"));
      assertEquals(List.of(), told(watch.poll()).stream().filter(change -> change.startsWith("GONE")).toList());
    }
  }

  @Test
  void anEmptyListingOfAFolderThatStillHasAFileIsAFailure() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/in/a", "x");
        FtpPool pool = PoolFixture.pool(server, 1).build();
        Watch watch = Watch.on(pool, "/in").still(1).build()) {
      watch.poll();
      server.once("MLSD", listing(""));
      assertThrows(FtpException.class, watch::poll);
      assertEquals(List.of(), told(watch.poll()));
    }
  }
}
