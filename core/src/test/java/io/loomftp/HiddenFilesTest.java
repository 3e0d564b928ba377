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
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Listings of names that begin with a dot. */
@Timeout(60)
class HiddenFilesTest {
  private static final String ROW = "-rw-r--r--   1 ftp      ftp               1 Jan 02  2024 ";
  private static final String FOLDER = "drwxr-xr-x   1 ftp      ftp               1 Jan 02  2024 ";

  private static ScriptedServer server(boolean honours) {
    Behaviour list = c -> {
      boolean all = c.argument().startsWith("-a");
      c.reply("150 Here it comes.");
      String hidden = all && honours ? FOLDER + ".\r\n" + FOLDER + "..\r\n" + ROW + ".htaccess\r\n" : "";
      c.openData().send(hidden + ROW + "a\r\n").finish();
      c.reply("226 Done.");
    };
    return ScriptedServer.start().on("FEAT", "211-Features:", " SIZE", "211 End").on("LIST", list);
  }

  private static List<String> lists(ScriptedServer server) {
    return server.commands().stream().filter(c -> c.startsWith("LIST")).toList();
  }

  private static FtpSession open(ScriptedServer server) throws FtpException {
    return Ftp.open(SessionFixture.plain(server).listHidden(true).build());
  }

  @Test
  void theOptionIsUsedWhereTheServerHonoursIt() throws Exception {
    try (ScriptedServer server = server(true);
        FtpSession ftp = open(server)) {
      for (int i = 0; i < 2; i++) {
        try (Listing rows = ftp.list("pub")) {
          assertEquals(List.of(".htaccess", "a"), rows.stream().map(FtpEntry::name).toList());
          assertTrue(rows.includesHidden());
        }
      }
      assertEquals(List.of("LIST -a pub", "LIST -a pub"), lists(server));
    }
  }

  @Test
  void itIsTriedOnceWhereTheServerDoesNot() throws Exception {
    try (ScriptedServer server = server(false)) {
      for (int i = 0; i < 2; i++) {
        try (FtpSession ftp = open(server);
            Listing rows = ftp.list("pub")) {
          assertEquals(List.of("a"), rows.stream().map(FtpEntry::name).toList());
          assertFalse(rows.includesHidden());
        }
      }
      assertEquals(List.of("LIST -a pub", "LIST pub", "LIST pub"), lists(server));
    }
  }

  @Test
  void anOptionThatIsRefusedIsLeftOut() throws Exception {
    try (ScriptedServer server = server(false);
        FtpSession ftp = open(server)) {
      server.once("LIST", "550 -a: No such file or directory.");
      try (Listing rows = ftp.list()) {
        assertEquals(1, rows.toList().size());
      }
      assertEquals(List.of("LIST -a", "LIST"), lists(server));
    }
  }

  @Test
  void anOptionThatIsTakenForAPartOfThePathIsLeftOut() throws Exception {
    try (ScriptedServer server = server(false);
        FtpSession ftp = open(server)) {
      server.once("LIST", "550 -a pub: No such directory.");
      for (int i = 0; i < 2; i++) {
        try (Listing rows = ftp.list("pub")) {
          assertEquals(1, rows.toList().size());
        }
      }
      assertEquals(List.of("LIST -a pub", "LIST pub", "LIST pub"), lists(server));
    }
  }

  @Test
  void aMissingFolderSaysNothingOfTheOption() throws Exception {
    try (ScriptedServer server = server(true);
        FtpSession ftp = open(server)) {
      server.once("LIST", "550 nosuch: No such directory.").once("LIST", "550 nosuch: No such directory.");
      assertEquals(ErrorKind.NOT_FOUND, assertThrows(FtpReplyException.class, () -> ftp.list("nosuch")).kind());
      try (Listing rows = ftp.list("pub")) {
        assertEquals(2, rows.toList().size());
      }
      assertEquals(List.of("LIST -a nosuch", "LIST nosuch", "LIST -a pub"), lists(server));
    }
  }

  @Test
  void aPlainListingThatShowsADotNameIncludesThem() throws Exception {
    try (ScriptedServer server = server(true).on("LIST", c -> {
      c.reply("150 Here it comes.");
      c.openData().send(ROW + "a\r\n" + ROW + ".b\r\n").finish();
      c.reply("226 Done.");
    });
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build());
        Listing rows = ftp.list()) {
      assertFalse(rows.includesHidden());
      assertEquals(2, rows.toList().size());
      assertTrue(rows.includesHidden());
    }
  }

  @Test
  void aSessionCanAdoptIt() throws Exception {
    try (ScriptedServer server = server(true);
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      ftp.mark();
      ftp.adopt(ftp.config().toBuilder().listHidden(true).build());
      assertEquals(2, ftp.list().toList().size());
      assertTrue(ftp.reset());
      assertEquals(1, ftp.list().toList().size());
    }
  }

  @ParameterizedTest
  @EnumSource(RealServers.Kind.class)
  void realServersListThemWithTheOption(RealServers.Kind kind) throws Exception {
    try (RealServer server = RealServers.start(kind, RealServers.Variant.PLAIN)) {
      Files.writeString(server.home().resolve(".hidden"), "x");
      Files.writeString(server.home().resolve("seen"), "x");
      FtpConfig config =
          FtpConfig.builder("localhost").port(server.port()).credentials(server.user(), server.password()).listHidden(true)
              .build();
      try (FtpSession ftp = Ftp.open(config)) {
        try (Listing rows = ftp.list()) {
          TreeSet<String> names = new TreeSet<>(rows.stream().map(FtpEntry::name).toList());
          assertTrue(names.containsAll(List.of(".hidden", "seen")), names.toString());
          assertTrue(rows.includesHidden());
        }
        assertTrue(ftp.exists(".hidden"));
        assertFalse(ftp.exists(".nosuch"));
      }
    }
  }
}
