package io.loomftp.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loomftp.pool.FtpPool;
import io.loomftp.pool.PoolFixture;
import io.loomftp.testkit.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A folder that is compared again after a lost connection counts once: for the share of deletes and for the limit of entries. */
@Timeout(60)
class MirrorCountsOnceTest {
  private static final int KEPT = 60;
  private static final int EXTRA = 38; // and two folders

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"0, true", "1, true", "2, true", "0, false", "1, false", "2, false"})
  void destinationIsCountedOnce(int losses, boolean byAReset) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().directory("/t/e1").directory("/t/e2");
        FtpPool pool = PoolFixture.pool(server, 1).build()) {
      for (int i = 0; i < KEPT; i++) {
        Files.writeString(folder.resolve("f" + i), "x");
        server.file("/t/f" + i, "x");
      }
      for (int i = 0; i < EXTRA; i++) {
        server.file("/t/e1/g" + i, "x");
      }
      int[] left = {losses};
      server.on("MLSD", c -> {
        if (!c.argument().endsWith("e2") || left[0]-- <= 0) {
          c.ordinary();
        } else if (byAReset) {
          c.reset();
        } else {
          c.reply("421 Going away.");
          c.close();
        }
      });
      MirrorPlan plan = Mirror.upload(folder, "/t").compare(Compare.SIZE).delete().entries(170).plan(pool);
      assertEquals(100, plan.destinationEntries());
      assertEquals(EXTRA, plan.count(MirrorAction.Kind.DELETE_FILE));
      assertEquals(2, plan.count(MirrorAction.Kind.DELETE_FOLDER));
      assertEquals(KEPT, plan.unchanged());
      MirrorReport report = plan.apply(pool);
      assertEquals("40 of 100 entries were to be deleted, which is more than 25 %", report.notDeleted().orElseThrow());
      assertEquals(KEPT + EXTRA, server.paths().size());
    }
  }
}
