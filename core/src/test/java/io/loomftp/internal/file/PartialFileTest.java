package io.loomftp.internal.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.Overwrite;
import io.loomftp.TransferOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Partial files have one owner at a time; foreign files are not touched, and missing bytes never count as present. */
@Timeout(60)
class PartialFileTest {
  private static final Instant THEN = Instant.parse("2026-01-02T03:04:05Z");
  private static final TransferOptions PLAIN = TransferOptions.defaults();
  private static final TransferOptions RESUMING = PLAIN.resume();
  private static final RemoteVersion VERSION = version(10, THEN);

  @TempDir Path folder;
  private Path target;
  private Path part;
  private Path note;

  @BeforeEach
  void name() {
    target = folder.resolve("a.bin");
    part = folder.resolve("a.bin.part");
    note = folder.resolve("a.bin.part.of");
  }

  private static RemoteVersion version(long size, Instant modified) {
    return new RemoteVersion("ftp://u@h:21 /a.bin", OptionalLong.of(size), Optional.of(modified));
  }

  private PartialFile open(TransferOptions options) throws IOException {
    return open(VERSION, 1, options);
  }

  private PartialFile open(RemoteVersion version, int pieces, TransferOptions options) throws IOException {
    return PartialFile.open(target, version, pieces, options, time -> {
      throw new AssertionError("not to wait");
    });
  }

  private static void write(PartialFile file, int range, String text) throws IOException {
    try (OutputStream out = file.output(file.ranges().get(range))) {
      out.write(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }
  }

  private List<String> names() throws IOException {
    try (var all = Files.list(folder)) {
      return all.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }

  private void leave(TransferOptions options, String text) throws IOException {
    try (PartialFile file = open(options)) {
      write(file, 0, text);
    }
  }

  @Test
  void completeFileGetsItsNameAndNothingElseIsLeft() throws Exception {
    try (PartialFile file = open(PLAIN)) {
      assertEquals(List.of("a.bin.part", "a.bin.part.of"), names());
      write(file, 0, "0123456789");
      file.commit(Optional.of(THEN), Overwrite.REPLACE);
    }
    assertEquals("0123456789", Files.readString(target));
    assertEquals(THEN, Files.getLastModifiedTime(target).toInstant());
    assertEquals(List.of("a.bin"), names());
  }

  @Test
  void incompleteFileStaysOnlyToBeResumed() throws Exception {
    leave(PLAIN, "0123");
    assertEquals(List.of(), names());
    leave(RESUMING, "0123");
    try (PartialFile file = open(RESUMING)) {
      assertEquals(4, file.presentAtOpen());
      write(file, 0, "456789");
      file.commit(Optional.empty(), Overwrite.REPLACE);
    }
    assertEquals("0123456789", Files.readString(target));
  }

  @Test
  void anotherVersionIsDownloadedFromTheBeginning() throws Exception {
    leave(RESUMING, "0123");
    for (RemoteVersion other : List.of(version(11, THEN), version(10, THEN.plusSeconds(1)))) {
      try (PartialFile file = open(other, 1, RESUMING)) {
        assertEquals(0, file.presentAtOpen());
        write(file, 0, "0123");
      }
    }
  }

  @Test
  void secondDownloadInThisProgramIsRefused() throws Exception {
    try (PartialFile first = open(PLAIN)) {
      FileSystemException e = assertThrows(FileSystemException.class, () -> open(RESUMING));
      assertTrue(e.getMessage().contains("another download"), e.getMessage());
      assertEquals(io.loomftp.ErrorKind.BUSY, LocalFailure.kind(e));
      write(first, 0, "0123456789");
      first.commit(Optional.empty(), Overwrite.REPLACE);
    }
    assertEquals("0123456789", Files.readString(target));
    open(PLAIN).close();
  }

  @Test
  void secondDownloadWaitsAsLongAsItMay() throws Exception {
    PartialFile first = open(PLAIN);
    TransferOptions patient = PLAIN.waitForTarget(Duration.ofSeconds(30));
    try (PartialFile second = PartialFile.open(target, VERSION, 1, patient, time -> first.close())) {
      assertTrue(second.waited());
    }
    try (PartialFile third = open(PLAIN)) {
      assertThrows(
          FileSystemException.class,
          () -> PartialFile.open(target, VERSION, 1, PLAIN.waitForTarget(Duration.ofMillis(1)), time -> Thread.onSpinWait()));
      assertFalse(third.waited());
    }
  }

  /** Holds a partial file until its input ends. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) throws IOException {
      try (PartialFile held = PartialFile.open(Path.of(args[0]), VERSION, 1, PLAIN, time -> {})) {
        System.out.println(held.ranges().size());
        System.out.flush();
        System.in.read();
      }
    }
  }

  @Test
  void anEmptyNoteOfAKilledProgramIsTakenOver() throws Exception {
    Files.createFile(target.resolveSibling("a.bin.part.of"));
    try (PartialFile file = open(PLAIN)) {
      write(file, 0, "0123456789");
      file.commit(Optional.empty(), Overwrite.REPLACE);
    }
    assertEquals(List.of("a.bin"), names());
  }

  @Test
  void secondDownloadInAnotherProgramIsRefused() throws Exception {
    Process holder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
            System.getProperty("java.class.path"), Holder.class.getName(), target.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var input = holder.getOutputStream()) {
      input.flush(); // it stays open, and the program with it
      assertEquals('1', holder.getInputStream().read());
      assertThrows(FileInUseException.class, () -> open(PLAIN));
      holder.destroyForcibly();
      assertTrue(holder.waitFor(30, TimeUnit.SECONDS));
      assertEquals(List.of("a.bin.part", "a.bin.part.of"), names(), "what was killed");
      try (PartialFile file = open(PLAIN)) {
        write(file, 0, "0123456789");
        file.commit(Optional.empty(), Overwrite.REPLACE);
      }
      assertEquals(List.of("a.bin"), names());
    } finally {
      holder.destroyForcibly();
    }
  }

  @Test
  void foreignFilesAreNotTouched() throws Exception {
    for (List<Path> taken : List.of(List.of(part), List.of(note), List.of(part, note))) {
      for (Path one : taken) {
        Files.writeString(one, "mine");
      }
      for (TransferOptions options : List.of(PLAIN, RESUMING, PLAIN.durable())) {
        leave(options, "0123");
        try (PartialFile file = open(options)) {
          assertEquals(options.resumes() ? 4 : 0, file.presentAtOpen());
          write(file, 0, "0123456789".substring((int) file.presentAtOpen()));
          file.commit(Optional.empty(), Overwrite.REPLACE);
        }
        assertEquals("0123456789", Files.readString(target));
        Files.delete(target);
        assertEquals(taken.stream().map(p -> p.getFileName().toString()).sorted().toList(), names());
      }
      for (Path one : taken) {
        assertEquals("mine", Files.readString(one));
        Files.delete(one);
      }
    }
  }

  @Test
  void noteOfAnotherTargetProvesNothing() throws Exception {
    leave(RESUMING, "0123");
    String others = Files.readString(note).replace("target a.bin", "target b.bin");
    Files.writeString(note, others);
    open(PLAIN).close();
    assertEquals(others, Files.readString(note));
    assertEquals("0123", Files.readString(part));
  }

  @Test
  void damagedNoteStillProvesItsOrigin() throws Exception {
    leave(RESUMING, "0123");
    Files.writeString(note, Files.readString(note).replace("size 10", "size 99"));
    try (PartialFile file = open(RESUMING)) {
      assertEquals(0, file.presentAtOpen());
      write(file, 0, "0");
    }
    assertEquals(List.of("a.bin.part", "a.bin.part.of"), names());
  }

  @Test
  void partThatIsRemovedIsNotMadeAgain() throws Exception {
    try (PartialFile file = open(PLAIN)) {
      write(file, 0, "0123");
      Files.delete(part);
      assertThrows(FileSystemException.class, () -> file.output(file.ranges().getFirst()));
      assertThrows(FileSystemException.class, () -> file.commit(Optional.empty(), Overwrite.REPLACE));
    }
    assertEquals(List.of(), names());
  }

  @Test
  void partThatIsReplacedOrChangedGetsNoName() throws Exception {
    for (boolean replaced : new boolean[] {true, false}) {
      try (PartialFile file = open(RESUMING)) {
        write(file, 0, "0123456789");
        if (replaced) {
          Files.move(Files.writeString(folder.resolve("other"), "0123456789"), part,
              java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        } else {
          Files.writeString(part, "more", java.nio.file.StandardOpenOption.APPEND);
        }
        FileSystemException e =
            assertThrows(FileSystemException.class, () -> file.commit(Optional.empty(), Overwrite.REPLACE));
        assertTrue(e.getMessage().contains("changed by another program"), e.getMessage());
      }
      assertFalse(Files.exists(target));
      assertEquals(replaced ? List.of("a.bin.part") : List.of(), names());
      Files.deleteIfExists(part);
    }
  }

  @Test
  void partialFileIsNotTheTargetOfAnotherDownload() throws Exception {
    leave(RESUMING, "0123");
    FileSystemException e =
        assertThrows(FileSystemException.class, () -> PartialFile.open(part, VERSION, 1, PLAIN, time -> {}));
    assertTrue(e.getMessage().contains("partial file of a.bin"), e.getMessage());
    try (PartialFile file = open(RESUMING)) {
      assertEquals(4, file.presentAtOpen());
      assertThrows(FileSystemException.class, () -> PartialFile.open(part, VERSION, 1, PLAIN, time -> {}));
    }
  }

  @Test
  void interruptBreaksNothingAndStaysPending() throws Exception {
    try (PartialFile file = open(RESUMING)) {
      write(file, 0, "01");
      Thread.currentThread().interrupt();
      write(file, 0, "23");
      file.restart();
      write(file, 0, "0123456789");
      file.commit(Optional.empty(), Overwrite.REPLACE);
      assertTrue(Thread.interrupted());
    }
    assertEquals("0123456789", Files.readString(target));
  }

  @Test
  void nameThatIsTakenIsNotReplacedUnlessThatIsWanted() throws Exception {
    try (PartialFile file = open(PLAIN)) {
      write(file, 0, "0123456789");
      Files.writeString(target, "first");
      assertThrows(
          java.nio.file.FileAlreadyExistsException.class, () -> file.commit(Optional.empty(), Overwrite.FAIL));
    }
    assertEquals("first", Files.readString(target));
    assertEquals(List.of("a.bin"), names());
  }

  @Test
  void whatEndedBetweenTheTwoNamesIsFinished() throws Exception {
    leave(RESUMING, "0123456789");
    Files.createLink(target, part);
    PartialFile.clearAfter(target);
    assertEquals(List.of("a.bin"), names());
    leave(RESUMING, "01234");
    Files.delete(target);
    Files.createLink(target, part);
    try (PartialFile file = open(RESUMING)) {
      assertEquals(0, file.presentAtOpen(), "the complete file is not written to");
    }
    assertEquals("01234", Files.readString(target));
  }

  @Test
  void noteThatOutlivedItsPartIsClearedAway() throws Exception {
    leave(RESUMING, "0123456789");
    Files.move(part, target);
    PartialFile.clearAfter(target);
    assertEquals(List.of("a.bin"), names());
    Files.writeString(note, "mine");
    PartialFile.clearAfter(target);
    assertEquals("mine", Files.readString(note));
  }

  // --- in several pieces ---

  @Test
  void piecesAreResumedWhereEachOneBrokeOff() throws Exception {
    try (PartialFile file = open(VERSION, 3, RESUMING)) {
      assertEquals(List.of(0L, 3L, 6L), file.ranges().stream().map(ByteRange::from).toList());
      assertEquals(10, Files.size(part));
      write(file, 0, "012");
      write(file, 2, "67");
      assertThrows(IllegalStateException.class, () -> file.commit(Optional.empty(), Overwrite.REPLACE));
    }
    try (PartialFile file = open(VERSION, 2, RESUMING)) {
      assertEquals(List.of(0L, 3L, 2L), file.ranges().stream().map(ByteRange::missing).toList());
      assertEquals(5, file.presentAtOpen());
      write(file, 1, "345");
      write(file, 2, "89");
      file.commit(Optional.empty(), Overwrite.REPLACE);
    }
    assertArrayEquals("0123456789".getBytes(java.nio.charset.StandardCharsets.US_ASCII), Files.readAllBytes(target));
    assertEquals(List.of("a.bin"), names());
  }

  @Test
  void onePieceContinuesSeveralAndTheOtherWayRound() throws Exception {
    try (PartialFile file = open(VERSION, 2, RESUMING)) {
      write(file, 0, "0123");
      write(file, 1, "56789");
    }
    try (PartialFile file = open(RESUMING)) {
      assertEquals(4, file.presentAtOpen(), "only what has no gap before it");
      assertEquals(4, Files.size(part));
      write(file, 0, "45");
    }
    try (PartialFile file = open(VERSION, 2, RESUMING)) {
      assertEquals(6, file.presentAtOpen());
      assertEquals(List.of(0L, 2L, 2L), file.ranges().stream().map(ByteRange::missing).toList());
      write(file, 1, "67");
      write(file, 2, "89");
      file.commit(Optional.empty(), Overwrite.REPLACE);
    }
    assertEquals("0123456789", Files.readString(target));
  }

  @Test
  void durablePartContinuesOnlyWithWhatWasForced() throws Exception {
    leave(RESUMING.durable(), "0123");
    Files.writeString(part, "45", java.nio.file.StandardOpenOption.APPEND);
    try (PartialFile file = open(RESUMING.durable())) {
      assertEquals(4, file.presentAtOpen());
    }
    leave(PLAIN, "");
    leave(RESUMING, "0123");
    try (PartialFile file = open(RESUMING.durable())) {
      assertEquals(0, file.presentAtOpen(), "nobody forced that");
    }
  }
}
