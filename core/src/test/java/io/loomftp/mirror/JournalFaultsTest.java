package io.loomftp.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A journal never has an action as done that was not recorded, whatever happens to its file. */
@Timeout(60)
class JournalFaultsTest {
  private final UUID plan = UUID.randomUUID();

  @TempDir Path folder;

  private MirrorJournal open() throws IOException {
    return MirrorJournal.open(folder.resolve("journal"), plan, 200);
  }

  @Test
  void interruptedThreadRecordsItsActionAndStaysInterrupted() throws Exception {
    try (MirrorJournal journal = open()) {
      Thread.currentThread().interrupt();
      journal.done(3);
      assertTrue(Thread.interrupted());
      journal.done(4);
      assertThrows(FileSystemException.class, this::open, "the lock is held as before");
    } finally {
      Thread.interrupted();
    }
    try (MirrorJournal journal = open()) {
      assertTrue(journal.has(3) && journal.has(4));
    }
  }

  @SuppressWarnings("try") // the journal is closed before its block ends
  @Test
  void nothingIsWrittenBehindALineThatFailed() throws Exception {
    try (MirrorJournal journal = open()) {
      journal.done(1);
      journal.close(); // so that the next line fails
      assertThrows(IOException.class, () -> journal.done(12));
      assertThrows(IOException.class, () -> journal.done(3));
    }
    try (MirrorJournal journal = open()) {
      assertTrue(journal.has(1));
      assertFalse(journal.has(12) || journal.has(3) || journal.has(123));
    }
  }

  @Test
  void journalThatAnotherRunDeletesIsCreatedAgain() throws Exception {
    try (MirrorJournal journal = open()) {
      journal.done(3);
      journal.delete();
    }
    assertFalse(Files.exists(folder.resolve("journal")));
    try (MirrorJournal journal = open()) {
      assertFalse(journal.has(3));
      try (FileChannel other = FileChannel.open(folder.resolve("journal"), StandardOpenOption.READ)) {
        assertEquals(plan.toString().length() + 26, other.size());
      }
    }
  }
}
