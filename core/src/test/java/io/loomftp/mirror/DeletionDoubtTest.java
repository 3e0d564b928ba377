package io.loomftp.mirror;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.pool.FtpPool;
import io.loomftp.pool.PoolFixture;
import io.loomftp.testkit.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A local file is not deleted on the word of a server that does not say that the file is missing. */
@Timeout(60)
class DeletionDoubtTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
          "450 Busy.|450 Busy.",
          "450 Try again later.|550 Failed to change directory.",
          "451 Local error.|550 Failed to change directory.",
          "550 File is in use.|550 Failed to change directory.",
          "550 Could not get file size.|451 Local error.",
          "550 Not a plain file.|550 Failed to change directory.",
          "550 Permission denied.|550 Failed to change directory.",
          "550 SIZE needs TLS.|550 Failed to change directory.",
      })
  void entryThatIsNotListedAndNotToldOfIsKept(String size, String cwd) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/pub/a", "a").file("/pub/b", "b");
        FtpPool pool = PoolFixture.pool(server, 1).build()) {
      server.on("FEAT", "211-Features:", " SIZE", " MDTM", "211 End");
      server.on("LIST", c -> {
        c.reply("150 Here it comes.");
        try (var data = c.openData()) {
          data.send("-rw-r--r--    1 1000     1000            1 Jan 02 2024 a\r\n");
        }
        c.reply("226 Done.");
      });
      answerFor("/b", server, "SIZE", size);
      answerFor("/b", server, "CWD", cwd);
      Files.writeString(folder.resolve("a"), "a");
      Files.writeString(folder.resolve("b"), "b");
      MirrorReport report = Mirror.download("/pub", folder).delete(1).compare(Compare.SIZE).plan(pool).apply(pool);
      assertTrue(Files.exists(folder.resolve("b")), report + " " + server.commands());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
          "550 Permission denied.|550 File is in use.|550 Directory not found.",
          "550 Permission denied.|550 Permission denied.|550 Directory not found.",
          "450 Busy.|550 File is in use.|550 Directory not found.",
      })
  void entryThatMlstDoesNotTellOfIsKept(String mlst, String size, String cwd) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/pub/a", "a").file("/pub/b", "b");
        FtpPool pool = PoolFixture.pool(server, 1).build()) {
      server.on("MLSD", c -> {
        c.reply("150 Here it comes.");
        try (var data = c.openData()) {
          data.send("type=file;size=1;modify=20240102030405; a\r\n");
        }
        c.reply("226 Done.");
      });
      answerFor("/b", server, "MLST", mlst);
      answerFor("/b", server, "SIZE", size);
      answerFor("/b", server, "CWD", cwd);
      Files.writeString(folder.resolve("a"), "a");
      Files.writeString(folder.resolve("b"), "b");
      MirrorReport report = Mirror.download("/pub", folder).delete(1).compare(Compare.SIZE).plan(pool).apply(pool);
      assertTrue(Files.exists(folder.resolve("b")), report + " " + server.commands());
    }
  }

  private static void answerFor(String path, ScriptedServer server, String verb, String reply) {
    server.on(verb, c -> {
      if (c.argument().endsWith(path)) {
        c.reply(reply);
      } else {
        c.ordinary();
      }
    });
  }
}
