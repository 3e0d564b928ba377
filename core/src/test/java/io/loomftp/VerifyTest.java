package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.ScriptedServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Transfers are verified by size and digest, and a file that differs does not get its final name. */
@Timeout(60)
class VerifyTest {
  private static final byte[] CONTENT = SessionFixture.bytes("what is in the file\n".repeat(5_000));
  private static final TransferOptions HASHED = TransferOptions.defaults().verify(Verify.HASH);

  @TempDir Path folder;
  private final ScriptedServer server = ScriptedServer.start().file("/a.txt", CONTENT);

  @AfterEach
  void leave() {
    server.close();
  }

  static String digest(String algorithm, byte[] content) throws Exception {
    if (algorithm.equals("CRC32")) {
      CRC32 sum = new CRC32();
      sum.update(content);
      return HexFormat.of().toHexDigits(sum.getValue(), 8);
    }
    return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
  }

  private FtpSession offering(String... features) throws Exception {
    String[] lines = new String[features.length + 2];
    lines[0] = "211-Features:";
    for (int i = 0; i < features.length; i++) {
      lines[i + 1] = " " + features[i];
    }
    lines[lines.length - 1] = "211 End";
    server.on("FEAT", lines);
    return Ftp.open(SessionFixture.plain(server).build());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "HASH SHA-256*;SHA-1;MD5 | HASH    | SHA-256 | 213 SHA-256 0-99999 %s a.txt",
      "HASH SHA-1*;SHA-512;MD5 | HASH    | SHA-512 | 213 SHA-512 0-99999 %s a.txt",
      "HASH CRC32              | HASH    | CRC32   | 213 CRC32 0-99999 %s a.txt",
      "XSHA512                 | XSHA512 | SHA-512 | 250 %s",
      "XSHA256                 | XSHA256 | SHA-256 | 213 %s",
      "XSHA1                   | XSHA1   | SHA-1   | 250 XSHA1 %s",
      "XSHA                    | XSHA    | SHA-1   | 250 \"a.txt\" %s",
      "XMD5                    | XMD5    | MD5     | 250 \"%s\"",
      "MD5                     | MD5     | MD5     | 251 \"a.txt\" %s",
      "XCRC                    | XCRC    | CRC32   | 250 %s",
  })
  void everyHashCommandIsUnderstood(String feature, String verb, String algorithm, String reply) throws Exception {
    String value = digest(algorithm, CONTENT);
    server.on(verb, reply.replace("%s", value.toUpperCase(Locale.ROOT)));
    try (FtpSession ftp = offering("SIZE", feature)) {
      TransferResult down = ftp.get("a.txt", folder.resolve("a.txt"), HASHED);
      assertEquals(TransferResult.Verified.HASH, down.verified());
      assertEquals(new Digest(algorithm, value), down.digest().orElseThrow());
      assertEquals(TransferResult.Verified.HASH, ftp.put(folder.resolve("a.txt"), "b.txt", HASHED).verified());
      assertTrue(server.commands().contains(verb + " b.txt"));
      boolean chosen = feature.startsWith("HASH SHA-1*");
      assertEquals(chosen, server.commands().contains("OPTS HASH SHA-512"));
    }
  }

  @Test
  void crcWithoutItsLeadingZerosIsUnderstood() throws Exception {
    byte[] content = SessionFixture.bytes("no try");
    for (int i = 0; digest("CRC32", content).charAt(0) != '0'; i++) {
      content = SessionFixture.bytes("try " + i);
    }
    String value = digest("CRC32", content);
    server.file("/z", content).on("XCRC", "250 " + value.replaceFirst("^0+", ""));
    try (FtpSession ftp = offering("XCRC")) {
      assertEquals(value, ftp.get("z", folder.resolve("z"), HASHED).digest().orElseThrow().hex());
    }
  }

  @Test
  void strongestHashIsTaken() throws Exception {
    server.on("XSHA256", "250 " + digest("SHA-256", CONTENT));
    try (FtpSession ftp = offering("XCRC", "XMD5", "XSHA256", "HASH MD5*")) {
      ftp.get("a.txt", folder.resolve("a.txt"), HASHED);
    }
  }

  @Test
  void downloadThatDiffersIsRemoved() throws Exception {
    server.on("XMD5", "250 " + "0".repeat(32));
    try (FtpSession ftp = offering("XMD5", "MDTM", "SIZE")) {
      Path target = Files.writeString(folder.resolve("a.txt"), "old");
      TransferOptions options = TransferOptions.defaults().verify(Verify.HASH_IF_OFFERED).resume();
      FtpException e = assertThrows(FtpTransferException.class, () -> ftp.get("a.txt", target, options));
      assertEquals(ErrorKind.CORRUPT, e.kind());
      assertEquals("old", Files.readString(target));
      try (var files = Files.list(folder)) {
        assertEquals(List.of(target), files.toList());
      }
      ftp.noop();
    }
  }

  @Test
  void atomicUploadThatDiffersGetsNoName() throws Exception {
    server.on("XMD5", "250 " + "0".repeat(32));
    Path source = Files.write(folder.resolve("s"), CONTENT);
    try (FtpSession ftp = offering("XMD5", "SIZE")) {
      FtpException e = assertThrows(FtpTransferException.class, () -> ftp.put(source, "s", HASHED.atomic()));
      assertEquals(ErrorKind.CORRUPT, e.kind());
      assertEquals(List.of("/a.txt"), server.paths());
    }
  }

  @Test
  void demandedHashThatIsNotOfferedFailsBeforeAnyData() throws Exception {
    try (FtpSession ftp = offering("SIZE")) {
      FtpException e = assertThrows(FtpTransferException.class, () -> ftp.get("a.txt", folder.resolve("t"), HASHED));
      assertEquals(ErrorKind.UNSUPPORTED, e.kind());
      assertEquals(0, server.dataConnections());
      TransferOptions ifOffered = TransferOptions.defaults().verify(Verify.HASH_IF_OFFERED);
      assertEquals(TransferResult.Verified.SIZE, ftp.get("a.txt", folder.resolve("t"), ifOffered).verified());
    }
  }

  @Test
  void hashThatIsRefusedIsAnErrorOnlyWhereItIsDemanded() throws Exception {
    server.on("XCRC", "556 Too large for that.");
    try (FtpSession ftp = offering("XCRC", "SIZE")) {
      assertThrows(FtpReplyException.class, () -> ftp.get("a.txt", folder.resolve("t"), HASHED));
      assertFalse(Files.exists(folder.resolve("t")));
      TransferOptions ifOffered = TransferOptions.defaults().verify(Verify.HASH_IF_OFFERED);
      assertEquals(TransferResult.Verified.SIZE, ftp.get("a.txt", folder.resolve("t"), ifOffered).verified());
    }
  }

  @Test
  void sizeThatDiffersIsAFailureUnlessNothingIsCompared() throws Exception {
    server.on("SIZE", "213 7");
    try (FtpSession ftp = offering("SIZE")) {
      assertEquals(
          ErrorKind.CHANGED,
          assertThrows(FtpTransferException.class, () -> ftp.get("a.txt", folder.resolve("t"))).kind());
      TransferOptions trusting = TransferOptions.defaults().verify(Verify.NONE);
      assertEquals(TransferResult.Verified.NOTHING, ftp.get("a.txt", folder.resolve("t"), trusting).verified());
    }
  }

  @Test
  void whatAListingSaidIsNotAskedAgain() throws Exception {
    Instant then = Instant.parse("2026-01-02T03:04:05Z");
    var size = java.util.OptionalLong.of(CONTENT.length);
    TransferOptions known = TransferOptions.defaults().keepModified().resume().expecting(size, java.util.Optional.of(then));
    try (FtpSession ftp = offering("SIZE", "MDTM")) {
      ftp.get("/a.txt", folder.resolve("t"), known);
      assertEquals(then, Files.getLastModifiedTime(folder.resolve("t")).toInstant());
      assertFalse(server.commands().stream().anyMatch(c -> c.matches("(SIZE|MDTM|PWD).*")), server.commands().toString());
      var wrong = known.expecting(java.util.OptionalLong.of(5), java.util.Optional.empty());
      assertThrows(FtpTransferException.class, () -> ftp.get("a.txt", folder.resolve("u"), wrong));
    }
  }

  @Test
  void streamsAndChannelsAreComparedToo() throws Exception {
    server.on("XMD5", "250 " + digest("MD5", CONTENT));
    try (FtpSession ftp = offering("XMD5", "SIZE")) {
      var out = new ByteArrayOutputStream();
      assertEquals(TransferResult.Verified.HASH, ftp.get("a.txt", out, HASHED).verified());
      assertEquals(CONTENT.length, out.size());
      var channel = new ByteArrayOutputStream();
      TransferOptions md5 = TransferOptions.defaults().digest("MD5");
      TransferResult down = ftp.get("a.txt", Channels.newChannel(channel), md5);
      assertEquals(digest("MD5", channel.toByteArray()), down.digest().orElseThrow().hex());
      TransferResult up = ftp.put(new ByteArrayInputStream(CONTENT), "b.txt", HASHED.atomic());
      assertEquals(TransferResult.Verified.HASH, up.verified());
      ftp.put(Channels.newChannel(new ByteArrayInputStream(CONTENT)), "c.txt", md5);
      assertEquals(List.of("/a.txt", "/b.txt", "/c.txt"), server.paths());
      assertEquals(CONTENT.length, server.content("/c.txt").length);
    }
  }

  @Test
  void timeIsKeptBothWays() throws Exception {
    Instant then = Instant.parse("2026-01-02T03:04:05Z");
    TransferOptions keeping = TransferOptions.defaults().keepModified();
    try (FtpSession ftp = offering("SIZE", "MDTM", "MFMT")) {
      ftp.setModified("a.txt", then);
      Path copy = folder.resolve("copy");
      ftp.get("a.txt", copy, keeping);
      assertEquals(then, Files.getLastModifiedTime(copy).toInstant());
      ftp.put(copy, "back.txt", keeping.atomic());
      assertEquals(then, ftp.mdtm("back.txt"));
    }
    try (FtpSession ftp = offering("SIZE", "MDTM")) {
      server.on("MDTM", "213 ok");
      ftp.put(folder.resolve("copy"), "again.txt", keeping);
      assertTrue(server.commands().contains("MDTM 20260102030405 again.txt"));
    }
  }
}
