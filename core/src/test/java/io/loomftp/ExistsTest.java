package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.RealServer;
import io.loomftp.testkit.RealServers;
import io.loomftp.testkit.ScriptedServer;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** exists() is true after any positive reply, and false only when that is proven. */
@Timeout(60)
class ExistsTest {
  private static final List<String> THERE = List.of("/", ".", "..", "dir", "dir/", "dir//", "dir/.", ".dot", "dir/a", ".file",
      "/dir");
  private static final List<String> NOT_THERE = List.of("nosuch", "dir/nosuch", "nosuch/", ".nosuch", "nosuch/a");

  private static ScriptedServer tree() {
    return ScriptedServer.start().file("/dir/a", "x").file("/.file", "x").directory("/.dot");
  }

  private static void check(FtpSession ftp) throws FtpException {
    for (String path : THERE) {
      assertTrue(ftp.exists(path), path);
    }
    for (String path : NOT_THERE) {
      assertFalse(ftp.exists(path), path);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"211-F\n MLST type*;\n SIZE\n211 E", "211-F\n SIZE\n211 E", "211-F\n MDTM\n211 E"})
  void everyPathThatCanBeEnteredOrMeasuredExists(String feat) throws Exception {
    try (ScriptedServer server = tree().on("FEAT", feat.split("\n"))) {
      if (!feat.contains("SIZE")) {
        server.on("SIZE", "502 Not here.");
      }
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
        check(ftp);
        assertEquals("/", ftp.pwd());
      }
    }
  }

  @Test
  void aRefusalThatNamesNoCauseIsNoProof() throws Exception {
    try (ScriptedServer server = tree().on("MLST", "550 No.").on("SIZE", "550 No.").on("CWD", "550 No.");
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      assertTrue(ftp.exists("dir/a"));
      assertTrue(ftp.exists("dir"));
      assertFalse(ftp.exists("dir/b"));
    }
  }

  @Test
  void missingPermissionToListIsReported() throws Exception {
    try (ScriptedServer server =
        tree().on("MLST", "550 Permission denied.").on("SIZE", "550 Permission denied.").on("CWD", "550 Permission denied.")
            .on("MLSD", "550 Permission denied.").on("LIST", "550 Permission denied.");
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      assertEquals(ErrorKind.DENIED, assertThrows(FtpReplyException.class, () -> ftp.exists("dir/b")).kind());
    }
  }

  @Test
  void aDotNameThatAListingNeedNotHaveIsNotDenied() throws Exception {
    try (ScriptedServer server =
        tree().on("FEAT", "211 None.").on("SIZE", "502 Not here.").on("CWD", "550 No.").on("LIST", c -> {
          c.forgetData();
          c.reply("150 Here it comes.", "226 Done.");
        });
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      assertThrows(FtpException.class, () -> ftp.exists(".file"));
    }
  }

  @ParameterizedTest
  @EnumSource(RealServers.Kind.class)
  void realServersAgree(RealServers.Kind kind) throws Exception {
    try (RealServer server = RealServers.start(kind, RealServers.Variant.PLAIN)) {
      Files.createDirectories(server.home().resolve("dir"));
      Files.createDirectories(server.home().resolve(".dot"));
      Files.writeString(server.home().resolve("dir/a"), "x");
      Files.writeString(server.home().resolve(".file"), "x");
      FtpConfig config =
          FtpConfig.builder("localhost").port(server.port()).credentials(server.user(), server.password()).build();
      try (FtpSession ftp = Ftp.open(config)) {
        for (String path : List.of("/", ".", "..", "dir", "dir/", "dir//", "dir/.", ".dot", "dir/a", ".file")) {
          assertTrue(ftp.exists(path), path);
        }
        for (String path : NOT_THERE) {
          assertFalse(ftp.exists(path), path);
        }
      }
    }
  }
}
