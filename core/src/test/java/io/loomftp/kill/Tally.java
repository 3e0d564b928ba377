package io.loomftp.kill;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Counts what the interruptions of one job at one server met. */
final class Tally {
  /** How the job is interrupted. */
  enum Way {
    SIGKILL,
    FIN,
    RST,
    STALL
  }

  private final Map<Way, int[]> moments = new EnumMap<>(Way.class);
  private int unreached;
  private int survived;
  private int finished;
  private int late;
  private long savedBytes;
  private long longestNanos;

  /** One interruption, when so many of all the bytes of data had been moved. */
  void reached(Way way, long moved, long total) {
    int[] counts = moments.computeIfAbsent(way, w -> new int[3]);
    counts[moved == 0 ? 0 : moved < total ? 1 : 2]++;
  }

  /** It was over before. */
  void unreached() {
    unreached++;
  }

  /** It said that all went well in spite of it. */
  void survived() {
    survived++;
  }

  /** What was there before it ran again: everything, and so many bytes of what was not there whole. */
  void found(boolean everything, long partialBytes) {
    finished += everything ? 1 : 0;
    savedBytes += partialBytes;
  }

  /** A temporary file that a session made which was lost already. */
  void late() {
    late++;
  }

  void took(long nanos) {
    longestNanos = Math.max(longestNanos, nanos);
  }

  int all() {
    return moments.values().stream().mapToInt(counts -> counts[0] + counts[1] + counts[2]).sum();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "%d interruptions", all()));
    moments.forEach((way, counts) -> text.append(String.format(Locale.ROOT, ", %s %d/%d/%d", way, counts[0], counts[1],
        counts[2])));
    return text
        + String.format(
            Locale.ROOT,
            " (before/within/after the data); %d not reached; %d went well in spite of it; %d times all was there before"
                + " the second run, %,d bytes of parts were not sent again; %d temporary files of lost"
                + " sessions; longest interrupted run %.1f s",
            unreached, survived, finished, savedBytes, late, longestNanos / 1e9);
  }
}
