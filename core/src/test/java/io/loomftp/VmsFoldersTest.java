package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.mirror.Mirror;
import io.loomftp.mirror.MirrorReport;
import io.loomftp.pool.FtpPool;
import io.loomftp.testkit.Conversation;
import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Folders that VMS lists as {@code NAME.DIR;1} are entered, mirrored and removed by their name. */
@Timeout(60)
class VmsFoldersTest {
  private static final Map<String, String> LISTINGS =
      Map.of(
          "/PUB",
          """

          Directory DISK$5:[PUB]

          A.TXT;2              1/9           8-SEP-1996 06:09:00  [PUPS,ALICE]     (RWED,RWED,RE,RE)
          CORE.DIR;1           1/9           8-SEP-1996 06:09:00  [PUPS,ALICE]     (RWE,RWE,RE,RE)
          FOLDER_WITH_A_NAME_THAT_TAKES_A_LINE_OF_ITS_OWN.DIR;1
                               1/9           8-SEP-1996 06:09:00  [PUPS,ALICE]     (RWE,RWE,RE,RE)

          Total of 3 files, 3/27 blocks.
          """,
          "/PUB/CORE",
          """

          Directory DISK$5:[PUB.CORE]

          B.DIR;1              1/9           8-SEP-1996 06:09:00  [PUPS,ALICE]     (RWE,RWE,RE,RE)

          Total of 1 file, 1/9 blocks.
          """,
          "/PUB/CORE/B",
          """

          Directory DISK$5:[PUB.CORE.B]

          C.DIR.TXT;7          1/9           8-SEP-1996 06:09:00  [PUPS,ALICE]     (RWED,RWED,RE,RE)

          Total of 1 file, 1/9 blocks.
          """,
          "/PUB/FOLDER_WITH_A_NAME_THAT_TAKES_A_LINE_OF_ITS_OWN",
          """

          Directory DISK$5:[PUB.FOLDER_WITH_A_NAME_THAT_TAKES_A_LINE_OF_ITS_OWN]

          D.TXT;1              1/9           8-SEP-1996 06:09:00  [PUPS,ALICE]     (RWED,RWED,RE,RE)

          Total of 1 file, 1/9 blocks.
          """);
  private static final String ROOT = "DISK$5:[000000]";
  private static final List<String> FILES =
      List.of(
          "/PUB/A.TXT;2", "/PUB/CORE/B/C.DIR.TXT;7", "/PUB/FOLDER_WITH_A_NAME_THAT_TAKES_A_LINE_OF_ITS_OWN/D.TXT;1");

  @TempDir Path folder;
  private final ScriptedServer server = ScriptedServer.start();
  private volatile String folderOfVms = ROOT;

  @BeforeEach
  void serve() {
    server.on("FEAT", "211 No features.").on("SIZE", "502 Not here.").on("MDTM", "502 Not here.");
    server.on("LIST", VmsFoldersTest::list);
    server.on("RETR", VmsFoldersTest::send);
    server.on("CWD", this::enter);
    server.on("PWD", c -> c.reply("257 \"" + folderOfVms + "\" is the current directory."));
    server.on("DELE", c -> c.reply(FILES.contains(c.argument()) ? "250 Deleted." : "550 No such file."));
    server.on("RMD", c -> c.reply(LISTINGS.containsKey(c.argument()) ? "250 Removed." : "550 No such directory."));
  }

  @AfterEach
  void leave() {
    server.close();
  }

  private void enter(Conversation c) throws IOException {
    String path = c.argument();
    if (LISTINGS.containsKey(path)) {
      folderOfVms = "DISK$5:[" + path.substring(1).replace('/', '.') + "]";
    } else if (path.startsWith("DISK$5:[")) {
      folderOfVms = path;
    } else {
      c.reply("550 No such directory.");
      return;
    }
    c.reply("250 CWD command successful.");
  }

  private static void list(Conversation c) throws IOException {
    String listing = LISTINGS.get(c.argument());
    if (listing == null) {
      c.forgetData();
      c.reply("550 " + c.argument() + ": no such directory");
      return;
    }
    c.reply("150 Listing follows.");
    c.openData().send(listing.replace("\n", "\r\n")).finish();
    c.reply("226 Done.");
  }

  private static void send(Conversation c) throws IOException {
    if (!FILES.contains(c.argument())) {
      c.forgetData();
      c.reply("550 " + c.argument() + ": no such file");
      return;
    }
    c.reply("150 File follows.");
    c.openData().send(c.argument()).finish();
    c.reply("226 Done.");
  }

  private void noCommandHasTheListedName() {
    assertFalse(server.commands().stream().anyMatch(command -> command.contains(".DIR;1")), server.commands().toString());
  }

  @Test
  void aWalkEntersThem() throws Exception {
    try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      assertEquals(
          List.of("/PUB/A.TXT;2", "/PUB/CORE", "/PUB/CORE/B", "/PUB/CORE/B/C.DIR.TXT;7",
              "/PUB/FOLDER_WITH_A_NAME_THAT_TAKES_A_LINE_OF_ITS_OWN",
              "/PUB/FOLDER_WITH_A_NAME_THAT_TAKES_A_LINE_OF_ITS_OWN/D.TXT;1"),
          ftp.walk("/PUB", 9, EntryFilter.all()).map(WalkEntry::path).sorted().toList());
      noCommandHasTheListedName();
    }
  }

  @Test
  void aTreeIsDeletedByThem() throws Exception {
    try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      ftp.deleteTree("/PUB");
      List<String> removed = server.commands().stream().filter(command -> command.startsWith("RMD")).sorted().toList();
      assertEquals(LISTINGS.keySet().stream().map("RMD "::concat).sorted().toList(), removed);
      noCommandHasTheListedName();
    }
  }

  @Test
  void aMirrorMakesThemHere() throws Exception {
    try (FtpPool pool = FtpPool.builder(SessionFixture.plain(server).build()).build()) {
      MirrorReport report = Mirror.download("/PUB", folder).plan(pool).apply(pool);
      assertTrue(report.isWhole(), report.toString());
      for (String file : FILES) {
        assertEquals(file, Files.readString(folder.resolve(file.substring("/PUB/".length()))));
      }
      noCommandHasTheListedName();
    }
  }
}
