package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.Behaviour;
import io.loomftp.testkit.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that cut the argument of a hash command at its first blank take the name in quotes. */
@Timeout(60)
class HashOfNameWithBlankTest {
  private static final byte[] CONTENT = SessionFixture.bytes("what is in the file\n");
  private static final byte[] OTHER = SessionFixture.bytes("what is in the other\n");
  private static final TransferOptions IF_OFFERED = TransferOptions.defaults().verify(Verify.HASH_IF_OFFERED);
  private static final TransferOptions HASHED = TransferOptions.defaults().verify(Verify.HASH);

  @TempDir Path folder;
  private final ScriptedServer server = ScriptedServer.start().file("/a b.txt", CONTENT);

  private FtpSession offering(String verb, Behaviour hash) throws FtpException {
    server.on("FEAT", "211-Features:", " SIZE", " " + verb, "211 End").on(verb, hash);
    return Ftp.open(SessionFixture.plain(server).build());
  }

  private Behaviour of(String algorithm, boolean takesQuotes) {
    return c -> {
      String argument = c.argument();
      boolean quoted = argument.startsWith("\"") && takesQuotes;
      String name = quoted ? argument.substring(1, argument.indexOf('"', 1)) : argument.split(" ", -1)[0];
      byte[] content = server.paths().contains("/" + name) ? server.content("/" + name) : null;
      c.reply(content == null ? "550 " + name + ": No such file." : "250 " + digest(algorithm, content));
    };
  }

  private static String digest(String algorithm, byte[] content) {
    try {
      return VerifyTest.digest(algorithm, content);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theNameIsSentInQuotes(boolean otherFile) throws Exception {
    if (otherFile) {
      server.file("/a", OTHER);
    }
    try (server;
        FtpSession ftp = offering("XMD5", of("MD5", true))) {
      assertEquals(TransferResult.Verified.HASH, ftp.get("a b.txt", folder.resolve("a"), HASHED).verified());
      assertEquals(TransferResult.Verified.HASH, ftp.put(folder.resolve("a"), "c d.txt", HASHED).verified());
      assertEquals(new Digest("MD5", digest("MD5", CONTENT)), ftp.hash("a b.txt"));
    }
  }

  @Test
  void aNameThatCannotBeAskedAboutIsNoFailureWhereNoHashIsDemanded() throws Exception {
    try (server;
        FtpSession ftp = offering("XCRC", of("CRC32", false))) {
      assertEquals(TransferResult.Verified.SIZE, ftp.get("a b.txt", folder.resolve("a"), IF_OFFERED).verified());
      assertThrows(FtpReplyException.class, () -> ftp.get("a b.txt", folder.resolve("b"), HASHED));
      ftp.noop();
    }
  }

  @Test
  void quotesThatAreRefusedAreLeftOut() throws Exception {
    String digest = digest("SHA-1", CONTENT);
    try (server;
        FtpSession ftp = offering("XSHA1", c -> c.reply(c.argument().equals("a b.txt") ? "250 " + digest
            : "550 No such file."))) {
      assertEquals(TransferResult.Verified.HASH, ftp.get("a b.txt", folder.resolve("a"), HASHED).verified());
      server.file("/a b.txt", OTHER);
      FtpException e = assertThrows(FtpTransferException.class, () -> ftp.get("a b.txt", folder.resolve("b"), IF_OFFERED));
      assertEquals(ErrorKind.CORRUPT, e.kind());
      assertTrue(Files.notExists(folder.resolve("b")));
    }
  }

  @Test
  void theArgumentOfHashIsTheWholeRestOfTheLine() throws Exception {
    String digest = digest("MD5", CONTENT);
    try (server;
        FtpSession ftp = offering("HASH MD5*", c -> c.reply("502 Not implemented."))) {
      server.on("HASH", "213 MD5 0-19 " + digest + " a b.txt");
      assertEquals(TransferResult.Verified.HASH, ftp.get("a b.txt", folder.resolve("a"), HASHED).verified());
      assertTrue(server.commands().contains("HASH a b.txt"), server.commands().toString());
    }
  }
}
