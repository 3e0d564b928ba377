package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.Behaviour;
import io.loomftp.testkit.RealServer;
import io.loomftp.testkit.RealServers;
import io.loomftp.testkit.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** mkdirs and deleteTree. */
@Timeout(60)
class FolderVerbsTest {
  private static FtpSession open(ScriptedServer server) throws FtpException {
    return Ftp.open(SessionFixture.plain(server).build());
  }

  @Test
  void mkdirsMakesWhatIsMissing() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().directory("/a");
        FtpSession ftp = open(server)) {
      assertEquals(List.of("/a/b", "/a/b/c"), ftp.mkdirs("/a/b/c/"));
      assertEquals(List.of(), ftp.mkdirs("/a/b/c"));
      assertEquals(List.of("x", "x/y"), ftp.mkdirs("x/y"));
      assertTrue(server.exists("/x/y"));
      assertEquals("/", ftp.pwd());
    }
  }

  @Test
  void mkdirsPassesOnTheRefusalOfAFolderThatIsThere() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().directory("/a").on("MKD", "550 Permission denied.");
        FtpSession ftp = open(server)) {
      FtpReplyException e = assertThrows(FtpReplyException.class, () -> ftp.mkdirs("/a/b"));
      assertEquals("MKD /a/b", e.command());
      assertEquals(ErrorKind.DENIED, e.kind());
      assertEquals(List.of(), ftp.mkdirs("/a"));
    }
  }

  @Test
  void mkdirsFailsOnAFileInTheWay() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "x");
        FtpSession ftp = open(server)) {
      assertThrows(FtpReplyException.class, () -> ftp.mkdirs("/a/b"));
    }
  }

  private static ScriptedServer tree() {
    return ScriptedServer.start().file("/t/a", "x").file("/t/sub/b", "x").file("/t/sub/.c", "x").directory("/t/empty").file("/u",
        "x");
  }

  @Test
  void deleteTreeDeletesEverythingBelowAndNothingElse() throws Exception {
    try (ScriptedServer server = tree();
        FtpSession ftp = open(server)) {
      TreeDeletion preview = ftp.previewDeleteTree("t");
      assertTrue(preview.dryRun());
      assertTrue(server.exists("/t/sub/b"));
      TreeDeletion done = ftp.deleteTree("t/");
      assertFalse(done.dryRun());
      assertEquals(Set.of("t/a", "t/sub/b", "t/sub/.c"), Set.copyOf(done.files()));
      assertEquals(Set.of("t", "t/sub", "t/empty"), Set.copyOf(done.folders()));
      assertEquals("t", done.folders().getLast());
      assertEquals(preview.files(), done.files());
      assertEquals(preview.folders(), done.folders());
      assertEquals(6, done.count());
      assertFalse(server.exists("/t"));
      assertEquals(List.of("/u"), server.paths());
    }
  }

  @Test
  void deleteTreeOfAFileDeletesIt() throws Exception {
    try (ScriptedServer server = tree();
        FtpSession ftp = open(server)) {
      assertEquals(List.of("u"), ftp.previewDeleteTree("u").files());
      assertEquals(List.of("u"), ftp.deleteTree("u").files());
      assertFalse(server.exists("/u"));
    }
  }

  @Test
  void deleteTreeOfNothingIsRefused() throws Exception {
    try (ScriptedServer server = tree();
        FtpSession ftp = open(server)) {
      assertThrows(FtpReplyException.class, () -> ftp.deleteTree("nosuch"));
      assertThrows(FtpReplyException.class, () -> ftp.previewDeleteTree("nosuch"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", ".", "..", "a/..", "//", "a/.", "../"})
  void deleteTreeWantsAName(String path) throws Exception {
    try (ScriptedServer server = tree();
        FtpSession ftp = open(server)) {
      int before = server.commands().size();
      assertThrows(IllegalArgumentException.class, () -> ftp.deleteTree(path));
      assertThrows(IllegalArgumentException.class, () -> ftp.previewDeleteTree(path));
      assertEquals(before, server.commands().size());
    }
  }

  @Test
  void aTreeBeyondTheLimitsIsNotDeletedAtAll() throws Exception {
    try (ScriptedServer server = tree();
        FtpSession deep = Ftp.open(SessionFixture.plain(server).limits(Limits.defaults().withDepth(1)).build());
        FtpSession wide = Ftp.open(SessionFixture.plain(server).limits(Limits.defaults().withListingEntries(4)).build())) {
      assertEquals(ErrorKind.LIMIT, assertThrows(FtpTransferException.class, () -> deep.deleteTree("t")).kind());
      assertEquals(ErrorKind.LIMIT, assertThrows(FtpTransferException.class, () -> wide.deleteTree("t")).kind());
      assertEquals(4, server.paths().size());
    }
  }

  @Test
  void refusalsAreReportedAndTheRestIsDeleted() throws Exception {
    try (ScriptedServer server = tree();
        FtpSession ftp = open(server)) {
      server.on("DELE", c -> {
        if (c.argument().equals("t/sub/b")) {
          c.reply("550 t/sub/b: Permission denied");
        } else {
          c.ordinary();
        }
      });
      FtpReplyException e = assertThrows(FtpReplyException.class, () -> ftp.deleteTree("t"));
      assertEquals("DELE t/sub/b", e.command());
      assertEquals(List.of("RMD t/sub", "RMD t"), List.of(e.getSuppressed()).stream().map(s -> ((FtpReplyException) s).command())
          .toList());
      assertEquals(Set.of("/t/sub/b", "/u"), Set.copyOf(server.paths()));
    }
  }

  @Test
  void aNameThatLeadsElsewhereIsNotDeleted() throws Exception {
    Behaviour hostile = c -> {
      c.reply("150 Here it comes.");
      c.openData().send("type=file; ../u\r\ntype=dir; ..\r\ntype=file; /u\r\n").finish();
      c.reply("226 Done.");
    };
    try (ScriptedServer server = tree().on("MLSD", hostile);
        FtpSession ftp = open(server)) {
      assertThrows(FtpReplyException.class, () -> ftp.deleteTree("t"));
      assertTrue(server.exists("/u"));
    }
  }

  @ParameterizedTest
  @EnumSource(RealServers.Kind.class)
  void realServersKeepWhatALinkLeadsTo(RealServers.Kind kind) throws Exception {
    try (RealServer server = RealServers.start(kind, RealServers.Variant.PLAIN)) {
      Path home = server.home();
      Files.createDirectories(home.resolve("keep/inner"));
      Files.writeString(home.resolve("keep/inner/file"), "x");
      FtpConfig config =
          FtpConfig.builder("localhost").port(server.port()).credentials(server.user(), server.password()).build();
      try (FtpSession ftp = Ftp.open(config)) {
        assertEquals(List.of("m", "m/n", "m/n/o"), ftp.mkdirs("m/n/o"));
        assertEquals(List.of(), ftp.mkdirs("m/n/o"));
        ftp.mkdirs("t/sub");
        ftp.put("t/sub/.hidden", out -> out.write(1));
        ftp.put("t/a b", out -> out.write(1));
        Files.createSymbolicLink(home.resolve("t/link"), Path.of("../keep"));
        Files.createSymbolicLink(home.resolve("t/sub/file"), Path.of("../../keep/inner/file"));
        TreeDeletion done = ftp.deleteTree("t");
        assertEquals(Set.of("t/sub/.hidden", "t/a b", "t/link", "t/sub/file"), Set.copyOf(done.files()));
        ftp.deleteTree("m");
      }
      assertTrue(Files.exists(home.resolve("keep/inner/file")));
      assertFalse(Files.exists(home.resolve("t")));
      assertFalse(Files.exists(home.resolve("m")));
    }
  }
}
