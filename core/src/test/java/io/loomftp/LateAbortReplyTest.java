package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.DataPipe;
import io.loomftp.testkit.ScriptedServer;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** After a transfer that was closed early, a reply that comes late makes nothing exist, be deleted, or have a size. */
@Timeout(60)
class LateAbortReplyTest {
  /** What is answered to ABOR at once, and what comes together with the reply to the next command. */
  @ParameterizedTest
  @CsvSource({
      "226 Transfer aborted., 226 Closing data connection.", "226 Transfer aborted., 213 4711",
      "225 Nothing to abort., 250 Done.",
      "426 Cut., 226 Abort successful.", "'', 226 Abort successful.", "426 Cut., 200 Yes.", "500 What?, 226 Transfer complete."})
  void lateReplyAnswersNothing(String first, String late) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/b", "12345")) {
      server.on("FEAT", "211-Features:", " SIZE", " MDTM", "211 End");
      server.on("RETR", c -> {
        c.reply("150 Go.");
        try (DataPipe data = c.openData()) {
          data.send("half");
          assertEquals("ABOR", c.next().verb());
          data.reset();
          if (!first.isEmpty()) {
            c.reply(first);
          }
        }
        if (c.next().verb().equals("PWD")) {
          c.reply("257 \"/\" is the folder.", late);
        } else {
          c.reply(late, late);
        }
      });
      FtpConfig config =
          SessionFixture.plain(server).timeouts(Timeouts.of(SessionFixture.GENEROUS).withClose(Duration.ofSeconds(1))).build();
      for (int next = 0; next < 4; next++) {
        try (FtpSession ftp = Ftp.open(config)) {
          FtpInputStream in = ftp.get("a");
          assertEquals('h', in.read());
          in.close();
          switch (next) {
            case 0 -> assertFalse(ftp.exists("nosuch"));
            case 1 -> assertThrows(FtpReplyException.class, () -> ftp.delete("nosuch"));
            case 2 -> assertThrows(FtpReplyException.class, () -> ftp.size("nosuch"));
            default -> assertThrows(FtpReplyException.class, () -> ftp.cd("nosuch"));
          }
          assertEquals(5, ftp.size("b"));
          assertEquals("/", ftp.pwd());
          assertTrue(ftp.isOpen());
        }
      }
    }
  }
}
