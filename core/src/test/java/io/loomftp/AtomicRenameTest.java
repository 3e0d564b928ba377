package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** After any reply to the rename of an atomic upload, the old file or the new one exists. */
@Timeout(60)
class AtomicRenameTest {
  private static final TransferOptions ATOMIC = TransferOptions.defaults().atomic();
  private static final Retry AT_ONCE = new Retry(3, Duration.ofSeconds(20), Duration.ofMillis(1), Duration.ofMillis(5));

  @TempDir Path folder;
  private final ScriptedServer server = ScriptedServer.start().file("/a.txt", "old");
  private FtpSession ftp;
  private Path source;

  @BeforeEach
  void connect() throws Exception {
    ftp = Ftp.open(SessionFixture.plain(server).build());
    source = Files.writeString(folder.resolve("source"), "new");
  }

  @AfterEach
  void leave() {
    ftp.close();
    server.close();
  }

  private String content(String path) {
    return new String(server.content(path), StandardCharsets.UTF_8);
  }

  /** Answers RNTO onto these targets by a refusal, as long as they exist. */
  private void refuseOnto(String refusal, boolean onlyIfThere, String... targets) {
    server.on("RNTO", c -> {
      boolean concerned = List.of(targets).contains(c.argument()) && (!onlyIfThere || server.exists("/" + c.argument()));
      if (concerned || List.of(targets).contains("*")) {
        c.reply(refusal);
      } else {
        c.ordinary();
      }
    });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void renameThatIsRefusedForGoodLeavesTheOldFile(boolean resume) throws Exception {
    refuseOnto("550 Permission denied (rename is not allowed here).", false, "*");
    TransferOptions options = resume ? ATOMIC.resume() : ATOMIC;
    assertThrows(FtpReplyException.class, () -> ftp.put(source, "a.txt", options));
    assertEquals("old", content("/a.txt"));
    assertEquals(resume ? 2 : 1, server.paths().size(), server.paths().toString());
  }

  @Test
  void fileInTheWayIsSetAsideAndDeletedAfterwards() throws Exception {
    refuseOnto("553 It exists.", true, "a.txt");
    assertEquals(TransferResult.Outcome.TRANSFERRED, ftp.put(source, "a.txt", ATOMIC).outcome());
    assertEquals("new", content("/a.txt"));
    assertEquals(List.of("/a.txt"), server.paths());
  }

  @Test
  void fileOfAnUploadThatCameInBetweenIsReplacedAsWell() throws Exception {
    int[] asides = {0};
    server.on("RNTO", c -> {
      if (server.exists("/" + c.argument())) {
        c.reply("553 It exists.");
        return;
      }
      c.ordinary();
      if (!c.argument().equals("a.txt") && asides[0]++ < 2) {
        server.file("/a.txt", "of another");
      }
    });
    assertEquals(TransferResult.Outcome.TRANSFERRED, ftp.put(source, "a.txt", ATOMIC).outcome());
    assertEquals("new", content("/a.txt"));
    assertEquals(List.of("/a.txt"), server.paths());
  }

  @Test
  void fileThatAnotherUploadSetAsideIsNotMissed() throws Exception {
    refuseOnto("553 Can't rename file.", true, "a.txt");
    server.on("RNFR", c -> {
      if (c.argument().equals("a.txt")) {
        server.remove("/a.txt");
      }
      c.ordinary();
    });
    assertEquals(TransferResult.Outcome.TRANSFERRED, ftp.put(source, "a.txt", ATOMIC).outcome());
    assertEquals("new", content("/a.txt"));
    assertEquals(List.of("/a.txt"), server.paths());
  }

  @Test
  void uploadsThatAlwaysComeInBetweenMakeItBusyAndLoseNothing() throws Exception {
    server.on("RNTO", c -> {
      if (server.exists("/" + c.argument())) {
        c.reply("553 It exists.");
        return;
      }
      c.ordinary();
      server.file("/a.txt", "of another");
    });
    FtpException e = assertThrows(FtpException.class, () -> ftp.put(source, "a.txt", ATOMIC));
    assertEquals(ErrorKind.BUSY, e.kind(), e.getMessage());
    assertEquals("of another", content("/a.txt"));
    assertTrue(server.paths().stream().map(this::content).toList().containsAll(List.of("old", "new")), server.paths().toString());
  }

  @Test
  void fileSetAsideIsPutBackWhenTheRenameIsRefusedAllTheSame() throws Exception {
    int[] asked = {0};
    server.on("RNTO", c -> {
      asked[0] += c.argument().equals("a.txt") ? 1 : 0;
      if (c.argument().equals("a.txt") && asked[0] <= 2) {
        c.reply("550 Not onto that name.");
      } else {
        c.ordinary();
      }
    });
    assertThrows(FtpReplyException.class, () -> ftp.put(source, "a.txt", ATOMIC));
    assertEquals("old", content("/a.txt"));
    assertEquals(List.of("/a.txt"), server.paths());
  }

  @Test
  void nothingIsDeletedWhenTheOldFileCannotBePutBack() throws Exception {
    refuseOnto("550 Not onto that name.", false, "a.txt");
    assertThrows(FtpReplyException.class, () -> ftp.put(source, "a.txt", ATOMIC));
    assertFalse(server.exists("/a.txt"));
    assertEquals(
        List.of("new", "old"), server.paths().stream().map(this::content).sorted().toList(), "both are there, under other names");
  }

  @ParameterizedTest
  @ValueSource(strings = {"550 Rename failed: the folder does not exist.", "553 Permission denied for existing files."})
  void fileThatCannotBeSetAsideIsKeptWhenAnotherReasonIsGiven(String refusal) throws Exception {
    server.on("RNTO", c -> {
      if (!c.argument().equals("a.txt") || server.exists("/a.txt")) {
        c.reply(c.argument().equals("a.txt") ? refusal : "550 No such names.");
      } else {
        c.ordinary();
      }
    });
    assertThrows(FtpReplyException.class, () -> ftp.put(source, "a.txt", ATOMIC));
    assertEquals("old", content("/a.txt"));
  }

  @Test
  void fileThatCannotBeSetAsideIsDeletedOnlyIfTheReplySaysThatItExists() throws Exception {
    server.on("RNTO", c -> {
      if (!c.argument().equals("a.txt") || server.exists("/a.txt")) {
        c.reply(c.argument().equals("a.txt") ? "553 File exists." : "550 No such names.");
      } else {
        c.ordinary();
      }
    });
    ftp.put(source, "a.txt", ATOMIC);
    assertEquals("new", content("/a.txt"));
    server.file("/a.txt", "old");
    refuseOnto("550 No.", false, "*");
    assertThrows(FtpReplyException.class, () -> ftp.put(source, "a.txt", ATOMIC));
    assertEquals("old", content("/a.txt"));
  }

  @Test
  void temporaryFileStaysWhenTheTargetWasDeletedForIt() throws Exception {
    refuseOnto("553 File exists.", false, "*");
    assertThrows(FtpReplyException.class, () -> ftp.put(source, "a.txt", ATOMIC));
    assertEquals(List.of("new"), server.paths().stream().map(this::content).toList());
  }

  @Test
  void connectionLostAfterRenamingAsideIsReplacedAndTheRenameFinished() throws Exception {
    int[] asked = {0};
    server.on("RNTO", c -> {
      if (c.argument().equals("a.txt") && asked[0]++ == 0) {
        c.reply("553 It exists.");
      } else if (c.argument().equals("a.txt") && asked[0] == 2) {
        c.reset();
      } else {
        c.ordinary();
      }
    });
    ftp.put(source, "a.txt", ATOMIC.retry(AT_ONCE));
    assertEquals("new", content("/a.txt"));
    assertEquals(List.of("/a.txt"), server.paths());
  }

  @Test
  void whatAKilledUploadSetAsideIsDeletedByTheNextOne() throws Exception {
    int[] asked = {0};
    server.on("RNTO", c -> {
      if (c.argument().equals("a.txt") && asked[0]++ == 0) {
        c.reply("553 It exists.");
      } else if (c.argument().equals("a.txt") && asked[0] == 2) {
        server.onConnect(next -> next.close());
        c.reset();
      } else {
        c.ordinary();
      }
    });
    assertThrows(FtpException.class, () -> ftp.put(source, "a.txt", ATOMIC.resume()));
    assertFalse(server.exists("/a.txt"));
    assertEquals(List.of("new", "old"), server.paths().stream().map(this::content).sorted().toList());
    server.greeting("220 Here again.");
    try (FtpSession next = Ftp.open(SessionFixture.plain(server).build())) {
      next.put(source, "a.txt", ATOMIC.resume());
    }
    assertEquals("new", content("/a.txt"));
    assertEquals(List.of("/a.txt"), server.paths());
  }

  @Test
  void newFileHasItsNameWhenTheConnectionIsLostAtDeletingTheOldOne() throws Exception {
    refuseOnto("553 It exists.", true, "a.txt");
    server.once("DELE", c -> c.reset());
    assertThrows(FtpException.class, () -> {
      server.onConnect(c -> c.close());
      ftp.put(source, "a.txt", ATOMIC.resume());
    });
    server.greeting("220 Here again.");
    assertEquals(2, server.paths().size(), server.paths().toString());
    assertEquals("new", content("/a.txt"));
  }

  // --- the temporary name ---

  @Test
  void temporaryNameIsAnotherOneEachTime() throws Exception {
    for (int i = 0; i < 2; i++) {
      ftp.put(source, "a.txt", ATOMIC);
    }
    assertEquals(2, server.commands().stream().filter(c -> c.startsWith("STOR ")).distinct().count());
  }

  @Test
  void temporaryNameFollowsThePattern() throws Exception {
    ftp.put(source, "a.txt", TransferOptions.defaults().atomic("in.{id}.{name}.tmp"));
    assertTrue(
        server.commands().stream().anyMatch(c -> c.matches("STOR in\\.[0-9a-f]{8}\\.a\\.txt\\.tmp")), server.commands()
            .toString());
    for (String bad : List.of("{name}", "{id}", "x/{name}{id}", "{name}{id}\n")) {
      assertThrows(IllegalArgumentException.class, () -> ATOMIC.atomic(bad));
    }
  }

  @Test
  void refusedTemporaryNameIsExplained() throws Exception {
    server.on("STOR", c -> {
      c.forgetData();
      c.reply("550 .a.txt.part: Forbidden filename");
    });
    FtpReplyException e = assertThrows(FtpReplyException.class, () -> ftp.put(source, "a.txt", ATOMIC));
    assertTrue(e.getMessage().contains("TransferOptions.atomic("), e.getMessage());
    assertEquals(550, e.reply().code());
  }

  @Test
  void fileSetAsideIsPutBackWhenTheConnectionIsLostBeforeTheRenameIsRefused() throws Exception {
    AtomicInteger renames = new AtomicInteger();
    server.on("RNTO", c -> {
      int rename = c.argument().equals("a.txt") ? renames.incrementAndGet() : 0;
      switch (rename) {
        case 1 -> c.reply("553 It exists.");
        case 2 -> c.close();
        case 3 -> c.reply("553 Not now.");
        default -> c.ordinary();
      }
    });
    assertThrows(FtpReplyException.class, () -> ftp.put(source, "a.txt", ATOMIC));
    assertEquals("old", content("/a.txt"));
  }

  @Test
  void oldTargetOfTheSameSizeIsNotTakenForTheNewOneWhereTheTemporaryNameIsHidden() throws Exception {
    server.on("SIZE", c -> {
      if (c.argument().startsWith(".")) {
        c.reply("553 Dot files may not be read.");
      } else {
        c.ordinary();
      }
    });
    server.once("RNTO", c -> c.close());
    ftp.put(source, "a.txt", ATOMIC);
    assertEquals("new", content("/a.txt"));
    assertEquals(List.of("/a.txt"), server.paths());
  }
}
