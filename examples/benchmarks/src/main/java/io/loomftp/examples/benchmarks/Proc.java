package io.loomftp.examples.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What Linux tells of processes below {@code /proc}; 0 where there is none. */
final class Proc {
  private static final double TICKS_PER_SECOND = 100; // USER_HZ of every Linux
  private static final int CUTIME = 13; // words behind the name of the process
  private static final int CSTIME = 14;

  private Proc() {}

  /** The processor time of child processes that have ended, in seconds, with a resolution of 10 ms. */
  static double childrenSeconds() {
    try {
      String all = Files.readString(Path.of("/proc/self/stat"));
      String[] words = all.substring(all.lastIndexOf(')') + 2).split(" ", -1);
      return (Long.parseLong(words[CUTIME]) + Long.parseLong(words[CSTIME])) / TICKS_PER_SECOND;
    } catch (IOException e) {
      return 0;
    }
  }

  /** The most memory that was resident in a process so far, in KiB. */
  static long peakKilobytes(long pid) {
    return kilobytes(Path.of("/proc", String.valueOf(pid), "status"), "VmHWM:");
  }

  private static long kilobytes(Path file, String key) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.filter(line -> line.startsWith(key))
          .findFirst()
          .map(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .orElse(0L);
    } catch (IOException | UncheckedIOException e) {
      return 0; // the process has ended
    }
  }
}
