package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loomftp.TransferResult.Verified;
import io.loomftp.testkit.Conversation;
import io.loomftp.testkit.DataPipe;
import io.loomftp.testkit.ScriptedServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The size in the reply to RETR makes SIZE superfluous where both were the same before, and no check weaker. */
@Timeout(60)
class AnnouncedSizeTest {
  private static final byte[] DATA = "0123456789".getBytes(StandardCharsets.US_ASCII);

  @TempDir Path folder;

  private String announcement = "150 Opening BINARY mode data connection for a (10 bytes).";
  private byte[] sent = DATA;

  private ScriptedServer start() {
    return ScriptedServer.start().file("/a", DATA).on("RETR", this::send);
  }

  private void send(Conversation c) throws IOException {
    c.reply(announcement);
    try (DataPipe data = c.openData()) {
      data.send(sent);
    }
    c.reply("226 Done.");
  }

  private static FtpSession open(ScriptedServer server) throws FtpException {
    return Ftp.open(SessionFixture.plain(server).build());
  }

  private static TransferResult get(FtpSession ftp) throws FtpException {
    return ftp.get("a", new ByteArrayOutputStream(), TransferOptions.defaults());
  }

  private static FtpTransferException failure(FtpSession ftp) {
    return assertThrows(FtpTransferException.class, () -> get(ftp));
  }

  private static long sizes(ScriptedServer server) {
    return server.commands().stream().filter(line -> line.startsWith("SIZE")).count();
  }

  @Test
  void sizeIsAskedForOnce() throws Exception {
    try (ScriptedServer server = start(); FtpSession ftp = open(server); FtpSession other = open(server)) {
      for (int i = 0; i < 3; i++) {
        assertEquals(Verified.SIZE, get(ftp).verified());
      }
      Path target = folder.resolve("a");
      assertEquals(Verified.SIZE, other.get("a", target).verified());
      assertArrayEquals(DATA, Files.readAllBytes(target));
      assertEquals(1, sizes(server));
    }
  }

  @Test
  void fewerBytesThanAnnouncedAreTruncated() throws Exception {
    try (ScriptedServer server = start(); FtpSession ftp = open(server)) {
      get(ftp);
      sent = Arrays.copyOf(DATA, 5);
      assertEquals(ErrorKind.TRUNCATED, failure(ftp).kind());
      Path target = folder.resolve("a");
      assertThrows(FtpTransferException.class, () -> ftp.get("a", target));
      assertFalse(Files.exists(target));
    }
  }

  @Test
  void moreBytesThanAnnouncedAreAChange() throws Exception {
    try (ScriptedServer server = start(); FtpSession ftp = open(server)) {
      get(ftp);
      sent = Arrays.copyOf(DATA, 15);
      assertEquals(ErrorKind.CHANGED, failure(ftp).kind());
    }
  }

  @Test
  void serverThatAnnouncesAWrongSizeIsAskedFromThenOn() throws Exception {
    try (ScriptedServer server = start(); FtpSession ftp = open(server)) {
      get(ftp);
      announcement = "150 Here comes a (0 bytes).";
      assertEquals(ErrorKind.CHANGED, failure(ftp).kind());
      assertEquals(Verified.SIZE, get(ftp).verified());
      assertEquals(Verified.SIZE, get(ftp).verified());
      assertEquals(3, sizes(server));
    }
  }

  @Test
  void sizeIsAskedForEachTimeWhereTheFirstAnnouncementIsAnotherOrMissing() throws Exception {
    for (String first : List.of("150 Here comes a (9 bytes).", "150 Here comes a.", "125 4.0 kbytes to download",
        "150 (10 bytes")) {
      announcement = first;
      try (ScriptedServer server = start(); FtpSession ftp = open(server)) {
        for (int i = 0; i < 3; i++) {
          assertEquals(Verified.SIZE, get(ftp).verified(), first);
        }
        assertEquals(3, sizes(server), first);
      }
    }
  }

  @Test
  void sizeIsAskedForBehindATransferWithoutAnnouncement() throws Exception {
    try (ScriptedServer server = start(); FtpSession ftp = open(server)) {
      get(ftp);
      announcement = "150 Here it comes.";
      assertEquals(Verified.SIZE, get(ftp).verified());
      sent = Arrays.copyOf(DATA, 5);
      assertEquals(ErrorKind.TRUNCATED, failure(ftp).kind());
      assertEquals(3, sizes(server));
    }
  }

  @Test
  void numberInTheNameIsNoSize() throws Exception {
    announcement = "150 Opening BINARY mode data connection for a (3 bytes) (10 bytes).";
    try (ScriptedServer server = start(); FtpSession ftp = open(server)) {
      get(ftp);
      assertEquals(Verified.SIZE, get(ftp).verified());
      assertEquals(1, sizes(server));
    }
  }

  @Test
  void sizeIsAskedForBeforehandWhereItDecidesAnything() throws Exception {
    List<UnaryOperator<TransferOptions>> all =
        List.of(
            o -> o.maxSize(100), o -> o.resume(), o -> o.overwrite(Overwrite.IF_DIFFERENT), o -> o.progress(state -> {}));
    for (UnaryOperator<TransferOptions> each : all) {
      try (ScriptedServer server = start(); FtpSession ftp = open(server)) {
        get(ftp);
        ftp.get("a", folder.resolve("b"), each.apply(TransferOptions.defaults()));
        assertEquals(2, sizes(server));
        Files.delete(folder.resolve("b"));
      }
    }
  }

  @Test
  void lostFinalReplyIsSettledByTheAnnouncedSize() throws Exception {
    try (ScriptedServer server = start(); FtpSession ftp = open(server)) {
      get(ftp);
      server.once(
          "RETR",
          c -> {
            c.reply(announcement);
            try (DataPipe data = c.openData()) {
              data.send(DATA);
            }
            c.close();
          });
      TransferResult result = get(ftp);
      assertEquals(TransferResult.Outcome.SETTLED, result.outcome());
      assertEquals(10, result.bytes());
    }
  }
}
