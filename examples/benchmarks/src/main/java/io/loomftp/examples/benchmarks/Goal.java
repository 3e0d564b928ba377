package io.loomftp.examples.benchmarks;

import java.util.Locale;

/**
 * What is wanted of a ratio: that one client takes at most so much of another's wall and processor time.
 *
 * @param client the one
 * @param peer the other
 * @param wall the most, or infinity when nothing is wanted
 * @param cpu the most, or infinity when nothing is wanted
 */
record Goal(String client, String peer, double wall, double cpu) {
  private static final double ANY = Double.POSITIVE_INFINITY;

  /** A goal for wall time. */
  static Goal wall(String client, String peer, double most) {
    return new Goal(client, peer, most, ANY);
  }

  /** A goal for processor time. */
  static Goal cpu(String client, String peer, double most) {
    return new Goal(client, peer, ANY, most);
  }

  /** A goal for both. */
  static Goal both(String client, String peer, double wall, double cpu) {
    return new Goal(client, peer, wall, cpu);
  }

  /** Whether two ratios are good enough, rounded as they are shown. */
  boolean isReached(double wallRatio, double cpuRatio) {
    return rounded(wallRatio) <= wall && rounded(cpuRatio) <= cpu;
  }

  private static double rounded(double ratio) {
    return Math.round(ratio * 100) / 100.0;
  }

  /** The goal in words. */
  String words() {
    String wallWords = wall == ANY ? "" : String.format(Locale.ROOT, "wall at most %.2f", wall);
    String cpuWords = cpu == ANY ? "" : String.format(Locale.ROOT, "CPU at most %.2f", cpu);
    return wallWords + (wallWords.isEmpty() || cpuWords.isEmpty() ? "" : ", ") + cpuWords;
  }
}
