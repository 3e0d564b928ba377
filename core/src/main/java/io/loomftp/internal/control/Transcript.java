package io.loomftp.internal.control;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;

/** The last lines of the control conversation, with the seconds since the session began. Safe for use by several threads. */
public final class Transcript {
  private static final int LINES = 50;
  private static final int LINE_LENGTH = 500;

  private final long start = System.nanoTime();
  private final Deque<String> lines = new ArrayDeque<>(LINES);
  private final ReentrantLock guardingLines = new ReentrantLock();

  /** Adds a line that is free of secrets and control characters. */
  public void add(String line) {
    double seconds = (System.nanoTime() - start) / 1e9;
    String shown = line.length() > LINE_LENGTH ? line.substring(0, LINE_LENGTH) + "..." : line;
    String entry = String.format(Locale.ROOT, "%8.3f %s", seconds, shown);
    guardingLines.lock();
    try {
      if (lines.size() == LINES) {
        lines.removeFirst();
      }
      lines.addLast(entry);
    } finally {
      guardingLines.unlock();
    }
  }

  /** The kept lines, oldest first. */
  public List<String> lines() {
    guardingLines.lock();
    try {
      return List.copyOf(lines);
    } finally {
      guardingLines.unlock();
    }
  }
}
