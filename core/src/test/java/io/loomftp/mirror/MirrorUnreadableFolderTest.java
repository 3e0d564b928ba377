package io.loomftp.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.FtpException;
import io.loomftp.pool.FtpPool;
import io.loomftp.pool.PoolFixture;
import io.loomftp.testkit.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A folder that the server cannot read and reports as listed: its copy is kept, and the report says so. */
@Timeout(60)
class MirrorUnreadableFolderTest {
  private static final String OWN_LINE = "d-wx------    2 ftp      ftp          4096 Jan 02  2024 ";
  private static final String FAILED = "226 Transfer done (but failed to open directory).";

  @TempDir Path folder;

  /** The lines of the listing, its final reply, and whether the folder can be entered all the same. */
  static Stream<Arguments> listings() {
    return Stream.of(
        Arguments.of(OWN_LINE + "%s\r\n", "226 Directory send OK.", false),
        Arguments.of(OWN_LINE + "%s\r\n", "226 Directory send OK.", true),
        Arguments.of("", FAILED, false),
        Arguments.of("", FAILED, true),
        Arguments.of("", "226 Directory send OK.", false),
        Arguments.of("", "226 Directory send OK.", true));
  }

  @BeforeEach
  void copyIsThere() throws Exception {
    Files.createDirectories(folder.resolve("no"));
    Files.writeString(folder.resolve("no/a.txt"), "a");
    Files.writeString(folder.resolve("b.txt"), "b");
  }

  private static ScriptedServer server(String unreadable, String lines, String end, boolean canBeEntered) {
    ScriptedServer server =
        ScriptedServer.start().file("/pub/no/a.txt", "a").file("/pub/b.txt", "b")
            .on("FEAT", "211-Features:", " SIZE", " MDTM", " UTF8", "211 End");
    server.on("LIST", c -> {
      String path = c.argument().replaceFirst("^-a ", "");
      if (path.equals(unreadable)) {
        c.reply("150 Here comes the directory listing.");
        c.openData().send(lines.replace("%s", path.substring(path.lastIndexOf('/') + 1))).finish();
        c.reply(end);
      } else if (!path.equals("/pub")) {
        c.forgetData();
        c.reply("550 No such file or directory.");
      } else {
        c.reply("150 Here comes the directory listing.");
        c.openData().send("drwxr-xr-x 2 ftp ftp 4096 Jan 02 2024 no\r\n-rw-r--r-- 1 ftp ftp 1 Jan 02 2024 b.txt\r\n").finish();
        c.reply("226 Directory send OK.");
      }
    });
    server.on("CWD", c -> {
      if (c.argument().startsWith(unreadable) && !canBeEntered) {
        c.reply("550 Failed to change directory.");
      } else {
        c.ordinary();
      }
    });
    return server;
  }

  @ParameterizedTest
  @MethodSource("listings")
  void itsCopyIsKept(String lines, String end, boolean canBeEntered) throws Exception {
    try (ScriptedServer server = server("/pub/no", lines, end, canBeEntered);
        FtpPool pool = PoolFixture.pool(server, 1).build()) {
      MirrorPlan plan = Mirror.download("/pub", folder).compare(Compare.SIZE).delete(1).plan(pool);
      if (end.equals(FAILED) || !canBeEntered || !lines.isEmpty()) {
        assertFalse(plan.isComplete(), plan.describe());
        assertEquals(0, plan.count(MirrorAction.Kind.DELETE_FILE), plan.describe());
        assertEquals(1, plan.count(MirrorAction.Kind.REFUSE), plan.describe());
      }
      MirrorReport report = plan.apply(pool);
      assertTrue(Files.exists(folder.resolve("no/a.txt")), plan.describe());
      assertFalse(report.isWhole(), plan.describe());
      assertFalse(Files.exists(folder.resolve("no/no")), plan.describe());
    }
  }

  @ParameterizedTest
  @MethodSource("listings")
  void rootThatCannotBeReadIsAnErrorOrKeepsItsCopy(String lines, String end, boolean canBeEntered) throws Exception {
    try (ScriptedServer server = server("/pub", lines, end, canBeEntered);
        FtpPool pool = PoolFixture.pool(server, 1).build()) {
      Mirror mirror = Mirror.download("/pub", folder).compare(Compare.SIZE).delete(1);
      if (end.equals(FAILED) || !canBeEntered || !lines.isEmpty()) {
        assertThrows(FtpException.class, () -> mirror.plan(pool));
      } else {
        mirror.plan(pool).apply(pool);
      }
      assertTrue(Files.exists(folder.resolve("no/a.txt")));
      assertTrue(Files.exists(folder.resolve("b.txt")));
    }
  }
}
