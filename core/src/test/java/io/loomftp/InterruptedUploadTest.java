package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An interrupt of an upload is reported as an abort, not as a failure of the local file. */
@Timeout(40)
class InterruptedUploadTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void interruptIsAnAbort(boolean virtual) throws Exception {
    Path source = Files.write(folder.resolve("source"), new byte[1 << 20]);
    TransferOptions options =
        TransferOptions.defaults().progressEvery(Duration.ZERO).progress(state -> Thread.currentThread().interrupt());
    try (ScriptedServer server = ScriptedServer.start();
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      FutureTask<Boolean> task =
          new FutureTask<>(() -> {
            FtpException e = assertThrows(FtpException.class, () -> ftp.put(source, "a", options));
            assertEquals(ErrorKind.ABORTED, e.kind(), e.toString());
            return Thread.currentThread().isInterrupted();
          });
      (virtual ? Thread.ofVirtual() : Thread.ofPlatform()).start(task);
      assertTrue(task.get());
    }
  }
}
