package io.loomftp.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loomftp.ErrorKind;
import io.loomftp.FtpTransferException;
import io.loomftp.TransferOptions;
import io.loomftp.Verify;
import io.loomftp.testkit.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The segments of one file never come from two versions of it. */
@Timeout(60)
class SegmentVersionsTest {
  private static final int SIZE = 3 << 20;
  private static final Instant THEN = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir Path folder;

  /** Its file is replaced by one of the same size after the request for the last byte. */
  private static ScriptedServer changing() {
    AtomicInteger number = new AtomicInteger();
    ScriptedServer server = ScriptedServer.start().file("/big", new byte[SIZE], THEN);
    byte[] other = new byte[SIZE];
    java.util.Arrays.fill(other, (byte) 1);
    return server.on("RETR", c -> {
      if (number.incrementAndGet() == 3) {
        server.file("/big", other, THEN.plusSeconds(60));
      }
      c.ordinary();
    });
  }

  @ParameterizedTest
  @EnumSource(value = Verify.class, names = {"NONE", "SIZE"})
  void fileThatChangesIsAnErrorWhateverIsVerified(Verify verify) throws Exception {
    try (ScriptedServer server = changing();
        FtpPool pool = PoolFixture.pool(server, 2).build()) {
      TransferOptions options = TransferOptions.defaults().segments(2).verify(verify);
      FtpTransferException e =
          assertThrows(FtpTransferException.class, () -> pool.get("/big", folder.resolve("big"), options));
      assertEquals(ErrorKind.CHANGED, e.kind());
      assertFalse(Files.exists(folder.resolve("big")));
    }
  }

  @Test
  void timeThatIsNotToldAnyMoreIsAnError() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (ScriptedServer server = changing();
        FtpPool pool = PoolFixture.pool(server, 2).build()) {
      server.on("MDTM", c -> {
        if (asked.incrementAndGet() == 1) {
          c.ordinary();
        } else {
          c.reply("450 Busy.");
        }
      });
      TransferOptions options = TransferOptions.defaults().segments(2);
      assertThrows(FtpTransferException.class, () -> pool.get("/big", folder.resolve("big"), options));
      assertFalse(Files.exists(folder.resolve("big")));
    }
  }
}
