package io.loomftp.examples.benchmarks;

import java.util.Collection;
import java.util.function.ToDoubleFunction;

/**
 * The median of some values, and how far they lie apart.
 *
 * @param median the middle one; of an even number the upper of the two
 * @param lowest the lowest
 * @param highest the highest
 */
record Spread(double median, double lowest, double highest) {
  /** Of a property of some things; all are 0 when there are none. */
  static <T> Spread of(Collection<T> things, ToDoubleFunction<? super T> property) {
    double[] sorted = things.stream().mapToDouble(property).sorted().toArray();
    return sorted.length == 0
        ? new Spread(0, 0, 0)
        : new Spread(sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
  }
}
