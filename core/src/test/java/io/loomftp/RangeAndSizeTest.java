package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.RealServer;
import io.loomftp.testkit.RealServers;
import io.loomftp.testkit.ScriptedServer;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** getRange, the maximum size of downloads, and ALLO. */
@Timeout(60)
class RangeAndSizeTest {
  @TempDir Path folder;

  private static ScriptedServer server() {
    return ScriptedServer.start().file("/f", "0123456789");
  }

  private static FtpSession open(ScriptedServer server) throws FtpException {
    return Ftp.open(SessionFixture.plain(server).build());
  }

  @Test
  void aRangeIsHalfOpen() throws Exception {
    try (ScriptedServer server = server();
        FtpSession ftp = open(server)) {
      assertEquals("345", SessionFixture.text(ftp.getRange("f", 3, 6)));
      assertEquals("0", SessionFixture.text(ftp.getRange("f", 0, 1)));
      assertEquals("9", SessionFixture.text(ftp.getRange("f", 9, 10)));
      assertEquals("0123456789", SessionFixture.text(ftp.getRange("f", 0, 10)));
      assertEquals(10, ftp.size("f"));
    }
  }

  @Test
  void theSessionIsFreeWhenTheEndOfARangeWasRead() throws Exception {
    try (ScriptedServer server = server();
        FtpSession ftp = open(server)) {
      FtpInputStream in = ftp.getRange("f", 2, 4);
      assertEquals("23", new String(in.readAllBytes()));
      ftp.noop();
    }
  }

  @Test
  void aFileThatEndsWithinTheRangeIsTruncated() throws Exception {
    try (ScriptedServer server = server();
        FtpSession ftp = open(server);
        FtpInputStream in = ftp.getRange("f", 8, 12)) {
      assertEquals("89", new String(in.readNBytes(2)));
      FtpTransferException e = assertThrows(FtpTransferException.class, in::read);
      assertEquals(ErrorKind.TRUNCATED, e.kind());
      assertEquals(2, e.bytes());
      ftp.noop();
    }
  }

  @Test
  void whatIsNoRangeIsRefused() throws Exception {
    try (ScriptedServer server = server();
        FtpSession ftp = open(server);
        FtpSession text = Ftp.open(SessionFixture.plain(server).transferType(TransferType.ASCII).build())) {
      assertThrows(IllegalArgumentException.class, () -> ftp.getRange("f", -1, 1));
      assertThrows(IllegalArgumentException.class, () -> ftp.getRange("f", 1, 1));
      assertThrows(IllegalStateException.class, () -> text.getRange("f", 1, 2));
    }
  }

  @ParameterizedTest
  @EnumSource(RealServers.Kind.class)
  void realServersSendRanges(RealServers.Kind kind) throws Exception {
    try (RealServer server = RealServers.start(kind, RealServers.Variant.PLAIN)) {
      byte[] content = new byte[3 << 20];
      new java.util.Random(1).nextBytes(content);
      Files.write(server.home().resolve("big"), content);
      FtpConfig config =
          FtpConfig.builder("localhost").port(server.port()).credentials(server.user(), server.password()).build();
      try (FtpSession ftp = Ftp.open(config)) {
        for (int from : new int[] {0, 1, 1 << 20, content.length - 1000}) {
          int to = Math.min(from + 70_000, content.length);
          byte[] got;
          try (FtpInputStream in = ftp.getRange("big", from, to)) {
            got = in.readAllBytes();
          }
          assertEquals(java.nio.ByteBuffer.wrap(content, from, to - from), java.nio.ByteBuffer.wrap(got));
        }
        ftp.noop();
      }
    }
  }

  private static List<String> sent(ScriptedServer server, String verb) {
    return server.commands().stream().filter(c -> c.startsWith(verb)).toList();
  }

  private List<String> files() throws Exception {
    try (var all = Files.list(folder)) {
      return all.map(p -> p.getFileName().toString()).toList();
    }
  }

  @Test
  void aFileOverTheMaximumIsNotFetched() throws Exception {
    try (ScriptedServer server = server();
        FtpSession ftp = open(server)) {
      TransferOptions small = TransferOptions.defaults().maxSize(9);
      FtpTransferException e = assertThrows(FtpTransferException.class, () -> ftp.get("f", folder.resolve("t"), small));
      assertEquals(ErrorKind.LIMIT, e.kind());
      var sink = new ByteArrayOutputStream();
      assertEquals(ErrorKind.LIMIT, assertThrows(FtpTransferException.class, () -> ftp.get("f", sink, small)).kind());
      assertEquals(0, sink.size());
      assertEquals(List.of(), sent(server, "RETR"));
      assertEquals(10, ftp.get("f", folder.resolve("t"), TransferOptions.defaults().maxSize(10)).bytes());
    }
  }

  @Test
  void moreThanTheMaximumIsCutOffAndNothingIsLeft() throws Exception {
    try (ScriptedServer server = server().on("SIZE", "550 No.");
        FtpSession ftp = open(server)) {
      TransferOptions small = TransferOptions.defaults().maxSize(9).resume().retry(Retry.standard());
      FtpTransferException e = assertThrows(FtpTransferException.class, () -> ftp.get("f", folder.resolve("t"), small));
      assertEquals(ErrorKind.LIMIT, e.kind());
      assertEquals(List.of(), files());
      var sink = new ByteArrayOutputStream();
      assertThrows(FtpTransferException.class, () -> ftp.get("f", sink, small));
      assertTrue(sink.size() <= 9, sink.toString());
      assertEquals(2, sent(server, "RETR").size());
      ftp.noop();
    }
  }

  @Test
  void anUploadCanBeAnnounced() throws Exception {
    Path local = Files.writeString(folder.resolve("x"), "12345");
    TransferOptions announced = TransferOptions.defaults().allocate();
    try (ScriptedServer server = server();
        FtpSession ftp = open(server)) {
      ftp.put(local, "a");
      assertEquals(List.of(), sent(server, "ALLO"));
      ftp.put(local, "a", announced);
      assertEquals(List.of("ALLO 5"), sent(server, "ALLO"));
      server.on("ALLO", "502 Not here.");
      ftp.put(local, "a", announced);
      server.on("ALLO", "552 No room for that.");
      assertEquals(ErrorKind.QUOTA, assertThrows(FtpReplyException.class, () -> ftp.put(local, "b", announced)).kind());
      assertFalse(server.exists("/b"));
    }
  }

  @ParameterizedTest
  @EnumSource(RealServers.Kind.class)
  void realServersTakeAnAnnouncedUpload(RealServers.Kind kind) throws Exception {
    Path local = Files.writeString(folder.resolve("x"), "12345");
    try (RealServer server = RealServers.start(kind, RealServers.Variant.PLAIN)) {
      FtpConfig config =
          FtpConfig.builder("localhost").port(server.port()).credentials(server.user(), server.password())
              .afterLogin("SITE HELP").build();
      try (FtpSession ftp = Ftp.open(config)) {
        assertEquals(5, ftp.put(local, "x", TransferOptions.defaults().allocate().maxSize(1)).bytes());
        assertThrows(FtpTransferException.class, () -> ftp.get("x", folder.resolve("y"), TransferOptions.defaults().maxSize(4)));
      }
    }
  }
}
