package io.loomftp.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loomftp.FtpException;
import io.loomftp.pool.FtpPool;
import io.loomftp.pool.PoolFixture;
import io.loomftp.testkit.Behaviour;
import io.loomftp.testkit.ScriptedServer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A file is gone only when a listing proves it. */
@Timeout(60)
class WatchListingTest {
  private static Behaviour listing(String lines, String last) {
    return c -> {
      c.reply("150 Here.");
      c.openData().send(lines.getBytes("US-ASCII")).close();
      c.reply(last);
    };
  }

  private static List<String> told(List<Change> changes) {
    return changes.stream().map(change -> change.what() + " " + change.file().entry().name()).toList();
  }

  @Test
  void emptyListingOfAFolderThatCannotBeEnteredIsAFailure() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/in/a", "x");
        FtpPool pool = PoolFixture.pool(server, 1).build();
        Watch watch = Watch.on(pool, "/in").still(1).build()) {
      watch.poll();
      server.once("MLSD", listing("", "226 Done.")).once("CWD", "550 Failed to change directory.");
      assertThrows(FtpException.class, watch::poll);
      assertEquals(List.of(), watch.poll());
    }
  }

  @Test
  void emptyListingOfAFolderThatCanBeEnteredAndHasNoFileIsBelieved() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/in/a", "x");
        FtpPool pool = PoolFixture.pool(server, 1).build();
        Watch watch = Watch.on(pool, "/in").still(1).build()) {
      watch.poll();
      server.remove("/in/a");
      server.once("MLSD", listing("", "226 Done."));
      assertEquals(List.of("GONE a"), told(watch.poll()));
    }
  }

  @Test
  void listingThatWasTruncatedIsAFailure() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/in/a", "x").file("/in/b", "x");
        FtpPool pool = PoolFixture.pool(server, 1).build();
        Watch watch = Watch.on(pool, "/in").still(1).build()) {
      watch.poll();
      server.once("MLSD", listing("type=file;size=1;modify=20260101000000; a\r\n", "226 Output truncated to 1 matches"));
      assertThrows(FtpException.class, watch::poll);
      assertEquals(List.of(), watch.poll());
    }
  }
}
