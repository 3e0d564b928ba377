package io.loomftp.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loomftp.ServerZone;
import io.loomftp.pool.FtpPool;
import io.loomftp.pool.PoolFixture;
import io.loomftp.testkit.Behaviour;
import io.loomftp.testkit.FreshProfiles;
import io.loomftp.testkit.ScriptedServer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A file has not changed because the zone of the server has become known. */
@Timeout(60)
@ExtendWith(FreshProfiles.class)
class WatchZoneTest {
  private static Behaviour listing(String lines) {
    return c -> {
      c.reply("150 Here.");
      c.openData().send(lines.getBytes("US-ASCII")).close();
      c.reply("226 Done.");
    };
  }

  @Test
  void aFileIsNotChangedByTheDetectionOfTheZone() throws Exception {
    String old = "-rw-r--r-- 1 u g 1 Jan 01  2024 a\r\n";
    try (ScriptedServer server =
        ScriptedServer.start().on("FEAT", "211 None.").on("LIST", listing(old)).on("MDTM", "213 20240310080000");
        FtpPool pool = PoolFixture.pool(PoolFixture.plain(server).serverZone(ServerZone.detect()).build(), PoolFixture.limiter(
            server)).build();
        Watch watch = Watch.on(pool, "/in").still(1).build()) {
      assertEquals(List.of(), watch.poll());
      server.on("LIST", listing(old + "-rw-r--r-- 1 u g 1 2024-03-10 10:00 b\r\n"));
      List<Change> changes = watch.poll();
      assertEquals(List.of("NEW /in/b"), changes.stream().map(change -> change.what() + " " + change.file().path()).toList());
      assertEquals("2024-03-10T08:00:00Z", changes.getFirst().file().entry().modified().orElseThrow().instant().toString());
    }
  }
}
