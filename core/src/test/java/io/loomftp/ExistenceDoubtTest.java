package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.FreshProfiles;
import io.loomftp.testkit.ScriptedServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Refusals that do not prove that a file is missing, and replies that do not prove that it exists. */
@Timeout(60)
@ExtendWith(FreshProfiles.class)
class ExistenceDoubtTest {
  private static final String[] NO_MLST = {"211-F", " SIZE", "211 E"};

  /** Whether the file exists, as told; an exception counts as unknown. */
  private static String told(FtpSession ftp, String path) {
    try {
      return String.valueOf(ftp.exists(path));
    } catch (FtpException e) {
      return "unknown";
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"500 Command not found.", "502 MLST: command not found", "530 Please log in: user not found",
      "550 No such file or directory, or permission denied", "450 File not found: it is busy, try again later"})
  void aRefusalOfTheCommandIsNotAMissingFile(String refusal) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "x").on("MLST", refusal);
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      assertTrue(ftp.exists("/a"));
    }
  }

  @Test
  void aFolderThatCannotBeListedProvesNothing() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/d/a", "x").on("FEAT", NO_MLST);
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      server.on("SIZE", "550 Failed.").on("CWD", "550 Failed.").on("LIST", "550 Failed.");
      assertTrue(told(ftp, "/d/a").equals("unknown"), told(ftp, "/d/a"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"450 File busy", "550 File is in use", "550 SIZE needs TLS", "550 not a plain file", "451 Local error",
      "552 Quota", "504 Not in this type"})
  void aHiddenFileThatIsBusyIsNotMissing(String refusal) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/d/.a", "x").file("/d/b", "x").on("FEAT", NO_MLST);
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      server.on("SIZE", refusal).on("CWD", "550 Failed.").on("LIST", c -> {
        c.reply("150 Here it comes.");
        c.openData().send("-rw-r--r-- 1 u g 1 Jan 01 2024 b\r\n").finish();
        c.reply("226 Done.");
      });
      assertTrue(!told(ftp, "/d/.a").equals("false"), () -> String.join("\n", ftp.transcript()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"213 -1", "213 ", "200 ok", "213 No such file"})
  void aSizeWithoutANumberDoesNotProveThatAFileExists(String reply) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/d/b", "x").on("FEAT", NO_MLST).on("SIZE", reply);
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      assertTrue(!told(ftp, "/d/nosuch").equals("true"));
      assertTrue(!told(ftp, "/d/b").equals("false"));
    }
  }
}
