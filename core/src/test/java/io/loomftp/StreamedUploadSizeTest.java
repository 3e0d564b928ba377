package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.Conversation;
import io.loomftp.testkit.DataPipe;
import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** A streamed upload whose data was cut off on its way is not taken for whole because the server confirms what it got. */
@Timeout(40)
class StreamedUploadSizeTest {
  private static final byte[] DATA = "0123456789".getBytes(StandardCharsets.US_ASCII);

  @TempDir Path folder;

  /** A server that gets half of the data, behind which something ends the connection in order. */
  private static ScriptedServer lossy() {
    ScriptedServer server = ScriptedServer.start();
    server.on("STOR", c -> receiveHalf(c, "/" + c.argument(), "150 Go on."));
    server.on("APPE", c -> receiveHalf(c, "/" + c.argument(), "150 Go on."));
    server.on("STOU", c -> receiveHalf(c, "/unique", "150 FILE: unique"));
    return server;
  }

  private static void receiveHalf(Conversation c, String path, String begin) throws IOException {
    c.reply(begin);
    try (DataPipe data = c.openData()) {
      byte[] all = data.receiveAll();
      byte[] old = c.server().exists(path) && !c.request().verb().equals("STOR") ? c.server().content(path) : new byte[0];
      byte[] now = Arrays.copyOf(old, old.length + all.length / 2);
      System.arraycopy(all, 0, now, old.length, all.length / 2);
      c.server().file(path, now);
    }
    c.reply("226 Done.");
  }

  private static FtpSession open(ScriptedServer server) throws FtpException {
    return Ftp.open(SessionFixture.plain(server).build());
  }

  private static void write(FtpOutputStream out) throws FtpException {
    out.write(DATA, 0, DATA.length);
    out.close();
  }

  private static void assertTruncated(FtpSession ftp, Executable upload) throws FtpException {
    FtpTransferException e = assertThrows(FtpTransferException.class, upload);
    assertEquals(ErrorKind.TRUNCATED, e.kind(), e.getMessage());
    assertTrue(e.sessionUsable());
    assertEquals("/", ftp.pwd());
  }

  @Test
  void storedFileThatIsShorterIsTruncated() throws Exception {
    try (ScriptedServer server = lossy(); FtpSession ftp = open(server)) {
      assertTruncated(ftp, () -> write(ftp.put("a")));
    }
  }

  @Test
  void fileOfABodyThatIsShorterIsTruncated() throws Exception {
    try (ScriptedServer server = lossy(); FtpSession ftp = open(server)) {
      assertTruncated(ftp, () -> ftp.put("a", out -> out.write(DATA)));
    }
  }

  @Test
  void restOfAFileThatIsShorterIsTruncated() throws Exception {
    try (ScriptedServer server = lossy().file("/a", "old"); FtpSession ftp = open(server)) {
      assertTruncated(ftp, () -> write(ftp.putFrom("a", 3)));
    }
  }

  @Test
  void appendedFileThatIsShorterIsTruncated() throws Exception {
    // Longer than what is appended, so that it must be measured before.
    try (ScriptedServer server = lossy().file("/a", "an old file that is long"); FtpSession ftp = open(server)) {
      assertTruncated(ftp, () -> write(ftp.append("a")));
    }
  }

  @Test
  void uniqueFileThatIsShorterIsTruncated() throws Exception {
    Path source = Files.write(folder.resolve("source"), DATA);
    try (ScriptedServer server = lossy(); FtpSession ftp = open(server)) {
      assertTruncated(ftp, () -> ftp.putUnique(source));
    }
  }

  @Test
  void wholeFilesAreVerified() throws Exception {
    Path source = Files.write(folder.resolve("source"), DATA);
    try (ScriptedServer server = ScriptedServer.start().file("/log", "old"); FtpSession ftp = open(server)) {
      FtpOutputStream out = ftp.put("a");
      write(out);
      assertEquals(TransferResult.Verified.SIZE, out.result().orElseThrow().verified());
      assertEquals(TransferResult.Verified.SIZE, ftp.put("b", body -> body.write(DATA)).verified());
      FtpOutputStream rest = ftp.putFrom("a", 10);
      write(rest);
      assertEquals(TransferResult.Verified.SIZE, rest.result().orElseThrow().verified());
      FtpOutputStream more = ftp.append("log");
      write(more);
      assertEquals(TransferResult.Verified.SIZE, more.result().orElseThrow().verified());
      assertEquals("unique.1", ftp.putUnique(source).orElseThrow());
      assertEquals(
          List.of("SIZE a", "SIZE b", "SIZE a", "SIZE log", "SIZE log", "SIZE unique.1"),
          server.commands().stream().filter(c -> c.startsWith("SIZE")).toList());
    }
  }

  @Test
  void longerFilesArePossibleWhereTheServerKeepsTheEndOrOthersAppend() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "a"); FtpSession ftp = open(server)) {
      server.on("SIZE", "213 1000");
      FtpOutputStream middle = ftp.putFrom("a", 1);
      write(middle);
      assertEquals(TransferResult.Verified.NOTHING, middle.result().orElseThrow().verified());
      FtpOutputStream more = ftp.append("b");
      server.on("SIZE", "213 2000");
      write(more);
      assertEquals(TransferResult.Verified.NOTHING, more.result().orElseThrow().verified());
    }
  }

  @Test
  void serverWithoutSizesSaysNothing() throws Exception {
    for (String reply : new String[] {"502 No SIZE.", "550 Not now.", "213 File status", "450 Busy."}) {
      try (ScriptedServer server = lossy().file("/a", "old"); FtpSession ftp = open(server)) {
        server.on("SIZE", reply);
        server.on("STOR", Conversation::ordinary);
        FtpOutputStream out = ftp.put("b");
        write(out);
        FtpOutputStream more = ftp.append("a");
        write(more);
        assertEquals(TransferResult.Verified.NOTHING, more.result().orElseThrow().verified());
      }
    }
  }

  @Test
  void textIsNotCompared() throws Exception {
    try (ScriptedServer server = lossy().file("/a", "old");
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).transferType(TransferType.ASCII).build())) {
      write(ftp.put("b"));
      write(ftp.append("a"));
      assertTrue(server.commands().stream().noneMatch(c -> c.startsWith("SIZE")), server.commands().toString());
    }
  }

  @Test
  void whoWantsNoComparisonGetsNone() throws Exception {
    Path source = Files.write(folder.resolve("source"), DATA);
    try (ScriptedServer server = lossy().file("/a", "old");
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).verifyStreams(Verify.NONE).build())) {
      write(ftp.put("b"));
      write(ftp.append("a"));
      assertEquals("unique", ftp.putUnique(source).orElseThrow());
      assertTrue(server.commands().stream().noneMatch(c -> c.startsWith("SIZE")), server.commands().toString());
    }
  }

  @Test
  void connectionLostWhileComparingLeavesAConfirmedUploadThatIsNotVerified() throws Exception {
    try (ScriptedServer server = ScriptedServer.start(); FtpSession ftp = open(server)) {
      server.once("SIZE", Conversation::close);
      FtpOutputStream out = ftp.put("a");
      write(out);
      assertEquals(TransferResult.Verified.NOTHING, out.result().orElseThrow().verified());
      assertEquals(1, server.sessions());
      assertThrows(FtpClosedException.class, ftp::pwd);
    }
  }

  @Test
  void abortWhileComparingComesTooLate() throws Exception {
    try (ScriptedServer server = ScriptedServer.start(); FtpSession ftp = open(server)) {
      server.once("SIZE", c -> {
        ftp.abort();
        c.ordinary();
      });
      FtpOutputStream out = ftp.put("a");
      write(out);
      assertEquals(TransferResult.Verified.SIZE, out.result().orElseThrow().verified());
      assertEquals(10, server.content("/a").length);
    }
  }

  @Test
  void abortWhileTheSizeIsAskedForBeforeAnAppendIsNotForgotten() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "old"); FtpSession ftp = open(server)) {
      server.once("SIZE", c -> {
        ftp.abort();
        c.ordinary();
      });
      FtpException e = assertThrows(FtpException.class, () -> ftp.append("a"));
      assertEquals(ErrorKind.ABORTED, e.kind(), e.getMessage());
      assertTrue(server.commands().stream().noneMatch(c -> c.startsWith("APPE")), server.commands().toString());
      write(ftp.append("a"));
    }
  }

  @Test
  void digestsOfStreamsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> FtpConfig.builder("localhost").verifyStreams(Verify.HASH));
  }
}
