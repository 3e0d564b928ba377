package io.loomftp.mirror;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.FtpEntry;
import io.loomftp.FtpException;
import io.loomftp.Listing;
import io.loomftp.TransferOptions;
import io.loomftp.pool.FtpPool;
import io.loomftp.pool.PoolFixture;
import io.loomftp.testkit.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A time of a listing that is exact to the minute only does not prove that a partial file is of the present version. */
@Timeout(60)
class MirrorCoarseTimeTest {
  private static final int SIZE = 3 << 20;
  private static final Instant THEN = Instant.parse("2024-03-02T10:20:05Z");

  @TempDir Path folder;
  private final byte[] first = new byte[SIZE];
  private final byte[] second = new byte[SIZE];

  @BeforeEach
  void fill() {
    new Random(1).nextBytes(first);
    new Random(2).nextBytes(second);
  }

  /** A server whose LIST has minutes, as for recent files; the second version is written in the same minute. */
  private ScriptedServer server(boolean mdtm) {
    ScriptedServer server = ScriptedServer.start().file("/pub/big", first, THEN);
    String[] features = mdtm
        ? new String[] {"211-Features:", " SIZE", " MDTM", " REST STREAM", "211 End"}
        : new String[] {"211-Features:", " SIZE", " REST STREAM", "211 End"};
    server.on("FEAT", features);
    if (!mdtm) {
      server.on("MDTM", "502 Not here.");
    }
    return server.on("LIST", c -> {
      c.reply("150 Here it comes.");
      c.openData().send("03-02-24  10:20AM  " + SIZE + " big\r\n").finish();
      c.reply("226 Done.");
    });
  }

  private void breakOff(ScriptedServer server, Download download) {
    server.on("RETR", c -> {
      c.reply("150 Here it comes.");
      c.openData().send(Arrays.copyOf(first, SIZE / 2)).finish();
      c.reply("426 Broken.");
    });
    assertThrows(Exception.class, download::run);
    assertFalse(Files.exists(folder.resolve("big")));
    server.file("/pub/big", second, THEN.plusSeconds(20)).on("RETR", c -> c.ordinary());
  }

  private interface Download {
    void run() throws Exception;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void mirrorDoesNotMixTwoVersions(boolean mdtm) throws Exception {
    try (ScriptedServer server = server(mdtm); FtpPool pool = PoolFixture.pool(server, 1).build()) {
      Download download =
          () -> Mirror.download("/pub", folder).options(TransferOptions.defaults().resume().keepModified()).plan(pool).apply(pool)
              .orThrow();
      breakOff(server, download);
      assertEquals(mdtm, Files.exists(folder.resolve("big.part")), "without an exact time nothing is kept");
      download.run();
      assertArrayEquals(second, Files.readAllBytes(folder.resolve("big")));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void segmentsDoNotMixTwoVersions(boolean mdtm) throws Exception {
    try (ScriptedServer server = server(mdtm); FtpPool pool = PoolFixture.pool(server, 2).build()) {
      FtpEntry listed = pool.run(ftp -> {
        try (Listing rows = ftp.list("/pub")) {
          return rows.next().orElseThrow();
        }
      });
      TransferOptions options = TransferOptions.defaults().resume().segments(2).expecting(listed);
      TransferOptions breaking = options.progressEvery(java.time.Duration.ZERO).progress(state -> {
        if (state.bytes() > SIZE / 2) {
          throw new IllegalStateException("enough");
        }
      });
      assertThrows(IllegalStateException.class, () -> pool.get("/pub/big", folder.resolve("big"), breaking));
      assertEquals(mdtm, Files.exists(folder.resolve("big.part")), "without an exact time nothing is kept");
      server.file("/pub/big", second, THEN.plusSeconds(20));
      try {
        pool.get("/pub/big", folder.resolve("big"), options);
        assertArrayEquals(second, Files.readAllBytes(folder.resolve("big")));
      } catch (FtpException e) {
        assertTrue(Files.notExists(folder.resolve("big")), e.toString());
      }
    }
  }
}
