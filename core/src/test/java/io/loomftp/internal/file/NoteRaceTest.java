package io.loomftp.internal.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One process at a time owns a note, also when another deletes it at this moment. */
@Timeout(60)
class NoteRaceTest {
  private static final int PROCESSES = 3;
  private static final Duration TIME = Duration.ofSeconds(5);

  @TempDir Path folder;

  /** Takes and deletes a note again and again; says how often it was not the only owner. */
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
      Path target = folder.resolve("a");
      try (LockedNote note = LockedNote.acquire(folder.resolve("a.part.of"), target, true).orElseThrow()) {
        owned++;
        work();
        note.delete();
      } catch (FileInUseException e) {
        Thread.onSpinWait();
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

  private Process start() throws IOException {
    return new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
        System.getProperty("java.class.path"), Rival.class.getName(), folder.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  @Test
  void noNoteHasTwoOwners() throws Exception {
    List<Process> all = new ArrayList<>();
    try {
      for (int i = 0; i < PROCESSES; i++) {
        all.add(start());
      }
      for (Process each : all) {
        String shared = new String(each.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertTrue(each.waitFor(30, TimeUnit.SECONDS));
        assertEquals("0", shared);
      }
    } finally {
      all.forEach(Process::destroyForcibly);
    }
  }

  @Test
  void noteOfTheSameLengthOfAnotherDownloadIsNotDeleted() throws Exception {
    Path target = folder.resolve("a");
    Path path = folder.resolve("a.part.of");
    try (LockedNote note = LockedNote.acquire(path, target, true).orElseThrow()) {
      note.write(new PartialNote("a", new RemoteVersion("x", OptionalLong.empty(), Optional.empty()), false, List.of(
          new ByteRange(0, 1, 0))));
      byte[] content = Files.readAllBytes(path);
      Files.delete(path); // by somebody who is not the library
      Files.write(path, content);
      note.delete();
    }
    assertTrue(Files.exists(path));
  }

  @Test
  void largeFileOfZerosIsNoNote() throws Exception {
    Path path = Files.write(folder.resolve("a.part.of"), new byte[100_000]);
    assertTrue(LockedNote.acquire(path, folder.resolve("a"), true).isEmpty());
    assertEquals(100_000, Files.size(path));
  }

  @Test
  void emptyFileBesideACompleteOneIsNotProvenToBeANoteAndStays() throws Exception {
    Path target = Files.writeString(folder.resolve("a"), "complete");
    Path users = Files.createFile(folder.resolve("a.part.of"));
    PartialFile.clearAfter(target);
    assertTrue(Files.exists(users));
  }
}
