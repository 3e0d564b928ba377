package io.loomftp.truth;

import io.loomftp.testkit.RealServer;
import io.loomftp.testkit.RealServers;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Transfers to one target at the same time, with vsftpd and ProFTPD. */
@Timeout(1_800)
class OverlapInteropTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void noTransferSpoilsAnother(RealServers.Kind kind) throws Exception {
    try (RealServer server = RealServers.start(kind, RealServers.Variant.PLAIN)) {
      new OverlapMatrix(new Overlap.Place(server.port(), server.user(), server.password(), server.home()), folder)
          .run(kind.toString());
    }
  }
}
