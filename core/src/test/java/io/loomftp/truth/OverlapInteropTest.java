package io.loomftp.truth;

import io.loomftp.testkit.RealServer;
import io.loomftp.testkit.RealServers;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Transfers to one target at the same time on real servers: see {@link Overlap}. */
@Timeout(900)
class OverlapInteropTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(RealServers.Kind.class)
  void overlap(RealServers.Kind kind) throws Exception {
    try (RealServer server = RealServers.start(kind, RealServers.Variant.PLAIN)) {
      Overlap.sampleAt(kind.toString(), server.port(), server.user(), server.password(), server.home(), folder);
    }
  }
}
