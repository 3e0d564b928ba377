package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.ScriptedServer;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A reply to NOOP is never taken for the final reply of the transfer. */
@Timeout(40)
class KeepAliveReplyTest {
  @ParameterizedTest
  @ValueSource(strings = {"500 Read error.", "501 Read error.", "503 Read error.", "502 Read error."})
  void refusalOfTheTransferBeforeTheReplyToNoopIsReported(String refusal) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "0123456789")) {
      server.on("RETR", c -> {
        c.reply("150 Here it comes.");
        try (var data = c.openData()) {
          data.send("01234");
          c.next(); // NOOP
        }
        c.reply(refusal, "200 NOOP is fine.");
      });
      FtpConfig config = SessionFixture.plain(server).keepAlive(Duration.ofMillis(300)).build();
      try (FtpSession ftp = Ftp.open(config)) {
        var sink = new ByteArrayOutputStream();
        FtpException e =
            assertThrows(FtpException.class, () -> ftp.get("/a", sink, TransferOptions.defaults().verify(Verify.NONE)));
        assertTrue(e.getMessage().contains("Read error"), e.getMessage());
      }
    }
  }
}
