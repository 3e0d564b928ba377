package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.ScriptedServer;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that reports a wrong size does not make a transfer move single bytes. */
@Timeout(60)
class WrongSizeSpeedTest {
  private static final byte[] CONTENT = new byte[1 << 20];

  @TempDir Path folder;

  private static TransferOptions counting(AtomicInteger blocks) {
    return TransferOptions.defaults().verify(Verify.NONE).progressEvery(Duration.ZERO)
        .progress(state -> blocks.incrementAndGet());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "9223372036854775807", "9223372036854775806"})
  void downloadMovesBlocks(String size) throws Exception {
    AtomicInteger blocks = new AtomicInteger();
    try (ScriptedServer server = ScriptedServer.start().file("/a", CONTENT).on("SIZE", "213 " + size);
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      TransferResult result = ftp.get("/a", OutputStream.nullOutputStream(), counting(blocks));
      assertEquals(CONTENT.length, result.bytes());
    }
    assertTrue(blocks.get() < 5_000, blocks + " blocks");
  }
}
