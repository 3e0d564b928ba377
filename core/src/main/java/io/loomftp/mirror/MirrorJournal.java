package io.loomftp.mirror;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which actions of a plan are done, over the end of this JVM: a file with a line for each, written when it is done
 * and verified. A line that was cut short is no line.
 */
final class MirrorJournal implements AutoCloseable {
  private static final String FIRST = "loomftp-mirror-journal\t1\t";
  private static final String DONE = "\tdone";

  private final @Nullable Path file;
  private final @Nullable OutputStream out;
  private final BitSet before;
  private final ReentrantLock lock = new ReentrantLock();

  private MirrorJournal(@Nullable Path file, @Nullable OutputStream out, BitSet before) {
    this.file = file;
    this.out = out;
    this.before = before;
  }

  /** The journal of a plan, which goes on where it was if it is there; one that remembers nothing if the plan has none. */
  static MirrorJournal of(MirrorPlan plan) throws IOException {
    Path file = plan.journal().orElse(null);
    if (file == null) {
      return new MirrorJournal(null, null, new BitSet());
    }
    String first = FIRST + plan.id();
    BitSet before = read(file, first, plan.actions().size());
    if (before == null) {
      Files.writeString(file, first + "\n", StandardCharsets.US_ASCII);
      before = new BitSet();
    }
    OutputStream out = Files.newOutputStream(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    try {
      out.write('\n'); // ends a line that was cut short
      return new MirrorJournal(file, out, before);
    } catch (IOException e) {
      out.close();
      throw e;
    }
  }

  private static @Nullable BitSet read(Path file, String first, int actions) throws IOException {
    if (!Files.exists(file)) {
      return null;
    }
    BitSet done = new BitSet(actions);
    try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      if (!first.equals(in.readLine())) {
        return null;
      }
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        int index = index(line);
        if (index >= 0 && index < actions) {
          done.set(index);
        }
      }
    }
    return done;
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

  /** Whether the action of that number was done before this journal was opened. */
  boolean has(int index) {
    return before.get(index);
  }

  /** Writes down that the action of that number is done. */
  void done(int index) throws IOException {
    if (out == null) {
      return;
    }
    byte[] line = (index + DONE + "\n").getBytes(StandardCharsets.US_ASCII);
    lock.lock();
    try {
      out.write(line);
    } finally {
      lock.unlock();
    }
  }

  /** Everything is done: there is nothing to be remembered. */
  void delete() throws IOException {
    close();
    if (file != null) {
      Files.deleteIfExists(file);
    }
  }

  @Override
  public void close() throws IOException {
    if (out != null) {
      out.close();
    }
  }
}
