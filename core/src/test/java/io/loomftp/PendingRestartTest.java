package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loomftp.testkit.ScriptedServer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An offset that the server still holds never applies to a later transfer. */
@Timeout(40)
class PendingRestartTest {
  private static final TransferOptions UNVERIFIED = TransferOptions.defaults().verify(Verify.NONE);

  /** A session whose operation is aborted when the reply to REST arrives. */
  private static FtpSession abortedAtRest(ScriptedServer server) throws FtpException {
    AtomicReference<FtpSession> session = new AtomicReference<>();
    SessionListener listener =
        new SessionListener() {
          @Override
          public void replyReceived(String command, Reply reply) {
            if (command.equals("REST 4")) {
              session.get().abort();
            }
          }
        };
    FtpSession ftp = Ftp.open(SessionFixture.plain(server).listener(listener).build());
    session.set(ftp);
    FtpException e = assertThrows(FtpException.class, () -> ftp.getFrom("/a", 4));
    assertEquals(ErrorKind.ABORTED, e.kind());
    assertFalse(server.commands().contains("RETR /a"));
    return ftp;
  }

  @Test
  void downloadAfterAnAbortBehindRestIsWhole() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "0123456789");
        FtpSession ftp = abortedAtRest(server)) {
      var sink = new ByteArrayOutputStream();
      ftp.get("/a", sink, UNVERIFIED);
      assertEquals("0123456789", sink.toString(StandardCharsets.UTF_8));
      assertEquals("0123456789", SessionFixture.text(ftp.get("/a")));
    }
  }

  @Test
  void uploadAfterAnAbortBehindRestIsWhole() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "0123456789");
        FtpSession ftp = abortedAtRest(server)) {
      ftp.names("");
      ftp.put("/a", out -> out.write(SessionFixture.bytes("new")));
      assertEquals("new", new String(server.content("/a"), StandardCharsets.UTF_8));
    }
  }

  @Test
  void connectionIsReplacedWhereTheOffsetCannotBeCleared() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "0123456789")) {
      server.on("REST", c -> {
        if (c.argument().equals("0")) {
          c.reply("501 That is no offset.");
        } else {
          c.ordinary();
        }
      });
      try (FtpSession ftp = abortedAtRest(server)) {
        assertEquals("0123456789", SessionFixture.text(ftp.get("/a")));
        assertEquals(2, server.sessions());
      }
    }
  }
}
