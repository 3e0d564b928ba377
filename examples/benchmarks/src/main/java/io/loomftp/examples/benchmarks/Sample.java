package io.loomftp.examples.benchmarks;

import java.util.Map;

/**
 * What one round of one client took.
 *
 * @param wall seconds
 * @param cpu seconds of processor time: of this process and of children that ended meanwhile; for an external program of those
 *     children alone
 * @param peak bytes: of heap in use at its peak, above what was in use before; for an external program the most that was seen
 *     to be resident
 * @param allocated bytes of heap that all threads allocated together; 0 for an external program
 * @param figures what the work found out by itself, by name
 */
record Sample(double wall, double cpu, double peak, double allocated, Map<String, Double> figures) {
  /** Takes a copy of the figures. */
  Sample {
    figures = Map.copyOf(figures);
  }
}
