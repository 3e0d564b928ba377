package io.loomftp.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.pool.FtpPool;
import io.loomftp.pool.PoolFixture;
import io.loomftp.testkit.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Source files with the names that a download uses beside its target: none is reported as done and then deleted. */
@Timeout(60)
class MirrorPartNamesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"x.part", "x.part.of", "x.1.part", "x.1.part.of", "x.9.part.of"})
  void fileBesideItsNamesakeIsRefused(String name) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/pub/x", "whole").file("/pub/" + name, "another");
        FtpPool pool = PoolFixture.pool(server, 1).build()) {
      MirrorReport report = Mirror.download("/pub", folder).plan(pool).apply(pool);
      assertEquals(List.of(name), report.refusals().stream().map(r -> r.action().path()).toList());
      assertEquals(MirrorReason.PART_NAME, report.refusals().getFirst().action().reason());
      assertEquals("whole", Files.readString(folder.resolve("x")));
      assertEquals(1, report.transferred());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x.part", "x.part.of", "x.1.part", "x.1.part.of", "part", ".part", "x.part.of.txt"})
  void fileWithoutANamesakeArrivesAndStays(String name) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/pub/y", "whole").file("/pub/" + name, "another");
        FtpPool pool = PoolFixture.pool(server, 1).build()) {
      for (int i = 0; i < 2; i++) {
        Mirror.download("/pub", folder).delete(1).plan(pool).apply(pool).orThrow();
        assertEquals("another", Files.readString(folder.resolve(name)));
        assertTrue(Files.exists(folder.resolve("y")));
      }
    }
  }

  /** The user's own file has a name that the download of {@code x} would use. */
  @ParameterizedTest
  @ValueSource(strings = {"x.part", "x.part.of", "x.1.part"})
  void fileOfTheUserIsLeftAlone(String name) throws Exception {
    Files.writeString(folder.resolve(name), "mine");
    try (ScriptedServer server = ScriptedServer.start().file("/pub/x", "whole");
        FtpPool pool = PoolFixture.pool(server, 1).build()) {
      Mirror.download("/pub", folder).plan(pool).apply(pool).orThrow();
      assertEquals("whole", Files.readString(folder.resolve("x")));
      assertEquals("mine", Files.readString(folder.resolve(name)));
    }
  }
}
