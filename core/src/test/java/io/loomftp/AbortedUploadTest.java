package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.DataPipe;
import io.loomftp.testkit.ScriptedServer;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An upload that another thread aborts leaves no incomplete file, at whatever step it was. */
@Timeout(40)
class AbortedUploadTest {
  @TempDir Path folder;

  private static final int MANY_BLOCKS = 100_000;

  private final AtomicReference<FtpSession> session = new AtomicReference<>();

  private FtpConfig abortsAtPreliminary(ScriptedServer server) {
    SessionListener listener =
        new SessionListener() {
          @Override
          public void replyReceived(String command, Reply reply) {
            if (command.equals("STOR a") && reply.isPreliminary()) {
              session.get().abort();
            }
          }
        };
    return SessionFixture.plain(server).listener(listener).build();
  }

  @Test
  void abortWhileAStreamIsBeingOpenedLeavesNoFile() throws Exception {
    try (ScriptedServer server = ScriptedServer.start(); FtpSession ftp = Ftp.open(abortsAtPreliminary(server))) {
      session.set(ftp);
      FtpException e = assertThrows(FtpException.class, () -> ftp.put("a"));
      assertEquals(ErrorKind.ABORTED, e.kind());
      assertEquals("/", ftp.pwd());
      assertFalse(server.paths().contains("/a"), () -> server.commands().toString());
    }
  }

  @Test
  void abortWhileAnUploadIsBeingOpenedLeavesNoFile() throws Exception {
    try (ScriptedServer server = ScriptedServer.start(); FtpSession ftp = Ftp.open(abortsAtPreliminary(server))) {
      session.set(ftp);
      FtpException e = assertThrows(FtpException.class, () -> ftp.put(new ByteArrayInputStream(new byte[10]), "a", TransferOptions
          .defaults()));
      assertEquals(ErrorKind.ABORTED, e.kind());
      assertEquals("/", ftp.pwd());
      assertFalse(server.paths().contains("/a"), () -> server.commands().toString());
    }
  }

  @Test
  void abortDuringAWriteLeavesNoFile() throws Exception {
    try (ScriptedServer server = ScriptedServer.start();
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      FtpOutputStream out = ftp.put("a");
      Thread other = Thread.ofVirtual().start(ftp::abort);
      FtpException e =
          assertThrows(
              FtpException.class,
              () -> {
                for (int i = 0; i < MANY_BLOCKS; i++) {
                  out.write(new byte[8192], 0, 8192);
                }
              });
      assertEquals(ErrorKind.ABORTED, e.kind());
      other.join();
      out.abort();
      assertEquals("/", ftp.pwd());
      assertFalse(server.paths().contains("/a"), () -> server.commands().toString());
    }
  }

  @Test
  void abortBeforeTheServerHasBegunLeavesTheFile() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "old")) {
      SessionListener listener =
          new SessionListener() {
            @Override
            public void commandSent(String command) {
              if (command.equals("EPSV")) {
                session.get().abort();
              }
            }
          };
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).listener(listener).build())) {
        session.set(ftp);
        assertThrows(FtpException.class, () -> ftp.put("a"));
        assertEquals("/", ftp.pwd());
        assertEquals("old", new String(server.content("/a"), StandardCharsets.US_ASCII));
      }
    }
  }

  @Test
  void abortWhileTheConfirmationIsAwaitedDeletesTheFile() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "half")) {
      server.on(
          "STOR",
          c -> {
            c.reply("150 Go on.");
            try (DataPipe data = c.openData()) {
              data.receiveAll();
            }
            session.get().abort();
            assertEquals("ABOR", c.next().verb());
            c.reply("426 Broken off.");
            c.reply("226 Aborted.");
          });
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
        session.set(ftp);
        FtpOutputStream out = ftp.put("a");
        out.write(new byte[10], 0, 10);
        FtpException e = assertThrows(FtpException.class, out::close);
        assertEquals(ErrorKind.ABORTED, e.kind());
        assertEquals("/", ftp.pwd());
        assertFalse(server.paths().contains("/a"), () -> server.commands().toString());
      }
    }
  }

  @Test
  void abortBeforeAnUploadHasBegunLeavesTheFileAlsoAfterOneThatWasAbortedLater() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/b", "old")) {
      SessionListener listener =
          new SessionListener() {
            @Override
            public void replyReceived(String command, Reply reply) {
              if ((command.equals("STOR a") && reply.isPreliminary()) || command.startsWith("ALLO")) {
                session.get().abort();
              }
            }
          };
      TransferOptions allocating = TransferOptions.defaults().allocate();
      Path source = Files.write(folder.resolve("source"), new byte[10]);
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).listener(listener).build())) {
        session.set(ftp);
        assertThrows(FtpException.class, () -> ftp.put(source, "a"));
        FtpException e = assertThrows(FtpException.class, () -> ftp.put(source, "b", allocating));
        assertEquals(ErrorKind.ABORTED, e.kind());
        assertEquals("/", ftp.pwd());
        assertTrue(server.paths().contains("/b"), () -> server.commands().toString());
        assertEquals("old", new String(server.content("/b"), StandardCharsets.US_ASCII));
      }
    }
  }
}
