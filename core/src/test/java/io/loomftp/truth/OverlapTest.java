package io.loomftp.truth;

import io.loomftp.testkit.EmbeddedServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Transfers to one target at the same time, with Apache FtpServer. */
@Timeout(1_800)
class OverlapTest {
  @TempDir Path folder;

  @Test
  void noTransferSpoilsAnother() throws Exception {
    try (EmbeddedServer server = EmbeddedServer.plain()) {
      new OverlapMatrix(new Overlap.Place(server.port(), server.user(), server.password(), server.home()), folder)
          .run("embedded");
    }
  }
}
