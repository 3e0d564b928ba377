package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loomftp.testkit.ScriptedServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An upload from a body that another thread aborts leaves no incomplete file. */
@Timeout(40)
class StreamAbortTest {
  @Test
  void bodyThatIsAbortedFromElsewhereLeavesNothing() throws Exception {
    try (ScriptedServer server = ScriptedServer.start();
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      FtpException e =
          assertThrows(
              FtpException.class,
              () -> ftp.put("/a", out -> {
                out.write(new byte[100_000]);
                Thread other = Thread.ofVirtual().start(ftp::abort);
                try {
                  other.join();
                } catch (InterruptedException stop) {
                  throw new java.io.InterruptedIOException();
                }
                out.write(new byte[100_000]);
              }));
      assertEquals(ErrorKind.ABORTED, e.kind());
      assertFalse(server.exists("/a"), server.commands().toString());
    }
  }
}
