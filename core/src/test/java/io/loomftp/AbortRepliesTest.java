package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.internal.control.ServerProfile.Fact;
import io.loomftp.internal.control.ServerProfiles;
import io.loomftp.testkit.Conversation;
import io.loomftp.testkit.DataPipe;
import io.loomftp.testkit.RealServer;
import io.loomftp.testkit.RealServers;
import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** No pending reply of an abort is taken for the reply to a later command. */
@Timeout(30)
class AbortRepliesTest {
  /** Sends half of a file, waits for ABOR, and answers it so. */
  private static void halfAndAbort(Conversation c, String... replies) throws IOException {
    c.reply("150 Go.");
    try (DataPipe data = c.openData()) {
      data.send("half");
      assertEquals("ABOR", c.next().verb());
      data.reset();
      if (replies.length > 0) {
        c.reply(replies);
      }
    }
  }

  private static FtpConfig config(ScriptedServer server) {
    return SessionFixture.plain(server)
        .timeouts(Timeouts.of(SessionFixture.GENEROUS).withClose(Duration.ofSeconds(1)))
        .build();
  }

  private static void abortHalfway(FtpSession ftp) throws IOException {
    FtpInputStream in = ftp.get("a");
    assertEquals('h', in.read());
    in.close();
  }

  private static String known(ScriptedServer server) {
    return ServerProfiles.JVM.of("localhost", server.port()).get().value(Fact.ABORT_REPLIES).orElse("");
  }

  @Test
  void nothingIsSentBeforeBothRepliesAreThere() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      server.on(
          "RETR",
          c -> {
            halfAndAbort(c, "426 Cut.");
            assertFalse(server.commands().contains("PWD"), "a command came before the second reply");
            c.reply("226 Aborted.");
          });
      try (FtpSession ftp = Ftp.open(config(server))) {
        abortHalfway(ftp);
        assertEquals("/", ftp.pwd());
      }
      assertEquals(1, server.sessions());
      assertEquals("426 226", known(server));
    }
  }

  @ParameterizedTest
  @CsvSource({"226 Aborted., 213 9", "226 Aborted., 550 No such file.", "'', 226 Late."})
  void aReplyThatComesLateIsNotTakenForAnotherCommands(String first, String late) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/b", "12345")) {
      server.on(
          "RETR",
          c -> {
            halfAndAbort(c, first.isEmpty() ? new String[0] : new String[] {first});
            c.next(); // what is late comes with whatever is sent next over this connection
            c.reply("257 \"/\" is it.", late);
          });
      try (FtpSession ftp = Ftp.open(config(server))) {
        abortHalfway(ftp);
        assertEquals(5, ftp.size("b"));
        assertEquals("/", ftp.pwd());
        assertTrue(ftp.isOpen());
      }
      assertEquals(2, server.sessions());
    }
  }

  @ParameterizedTest
  @EnumSource(RealServers.Kind.class)
  void realServersSendBothRepliesAndKeepTheirConnection(RealServers.Kind kind) throws Exception {
    for (RealServers.Variant variant : List.of(RealServers.Variant.PLAIN, RealServers.Variant.TLS_1_3_REUSE)) {
      try (RealServer server = RealServers.start(kind, variant);
          FtpSession ftp = Ftp.open(SessionInteropTest.config(server))) {
        ftp.put("big", out -> out.write(new byte[8 << 20]));
        for (int i = 0; i < 5; i++) {
          try (FtpInputStream in = ftp.get("big")) {
            assertEquals(0, in.read());
          }
          FtpOutputStream out = ftp.put("half");
          out.write(new byte[100_000]);
          out.abort();
          assertEquals(8 << 20, ftp.size("big"));
        }
        List<String> said = ftp.transcript();
        assertFalse(said.stream().anyMatch(line -> line.contains("reconnecting")), said.toString());
      }
    }
  }

  @Test
  void oneReplyMoreThanExpectedReconnects() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      server.on("RETR", c -> halfAndAbort(c, "426 Cut.", "226 Aborted.", "226 And done."));
      try (FtpSession ftp = Ftp.open(config(server))) {
        abortHalfway(ftp);
        assertEquals(200, ftp.noop().code());
      }
      assertEquals(2, server.sessions());
    }
  }

  @Test
  void aServerThatIsKnownToSendOneReplyIsNotWaitedForAgain() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      server.on("RETR", c -> halfAndAbort(c, "226 Aborted."));
      FtpConfig patient =
          SessionFixture.plain(server).timeouts(Timeouts.of(SessionFixture.GENEROUS).withClose(Duration.ofSeconds(4))).build();
      try (FtpSession ftp = Ftp.open(config(server))) {
        abortHalfway(ftp);
        assertEquals(200, ftp.noop().code());
      }
      assertEquals("226 ...", known(server));
      try (FtpSession ftp = Ftp.open(patient)) {
        long start = System.nanoTime();
        abortHalfway(ftp);
        assertTrue(Duration.ofNanos(System.nanoTime() - start).toMillis() < 3_000, "it was waited for again");
        assertEquals(200, ftp.noop().code());
      }
    }
  }

  @Test
  void theNewConnectionIsInTheSameFolder() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().directory("/sub").file("/sub/b", "12345")) {
      server.on("RETR", c -> halfAndAbort(c, "226 Aborted."));
      try (FtpSession ftp = Ftp.open(config(server))) {
        ftp.cd("/sub");
        abortHalfway(ftp);
        assertEquals("/sub", ftp.pwd());
        assertEquals(2, server.sessions());
      }
    }
  }

  @Test
  void aSessionWithSettingsOfItsOwnIsClosedRatherThanReplaced() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().on("SITE", "200 As you wish.")) {
      server.on("RETR", c -> halfAndAbort(c, "226 Aborted."));
      try (FtpSession ftp = Ftp.open(config(server))) {
        ftp.site("UMASK 077");
        abortHalfway(ftp);
        assertFalse(ftp.isOpen());
        FtpClosedException closed = assertThrows(FtpClosedException.class, ftp::noop);
        assertTrue(closed.getMessage().contains("pending replies"), closed.getMessage());
      }
      assertEquals(1, server.sessions());
    }
  }

  @Test
  void aServerThatClosesAtAborIsReconnectedTo() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      server.on(
          "RETR",
          c -> {
            halfAndAbort(c);
            c.close();
          });
      try (FtpSession ftp = Ftp.open(config(server))) {
        abortHalfway(ftp);
        assertEquals(200, ftp.noop().code());
      }
      assertEquals(2, server.sessions());
    }
  }
}
