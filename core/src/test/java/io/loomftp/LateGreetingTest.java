package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.FreshProfiles;
import io.loomftp.testkit.ScriptedServer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A reply that comes late during the login is not taken for the reply to the next command. */
@Timeout(60)
@ExtendWith(FreshProfiles.class)
class LateGreetingTest {
  @Test
  void aSecondGreetingIsNoReplyToUser() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "x")) {
      server.on("USER", c -> {
        c.reply("220 Second line of the greeting");
        c.ordinary();
      });
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
        assertTrue(server.commands().contains("PASS secret"));
        assertThrows(FtpReplyException.class, () -> ftp.delete("/nosuch"));
        assertEquals(1, ftp.size("/a"));
      }
    }
  }

  @Test
  void aFeatThatIsAnsweredLateIsNotTakenForTheNextReply() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (ScriptedServer server = ScriptedServer.start().file("/a", "x")) {
      server.on("DELE", "550 Permission denied").once("FEAT", c -> {
        c.reply("230 Welcome again");
        assertFalse(never.await(2_500, TimeUnit.MILLISECONDS));
        c.reply("211-Features", " SIZE", "211 End");
      });
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
        assertThrows(FtpException.class, () -> ftp.delete("/a"));
        assertEquals(1, server.paths().size());
      }
    }
  }

  @Test
  void aSecondReplyToUserIsNoReplyToFeat() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (ScriptedServer server = ScriptedServer.start().file("/a", "x")) {
      server.on("DELE", "550 Permission denied").on("USER", "230 No password needed").on("PWD", "257 \"/\"").once("FEAT", c -> {
        c.reply("331 Password?");
        assertFalse(never.await(500, TimeUnit.MILLISECONDS));
        c.reply("211-Features", " SIZE", "211 End");
      });
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
        assertEquals(550, assertThrows(FtpReplyException.class, () -> ftp.delete("/a")).reply().code());
      }
    }
  }
}
