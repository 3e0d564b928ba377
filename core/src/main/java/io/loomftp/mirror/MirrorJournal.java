package io.loomftp.mirror;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Remembers which actions of a plan are done, beyond the end of this JVM: a file with a line for each, forced to disk when the
 * action is done and verified. A line that was cut short does not count.
 *
 * <p>The first line says that the file is a journal, and of which plan. A file that begins otherwise is never changed. The file
 * is locked while it is open.
 */
final class MirrorJournal implements AutoCloseable {
  private static final String MAGIC = "loomftp-mirror-journal\t1\t";
  private static final String DONE = "\tdone";
  private static final int LONGEST_HEAD = 200; // bytes; a magic line is shorter

  private final Path file;
  private final FileChannel channel;
  private final BitSet before = new BitSet();

  private final ReentrantLock lock = new ReentrantLock();
  private long written; // lines; guarded by lock
  private final ReentrantLock forceLock = new ReentrantLock();
  private long forced; // lines; guarded by forceLock

  private MirrorJournal(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Opens the journal of a plan. One of the same plan is continued; one of another plan is replaced.
   *
   * @param actions the number of actions of the plan
   * @throws FileAlreadyExistsException when the file is not a journal
   * @throws IOException when it cannot be read or written, or another run uses it
   */
  static MirrorJournal open(Path file, UUID plan, int actions) throws IOException {
    FileChannel channel = openExclusively(file);
    try {
      MirrorJournal journal = new MirrorJournal(file, channel);
      journal.begin(MAGIC + plan, actions);
      return journal;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static FileChannel openExclusively(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE,
            LinkOption.NOFOLLOW_LINKS);
    FileLock held = null;
    try {
      held = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // held stays null: another run of this JVM has it
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    if (held == null) {
      channel.close();
      throw new FileSystemException(file.toString(), null, "is the journal of a mirror that is running");
    }
    return channel;
  }

  private void begin(String first, int actions) throws IOException {
    String head = head();
    if (!head.isEmpty() && !isJournal(head)) {
      throw new FileAlreadyExistsException(file.toString(), null, "is not the journal of a mirror: choose another path");
    }
    if (head.startsWith(first + "\n")) {
      read(actions);
      channel.position(channel.size());
      write("\n"); // ends a line that was cut short
    } else {
      channel.truncate(0);
      channel.position(0);
      write(first + "\n");
    }
    channel.force(true);
  }

  private String head() throws IOException {
    ByteBuffer head = ByteBuffer.allocate(LONGEST_HEAD);
    for (int n = 0; n >= 0 && head.hasRemaining();) {
      n = channel.read(head, head.position());
    }
    return new String(head.array(), 0, head.position(), StandardCharsets.ISO_8859_1);
  }

  /** A journal that was cut short before the end of its first line is one, too. */
  private static boolean isJournal(String head) {
    return head.startsWith(MAGIC) || MAGIC.startsWith(head);
  }

  private void read(int actions) throws IOException {
    channel.position(0);
    // Not closed: that would close the channel.
    BufferedReader in = new BufferedReader(Channels.newReader(channel, StandardCharsets.ISO_8859_1));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      int index = index(line);
      if (index >= 0 && index < actions) {
        before.set(index);
      }
    }
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

  private void write(String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
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
      write(index + DONE + "\n");
      mine = ++written;
    } finally {
      lock.unlock();
    }
    force(mine);
  }

  /** One thread forces the lines of all that wait. */
  private void force(long line) throws IOException {
    forceLock.lock();
    try {
      if (forced >= line) {
        return;
      }
      long upTo = written();
      channel.force(false);
      forced = upTo;
    } finally {
      forceLock.unlock();
    }
  }

  private long written() {
    lock.lock();
    try {
      return written;
    } finally {
      lock.unlock();
    }
  }

  /** Deletes the file: every action is done. */
  void delete() throws IOException {
    close();
    Files.deleteIfExists(file);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
