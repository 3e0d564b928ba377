package io.loomftp.mirror;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One run at a time owns a journal, also when another deletes it at this moment. */
@Timeout(60)
class JournalRaceTest {
  private static final int PROCESSES = 3;
  private static final Duration TIME = Duration.ofSeconds(5);

  @TempDir Path folder;

  /** Opens and deletes a journal again and again; says how often it was not the only owner. */
  public static final class Rival {
    private final Path folder;
    private int owned;
    private int shared;

    private Rival(Path folder) {
      this.folder = folder;
    }

    public static void main(String[] arguments) throws IOException {
      Rival rival = new Rival(Path.of(arguments[0]));
      long end = System.nanoTime() + TIME.toNanos();
      while (System.nanoTime() < end || rival.owned == 0) {
        rival.compete();
      }
      System.out.print(rival.shared);
    }

    private void compete() throws IOException {
      JournalFile journal;
      try {
        journal = JournalFile.open(folder.resolve("journal"));
      } catch (FileAlreadyExistsException e) {
        throw e;
      } catch (FileSystemException e) {
        Thread.onSpinWait(); // in use
        return;
      }
      try (journal) {
        owned++;
        work();
        journal.delete();
      }
    }

    private void work() throws IOException {
      Path mark = folder.resolve("mark");
      try {
        Files.createFile(mark);
        Files.delete(mark);
      } catch (FileAlreadyExistsException | NoSuchFileException e) {
        shared++;
        Files.deleteIfExists(mark);
      }
    }
  }

  /** Says whether it can lock a file. */
  public static final class Locker {
    private Locker() {}

    public static void main(String[] arguments) throws IOException {
      try (FileChannel channel = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE)) {
        System.out.print(channel.tryLock() != null);
      }
    }
  }

  private static Process start(Class<?> program, Path argument) throws IOException {
    return new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
        System.getProperty("java.class.path"), program.getName(), argument.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static String output(Process program) throws Exception {
    String text = new String(program.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    assertTrue(program.waitFor(30, TimeUnit.SECONDS));
    return text;
  }

  @Test
  void noJournalHasTwoOwners() throws Exception {
    List<Process> all = new ArrayList<>();
    try {
      for (int i = 0; i < PROCESSES; i++) {
        all.add(start(Rival.class, folder));
      }
      for (Process each : all) {
        assertEquals("0", output(each));
      }
    } finally {
      all.forEach(Process::destroyForcibly);
    }
  }

  @Test
  void secondRunOfOneProgramDoesNotBreakTheLockOfTheFirst() throws Exception {
    Path file = folder.resolve("journal");
    try (MirrorJournal journal = MirrorJournal.open(file, UUID.randomUUID(), 1)) {
      assertThrows(FileSystemException.class, () -> MirrorJournal.open(file, UUID.randomUUID(), 1));
      assertEquals("false", output(start(Locker.class, file)));
      journal.done(0);
    }
    assertEquals("true", output(start(Locker.class, file)));
  }

  @Test
  void fileOfAnotherRunIsNotDeleted() throws Exception {
    Path file = folder.resolve("journal");
    try (MirrorJournal journal = MirrorJournal.open(file, UUID.randomUUID(), 1)) {
      Files.delete(file);
      Files.writeString(file, "another");
      journal.delete();
    }
    assertEquals("another", Files.readString(file));
  }

  @Test
  void foreignFileOfZerosIsLeftAlone() throws Exception {
    Path file = folder.resolve("image");
    byte[] content = new byte[2 << 20];
    content[content.length - 1] = 1;
    Files.write(file, content);
    assertThrows(FileAlreadyExistsException.class, () -> MirrorJournal.open(file, UUID.randomUUID(), 1));
    assertArrayEquals(content, Files.readAllBytes(file));
  }

  @Test
  void journalOfARunThatWasKilledWhileItLookedIsContinued() throws Exception {
    Path file = folder.resolve("journal");
    UUID plan = UUID.randomUUID();
    Files.writeString(file, "loomftp-mirror-journal\t1\t" + "\0".repeat(5_000)); // killed before its first line
    try (MirrorJournal journal = MirrorJournal.open(file, plan, 2)) {
      journal.done(0);
    }
    Files.write(file, new byte[5_000], StandardOpenOption.APPEND);
    try (MirrorJournal journal = MirrorJournal.open(file, plan, 2)) {
      assertTrue(journal.has(0));
      assertFalse(journal.has(1));
      journal.done(1);
    }
    try (MirrorJournal journal = MirrorJournal.open(file, plan, 2)) {
      assertTrue(journal.has(0) && journal.has(1));
    }
  }
}
