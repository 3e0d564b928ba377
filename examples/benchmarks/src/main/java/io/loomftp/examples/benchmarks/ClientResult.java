package io.loomftp.examples.benchmarks;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What one client took for the work of a row.
 *
 * @param client its name
 * @param external whether it ran in a process of its own
 * @param samples one for each round that counts
 */
record ClientResult(String client, boolean external, List<Sample> samples) {
  /** Takes a copy of the samples. */
  ClientResult {
    samples = List.copyOf(samples);
  }

  /** Wall time in seconds. */
  Spread wall() {
    return Spread.of(samples, Sample::wall);
  }

  /** Processor time in seconds. */
  Spread cpu() {
    return Spread.of(samples, Sample::cpu);
  }

  /** A figure by its name; NaN where it is missing. */
  Spread figure(String name) {
    ToDoubleFunction<Sample> figure = sample -> sample.figures().getOrDefault(name, Double.NaN);
    return Spread.of(samples, figure);
  }
}
