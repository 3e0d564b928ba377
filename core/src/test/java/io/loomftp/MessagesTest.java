package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.DataPipe;
import io.loomftp.testkit.ScriptedServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages of exceptions name the operation that failed. */
@Timeout(30)
class MessagesTest {
  @Test
  void aBadArgumentIsNotBlamedOnAnotherVerb() throws Exception {
    try (ScriptedServer server = ScriptedServer.start();
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> ftp.cd("a\nb"));
      assertEquals("CR, LF and NUL cannot be part of an argument: 'a?b'", e.getMessage());
    }
  }

  @Test
  void theBoundOfTheOperationIsNamedAsSuch() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      server.on(
          "RETR",
          c -> {
            c.reply("150 Go.");
            try (DataPipe data = c.openData()) {
              data.send("half");
              c.next();
            }
          });
      server.on("SIZE", c -> c.stall());
      FtpConfig config =
          SessionFixture.plain(server)
              .timeouts(Timeouts.of(Duration.ofMinutes(1)).withOperation(Duration.ofMillis(700)))
              .build();
      try (FtpSession ftp = Ftp.open(config)) {
        FtpTimeoutException e = assertThrows(FtpTimeoutException.class, () -> ftp.get("a").readAllBytes());
        assertTrue(e.getMessage().contains("RETR a: the operation did not end in time"), e.getMessage());
      }
      try (FtpSession ftp = Ftp.open(config)) {
        FtpTimeoutException e = assertThrows(FtpTimeoutException.class, () -> ftp.size("a"));
        assertTrue(e.getMessage().contains("SIZE a: the operation exceeded its timeout"), e.getMessage());
      }
    }
  }

  @Test
  void aLostConnectionIsNotBlamedOnACommandThatWasNotSent() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      server.on(
          "PWD",
          c -> {
            c.reply("257 \"/\" is it.");
            c.reset();
          });
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
        ftp.pwd();
        server.awaitIdle();
        FtpClosedException e = assertThrows(FtpClosedException.class, ftp::syst);
        assertFalse(e.getMessage().contains("NOOP"), e.getMessage());
      }
    }
  }

  @Test
  void aLateWordAboutTheLoginIsNotTakenForTheFeatures() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      server.on("FEAT", c -> c.reply("230 Welcome once more.", "211-Features:", " SIZE", " MDTM", "211 End"));
      server.on("OPTS", "200 Fine.");
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
        assertTrue(ftp.features().has("MDTM"), ftp.features().toString());
        assertEquals("/", ftp.pwd());
        assertEquals(215, ftp.syst().code());
      }
    }
  }
}
