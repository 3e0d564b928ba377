package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.ScriptedServer;
import java.net.Socket;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that send a reply in pieces with Nagle's algorithm wait for acknowledgements, which are not delayed. */
@Timeout(60)
class DelayedAcknowledgementTest {
  private static final int EXCHANGES = 100;

  @Test
  void replyInTwoPiecesIsNotDelayed() throws Exception {
    try (Socket any = new Socket()) {
      Assumptions.assumeTrue(any.supportedOptions().contains(ExtendedSocketOptions.TCP_QUICKACK), "a matter of the system");
    }
    try (ScriptedServer server = ScriptedServer.start().on("NOOP", c -> {
      c.delaySmallPieces();
      c.raw("200 ");
      c.raw("Fine.\r\n");
    });
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      long start = System.nanoTime();
      for (int i = 0; i < EXCHANGES; i++) {
        assertEquals(200, ftp.noop().code());
      }
      long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
      assertTrue(millis < EXCHANGES * 20, EXCHANGES + " exchanges took " + millis + " ms"); // 40 ms each if delayed
    }
  }
}
