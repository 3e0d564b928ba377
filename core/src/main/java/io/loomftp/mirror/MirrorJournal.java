package io.loomftp.mirror;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which actions of a plan are done, beyond the end of this JVM: a file with a line for each, forced to disk when the
 * action is done and verified. A line that was cut short does not count.
 *
 * <p>The first line says that the file is a journal, and of which plan. A file that begins otherwise is never changed. The file
 * is locked while it is open.
 */
final class MirrorJournal implements AutoCloseable {
  private static final String DONE = "\tdone";
  private static final int LONGEST_HEAD = 200; // bytes; a magic line is shorter

  private final Path path;
  private final JournalFile file;
  private final BitSet before = new BitSet();

  private final ReentrantLock lock = new ReentrantLock();
  private final StringBuilder waiting = new StringBuilder(); // lines to write; guarded by lock
  private long added; // lines; guarded by lock

  private final ReentrantLock writing = new ReentrantLock();
  private long end; // of the file; guarded by writing, as is what follows
  private long forced; // lines
  private @Nullable IOException failure;

  private MirrorJournal(Path path, JournalFile file) {
    this.path = path;
    this.file = file;
  }

  /**
   * Opens the journal of a plan. One of the same plan is continued; one of another plan is replaced.
   *
   * @param actions the number of actions of the plan
   * @throws FileAlreadyExistsException when the file is not a journal
   * @throws IOException when it cannot be read or written, or another run uses it
   */
  static MirrorJournal open(Path path, UUID plan, int actions) throws IOException {
    JournalFile file = JournalFile.open(path);
    try {
      MirrorJournal journal = new MirrorJournal(path, file);
      journal.begin(JournalFile.MAGIC + plan, actions);
      return journal;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private void begin(String first, int actions) throws IOException {
    if (text(file.read(0, LONGEST_HEAD)).startsWith(first + "\n")) {
      read(actions);
      end = file.size();
      write("\n"); // ends a line that was cut short
    } else {
      file.truncate(0);
      write(first + "\n");
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private void read(int actions) throws IOException {
    text(file.read(0, Integer.MAX_VALUE - LONGEST_HEAD)).lines().forEach(line -> {
      int index = index(line);
      if (index >= 0 && index < actions) {
        before.set(index);
      }
    });
  }

  private static int index(String line) {
    if (!line.endsWith(DONE)) {
      return -1;
    }
    try {
      return Integer.parseInt(line.substring(0, line.length() - DONE.length()));
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** Appends it and forces it to the disk. */
  private void write(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    file.write(bytes, 0, bytes.length, end);
    file.force();
    end += bytes.length;
  }

  /** Whether the action of that number was done before this journal was opened. */
  boolean has(int index) {
    return before.get(index);
  }

  /** Records that the action of that number is done; on disk when this returns. */
  void done(int index) throws IOException {
    long mine;
    lock.lock();
    try {
      waiting.append(index).append(DONE).append('\n');
      mine = ++added;
    } finally {
      lock.unlock();
    }
    writeUpTo(mine);
  }

  /** One thread writes the lines of all that wait. Nothing is written behind a line that may be incomplete. */
  private void writeUpTo(long line) throws IOException {
    writing.lock();
    try {
      if (forced >= line) {
        return;
      }
      if (failure != null) {
        throw new IOException(path + ": an earlier line could not be written: " + failure.getMessage(), failure);
      }
      String lines;
      long upTo;
      lock.lock();
      try {
        lines = waiting.toString();
        waiting.setLength(0);
        upTo = added;
      } finally {
        lock.unlock();
      }
      write(lines);
      forced = upTo;
    } catch (IOException e) {
      failure = failure == null ? e : failure;
      throw e;
    } finally {
      writing.unlock();
    }
  }

  /** Deletes the file: every action is done. */
  void delete() throws IOException {
    try (file) {
      file.delete();
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
