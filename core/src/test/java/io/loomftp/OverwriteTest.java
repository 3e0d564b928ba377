package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.ScriptedServer;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Transfers to an existing target: each policy, in both directions. */
@Timeout(60)
class OverwriteTest {
  private static final Instant THEN = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir Path folder;
  private final ScriptedServer server = ScriptedServer.start().file("/a.txt", "theirs");
  private FtpSession ftp;
  private Path local;

  @BeforeEach
  void connect() throws Exception {
    ftp = Ftp.open(SessionFixture.plain(server).build());
    local = folder.resolve("a.txt");
  }

  @AfterEach
  void leave() {
    ftp.close();
    server.close();
  }

  private static TransferOptions policy(Overwrite policy) {
    return TransferOptions.defaults().overwrite(policy);
  }

  private boolean moves() {
    return server.dataConnections() > 0;
  }

  @Test
  void failMovesNothing() throws Exception {
    Files.writeString(local, "ours");
    FtpException down = assertThrows(FtpLocalException.class, () -> ftp.get("a.txt", local, policy(Overwrite.FAIL)));
    assertEquals(ErrorKind.EXISTS, down.kind());
    FtpException up = assertThrows(FtpTransferException.class, () -> ftp.put(local, "a.txt", policy(Overwrite.FAIL)));
    assertEquals(ErrorKind.EXISTS, up.kind());
    assertFalse(moves());
    ftp.noop();
  }

  @Test
  void failMovesWhatIsNotThere() throws Exception {
    ftp.get("a.txt", local, policy(Overwrite.FAIL));
    ftp.put(local, "b.txt", policy(Overwrite.FAIL).atomic());
    assertEquals("theirs", Files.readString(local));
    assertEquals("theirs", new String(server.content("/b.txt"), java.nio.charset.StandardCharsets.UTF_8));
  }

  @Test
  void fileThatAppearsMeanwhileIsNotLost() throws Exception {
    Progress meanwhile =
        now -> {
          try {
            Files.writeString(local, "somebody's");
          } catch (java.io.IOException e) {
            throw new UncheckedIOException(e);
          }
        };
    FtpException e =
        assertThrows(
            FtpLocalException.class,
            () -> ftp.get("a.txt", local, policy(Overwrite.FAIL).progress(meanwhile)));
    assertEquals(ErrorKind.EXISTS, e.kind());
    assertEquals("somebody's", Files.readString(local));
    try (var files = Files.list(folder)) {
      assertEquals(List.of(local), files.toList());
    }
  }

  @Test
  void skipMovesNothingAndReportsIt() throws Exception {
    Files.writeString(local, "ours");
    TransferResult down = ftp.get("a.txt", local, policy(Overwrite.SKIP));
    TransferResult up = ftp.put(local, "a.txt", policy(Overwrite.SKIP));
    assertTrue(down.isSkipped() && up.isSkipped());
    assertEquals(0, down.bytes() + up.bytes() + down.attempts());
    assertTrue(down.reply().isEmpty());
    assertFalse(moves());
    assertFalse(ftp.put(local, "new.txt", policy(Overwrite.SKIP)).isSkipped());
  }

  @ParameterizedTest
  @CsvSource({"-5, false", "0, false", "5, true"})
  void ifNewerComparesTimes(int sourceIsNewer, boolean moved) throws Exception {
    Files.writeString(local, "ours!!");
    Files.setLastModifiedTime(local, FileTime.from(THEN));
    ftp.setModified("a.txt", THEN.plusSeconds(sourceIsNewer));
    assertEquals(moved, !ftp.get("a.txt", local, policy(Overwrite.IF_NEWER)).isSkipped());
    Files.setLastModifiedTime(local, FileTime.from(THEN));
    ftp.setModified("a.txt", THEN.minusSeconds(sourceIsNewer));
    assertEquals(moved, !ftp.put(local, "a.txt", policy(Overwrite.IF_NEWER)).isSkipped());
  }

  @ParameterizedTest
  @CsvSource({"ours!!, 0, false, false", "ours, 0, false, true", "ours!!, 5, false, true", "ours!!, -5, false, false",
      "ours!!, -5, true, true"})
  void ifDifferentComparesSizesAndTimes(String ours, int sourceIsNewer, boolean keeping, boolean moved) throws Exception {
    TransferOptions options = policy(Overwrite.IF_DIFFERENT);
    TransferOptions wanted = keeping ? options.keepModified() : options;
    Files.writeString(local, ours);
    Files.setLastModifiedTime(local, FileTime.from(THEN));
    ftp.setModified("a.txt", THEN.minusSeconds(sourceIsNewer));
    assertEquals(moved, !ftp.put(local, "a.txt", wanted).isSkipped());
    Files.writeString(local, ours);
    server.file("/a.txt", "theirs");
    Files.setLastModifiedTime(local, FileTime.from(THEN));
    ftp.setModified("a.txt", THEN.plusSeconds(sourceIsNewer));
    assertEquals(moved, !ftp.get("a.txt", local, wanted).isSkipped());
  }

  @Test
  void whatWasCopiedWithItsTimeIsNotDifferent() throws Exception {
    TransferOptions sync = policy(Overwrite.IF_DIFFERENT).keepModified();
    assertFalse(ftp.get("a.txt", local, sync).isSkipped());
    assertTrue(ftp.get("a.txt", local, sync).isSkipped());
    Path other = Files.writeString(folder.resolve("other"), "fresh, with fractions of a second");
    assertFalse(ftp.put(other, "other", sync).isSkipped());
    assertTrue(ftp.put(other, "other", sync).isSkipped());
  }

  @Test
  void targetInTheWayOfARenameIsSetAsideFirst() throws Exception {
    server.once("RNTO", "553 File exists.");
    Files.writeString(local, "ours");
    ftp.put(local, "a.txt", TransferOptions.defaults().atomic());
    assertFalse(server.commands().contains("DELE a.txt"));
    assertEquals(List.of("/a.txt"), server.paths());
    assertEquals("ours", new String(server.content("/a.txt"), java.nio.charset.StandardCharsets.UTF_8));
  }

  @Test
  void renameThatIsRefusedLeavesTheOldFileAlone() throws Exception {
    server.on("RNTO", "550 Not permitted.").on("DELE", "550 Not permitted.");
    Files.writeString(local, "ours");
    assertThrows(FtpReplyException.class, () -> ftp.put(local, "a.txt", TransferOptions.defaults().atomic()));
    assertEquals("theirs", new String(server.content("/a.txt"), java.nio.charset.StandardCharsets.UTF_8));
  }
}
