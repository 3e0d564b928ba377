package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.Behaviour;
import io.loomftp.testkit.RealServer;
import io.loomftp.testkit.RealServers;
import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Listings on servers that support only one way, and listings whose 226 reports a failure. */
@Timeout(60)
class ListingFallbackTest {
  private static FtpSession open(ScriptedServer server) throws FtpException {
    return Ftp.open(SessionFixture.plain(server).build());
  }

  private static ScriptedServer withoutMlst() {
    return ScriptedServer.start().on("FEAT", "211-Features:", " SIZE", " MDTM", "211 End");
  }

  private static List<String> names(Listing rows) throws Exception {
    try (rows) {
      return rows.stream().map(FtpEntry::name).toList();
    }
  }

  private static List<String> sent(ScriptedServer server, String... verbs) {
    return server.commands().stream().filter(c -> List.of(verbs).contains(c.split(" ")[0])).toList();
  }

  private static Behaviour data(String text, String end) {
    return c -> {
      c.reply("150 Here it comes.");
      c.openData().send(text).finish();
      c.reply(end);
    };
  }

  @Test
  void listIsTriedWhereMlsdIsForbidden() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/pub/a", "x").on("MLSD", "550 /pub: Operation not permitted");
        FtpSession ftp = open(server)) {
      assertEquals(List.of("a"), names(ftp.list("pub")));
      assertEquals(List.of("MLSD pub", "LIST pub"), sent(server, "MLSD", "LIST"));
    }
  }

  @Test
  void aFolderThatIsMissingIsAskedForOnce() throws Exception {
    try (ScriptedServer server = ScriptedServer.start();
        FtpSession ftp = open(server)) {
      assertEquals(ErrorKind.NOT_FOUND, assertThrows(FtpReplyException.class, () -> ftp.list("nosuch")).kind());
      assertEquals(List.of("MLSD nosuch"), sent(server, "MLSD", "LIST"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"501 What?", "504 Not with that."})
  void anArgumentThatMlsdRefusesDoesNotSwitchItOff(String reply) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/pub/a", "x");
        FtpSession ftp = open(server)) {
      server.once("MLSD", reply);
      assertEquals(List.of("a"), names(ftp.list("pub")));
      assertEquals(List.of("a"), names(ftp.list("pub")));
      assertEquals(List.of("MLSD pub", "LIST pub", "MLSD pub"), sent(server, "MLSD", "LIST"));
    }
  }

  @Test
  void aCommandThatIsUnknownIsNotTriedAgainByAnySession() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/pub/a", "x").on("MLSD", "502 Not here.")) {
      for (int i = 0; i < 2; i++) {
        try (FtpSession ftp = open(server)) {
          assertEquals(List.of("a"), names(ftp.list("pub")));
        }
      }
      assertEquals(List.of("MLSD pub", "LIST pub", "LIST pub"), sent(server, "MLSD", "LIST"));
    }
  }

  @Test
  void typeAIsTriedWhereListIsRefusedInTypeIAndRemembered() throws Exception {
    try (ScriptedServer server = withoutMlst().file("/pub/a", "x")) {
      boolean[] ascii = new boolean[1];
      server.on("TYPE", c -> {
        ascii[0] = c.argument().equals("A");
        c.ordinary();
      });
      for (String verb : List.of("LIST", "NLST")) {
        server.on(verb, c -> {
          if (ascii[0]) {
            c.ordinary();
          } else {
            c.reply("504 Listings are text.");
          }
        });
      }
      try (FtpSession ftp = open(server)) {
        assertEquals(1, ftp.size("pub/a"));
        assertEquals(List.of("a"), names(ftp.list("pub")));
        assertEquals(1, ftp.size("pub/a"));
        assertEquals(List.of("a"), ftp.names("pub"));
        assertEquals(List.of("LIST pub", "LIST pub", "NLST pub"), sent(server, "LIST", "NLST"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"MLSD", "LIST"})
  void aFolderWithABlankIsListedFromWithinWhereItsPathIsNotTaken(String verb) throws Exception {
    try (ScriptedServer server = verb.equals("MLSD") ? ScriptedServer.start() : withoutMlst()) {
      server.file("/a b/c", "x").file("/home/here", "x");
      server.on(verb, c -> {
        if (c.argument().contains(" ")) {
          c.forgetData();
          c.reply("501 Too many arguments.");
        } else {
          c.ordinary();
        }
      });
      server.on("CWD", c -> c.ordinary());
      try (FtpSession ftp = open(server)) {
        ftp.cd("/home");
        assertEquals(List.of("c"), names(ftp.list("/a b")));
        assertEquals("/home", ftp.pwd());
        assertEquals(List.of("c"), names(ftp.list("/a b")));
        assertEquals(List.of("here"), names(ftp.list()));
        assertEquals(1, sent(server, verb).stream().filter(c -> c.contains(" ")).count());
      }
    }
  }

  @Test
  void aListingFromWithinThatIsClosedEarlyLeavesTheFolder() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a b/c", "x").file("/a b/d", "x");
        FtpSession ftp = open(server)) {
      server.once("MLSD", "501 Too many arguments.");
      try (Listing rows = ftp.list("a b")) {
        assertTrue(rows.next().isPresent());
      }
      assertEquals("/", ftp.pwd());
      ftp.noop();
    }
  }

  @Test
  void aMissingFolderWithABlankIsRefusedAsUsual() throws Exception {
    try (ScriptedServer server = ScriptedServer.start();
        FtpSession ftp = open(server)) {
      FtpReplyException e = assertThrows(FtpReplyException.class, () -> ftp.list("no such"));
      assertEquals("MLSD no such", e.command());
      assertEquals("/", ftp.pwd());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"550 No members found.", "550 No data sets found.", "450 No files found", "550 Directory is empty"})
  void aRefusalThatSaysThereIsNothingIsAnEmptyListing(String reply) throws Exception {
    try (ScriptedServer server = withoutMlst().on("LIST", reply).on("NLST", reply);
        FtpSession ftp = open(server)) {
      assertEquals(List.of(), names(ftp.list("'USER.PDS'")));
      assertEquals(List.of(), ftp.names("'USER.PDS'"));
    }
  }

  @Test
  void aFolderThatCouldNotBeOpenedIsAnErrorOfListNamesWalkAndData() throws Exception {
    String end = "226 Transfer done (but failed to open directory).";
    try (ScriptedServer server = withoutMlst().on("LIST", data("", end)).on("NLST", data("", end));
        FtpSession ftp = open(server)) {
      FtpTransferException listed = assertThrows(FtpTransferException.class, () -> ftp.list("no").toList());
      assertEquals(ErrorKind.DENIED, listed.kind());
      assertEquals(ErrorKind.DENIED, assertThrows(FtpTransferException.class, () -> ftp.names("no")).kind());
      UncheckedIOException walked =
          assertThrows(UncheckedIOException.class, () -> ftp.walk("no", 3, EntryFilter.all()).toList());
      assertEquals(ErrorKind.DENIED, ((FtpException) walked.getCause()).kind());
      assertThrows(FtpTransferException.class, () -> ftp.data("LIST", "no").readAllBytes());
      ftp.noop();
    }
  }

  @Test
  void aTruncatedListingThrowsAtItsEnd() throws Exception {
    String rows = "-rw-r--r-- 1 ftp ftp 1 Jan 02 2024 a\r\n-rw-r--r-- 1 ftp ftp 1 Jan 02 2024 b\r\n";
    Behaviour cut = c -> {
      c.reply("150 Here it comes.");
      c.openData().send(rows).finish();
      c.reply("226-Options: -l ", "226 Output truncated to 2 matches");
    };
    try (ScriptedServer server = withoutMlst().on("LIST", cut).on("NLST", cut);
        FtpSession ftp = open(server)) {
      try (Listing listing = ftp.list()) {
        List<String> names = new ArrayList<>();
        FtpTransferException e =
            assertThrows(
                FtpTransferException.class,
                () -> {
                  for (Optional<FtpEntry> row = listing.next(); row.isPresent(); row = listing.next()) {
                    assertFalse(listing.isTruncated());
                    names.add(row.get().name());
                  }
                });
        assertEquals(ErrorKind.TRUNCATED, e.kind());
        assertTrue(listing.isTruncated());
        assertEquals(List.of("a", "b"), names);
      }
      assertThrows(FtpTransferException.class, () -> ftp.names(""));
      try (Stream<WalkEntry> all = ftp.walk("", 2, EntryFilter.all())) {
        assertThrows(UncheckedIOException.class, all::toList);
      }
      ftp.noop();
    }
  }

  @Test
  void aFileThatContainsTheWordTruncatedIsComplete() throws Exception {
    try (ScriptedServer server = ScriptedServer.start();
        FtpSession ftp = open(server)) {
      server.on("RETR", data("x", "226 Output truncated to 2 matches"));
      assertEquals("x", SessionFixture.text(ftp.get("a")));
    }
  }

  @Test
  void aSessionThatCannotComeBackFromAFolderIsClosed() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a b/c", "x");
        FtpSession ftp = open(server)) {
      server.once("MLSD", "501 Too many arguments.");
      server.on("CWD", c -> {
        if (c.argument().equals("/")) {
          c.reply("550 Gone.");
        } else {
          c.ordinary();
        }
      });
      IOException e = assertThrows(IOException.class, () -> ftp.list("a b").toList());
      assertTrue(e instanceof FtpClosedException, e.toString());
      assertFalse(ftp.isOpen());
    }
  }

  @Test
  void aFolderThatListsNothingButItselfIsProvenBeforeItIsWalked() throws Exception {
    String own = "d-wx------ 2 ftp ftp 4096 Jan 02 2024 no\r\n";
    try (ScriptedServer server = withoutMlst().on("LIST", data(own, "226 Done.")).directory("/no");
        FtpSession ftp = open(server)) {
      UncheckedIOException e =
          assertThrows(UncheckedIOException.class, () -> ftp.walk("/no", 3, EntryFilter.all()).toList());
      assertEquals(ErrorKind.DENIED, ((FtpException) e.getCause()).kind());
      assertThrows(FtpTransferException.class, () -> ftp.deleteTree("/no"));
      server.directory("/no/no").once("LIST", data(own, "226 Done."));
      assertEquals(List.of("/no/no"), ftp.walk("/no", 1, EntryFilter.all()).map(WalkEntry::path).toList());
      assertEquals("/", ftp.pwd());
    }
  }

  @Test
  void realServersDoNotPassAnUnreadableFolderForAnEmptyOne() throws Exception {
    for (RealServers.Kind kind : RealServers.Kind.values()) {
      try (RealServer server = RealServers.start(kind, RealServers.Variant.PLAIN)) {
        Path locked = Files.createDirectory(server.home().resolve("no"));
        Files.writeString(locked.resolve("a"), "x");
        Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("rwx--x--x"));
        FtpConfig config =
            FtpConfig.builder("localhost").port(server.port()).credentials(server.user(), server.password()).build();
        try (FtpSession ftp = Ftp.open(config)) {
          assertThrows(UncheckedIOException.class, () -> ftp.walk("no", 3, EntryFilter.all()).toList(), kind.name());
          assertTrue(ftp.isOpen());
        }
      }
    }
  }
}
