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
  private final Deque<Line> lines = new ArrayDeque<>(LINES);
  private final ReentrantLock guardingLines = new ReentrantLock();

  /** A line and its time, formatted only when somebody reads it. */
  private record Line(long nanos, String text) {
    String shown() {
      return String.format(Locale.ROOT, "%8.3f %s", nanos / 1e9, text);
    }
  }

  /** Adds a line that is free of secrets and control characters. */
  public void add(String line) {
    String kept = line.length() > LINE_LENGTH ? line.substring(0, LINE_LENGTH) + "..." : line;
    Line entry = new Line(System.nanoTime() - start, kept);
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
      return lines.stream().map(Line::shown).toList();
    } finally {
      guardingLines.unlock();
    }
  }
}
