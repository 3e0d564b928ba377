package io.loomftp.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loomftp.Digest;
import io.loomftp.ErrorKind;
import io.loomftp.Ftp;
import io.loomftp.FtpTransferException;
import io.loomftp.pool.FtpPool;
import io.loomftp.pool.PoolFixture;
import io.loomftp.testkit.ScriptedServer;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Different files of the same size and time are found by their digests, on request. */
@Timeout(60)
class MirrorHashTest {
  @TempDir Path folder;

  /** A server that has two files of equal size, and tells digests. */
  private static ScriptedServer hashing() {
    return ScriptedServer.start()
        .file("/pub/same", "one")
        .file("/pub/other", "two")
        .on("FEAT", "211-Features:", " MLST type*;size*;modify*;", " SIZE", " XSHA256", "211 End")
        .on(
            "XSHA256",
            c -> {
              String text = c.argument().endsWith("same") ? "one" : "two";
              c.reply("250 " + Digest.of("SHA-256", new ByteArrayInputStream(text.getBytes("US-ASCII"))).hex());
            });
  }

  private void writeCopies() throws Exception {
    Files.writeString(folder.resolve("same"), "one");
    Files.writeString(folder.resolve("other"), "owt");
  }

  @Test
  void differentContentOfTheSameSizeIsFetched() throws Exception {
    writeCopies();
    try (ScriptedServer server = hashing();
        FtpPool pool = PoolFixture.pool(server, 2).build()) {
      Mirror mirror = Mirror.download("/pub", folder).compare(Compare.HASH);
      MirrorPlan plan = mirror.plan(pool);
      assertEquals(
          List.of("TRANSFER other HASH_DIFFERS"),
          plan.actions().stream().map(a -> a.kind() + " " + a.path() + " " + a.reason()).toList());
      plan.apply(pool).orThrow();
      assertEquals("two", Files.readString(folder.resolve("other")));
      assertEquals(List.of(), mirror.plan(pool).actions());
    }
  }

  @Test
  void uploadsAreComparedTheSameWay() throws Exception {
    writeCopies();
    try (ScriptedServer server = hashing();
        FtpPool pool = PoolFixture.pool(server, 2).build()) {
      MirrorPlan plan = Mirror.upload(folder, "/pub").compare(Compare.HASH).plan(pool);
      assertEquals(
          List.of("TRANSFER other HASH_DIFFERS"),
          plan.actions().stream().map(a -> a.kind() + " " + a.path() + " " + a.reason()).toList());
    }
  }

  @Test
  void serverWithoutDigestsIsAnErrorAndNotAGuess() throws Exception {
    writeCopies();
    try (ScriptedServer server = ScriptedServer.start().file("/pub/same", "one");
        FtpPool pool = PoolFixture.pool(server, 2).build()) {
      FtpTransferException none =
          assertThrows(
              FtpTransferException.class,
              () -> Mirror.download("/pub", folder).compare(Compare.HASH).plan(pool));
      assertEquals(ErrorKind.UNSUPPORTED, none.kind());
    }
  }

  @Test
  void sessionReturnsTheDigestOfAFile() throws Exception {
    try (ScriptedServer server = hashing()) {
      Digest told = Ftp.run(PoolFixture.plain(server).build(), ftp -> ftp.hash("/pub/same"));
      assertEquals(Digest.of("SHA-256", new ByteArrayInputStream("one".getBytes("US-ASCII"))), told);
    }
  }
}
