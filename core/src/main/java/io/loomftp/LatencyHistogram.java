package io.loomftp;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/**
 * The distribution of durations at one moment; immutable.
 *
 * <p>Durations are counted in buckets of at least 1,024 ns, sixteen for each power of two, up to 73 minutes; longer ones count
 * as that long in quantiles. A quantile is therefore at most 1/32 (3.2 %) of its value, or 512 ns where that is more, away
 * from the duration that has this rank.
 */
public final class LatencyHistogram {
  private static final int UNIT_BITS = 10; // 1,024 ns
  private static final int SUB_BITS = 4; // 16 buckets for each power of two
  private static final long LONGEST = (1L << 42) - 1; // ns: 73 minutes
  static final int BUCKETS = index(LONGEST) + 1;

  private final long[] counts;
  private final long count;
  private final long totalNanos;
  private final long maxNanos;

  LatencyHistogram(long[] counts, long totalNanos, long maxNanos) {
    this.counts = counts.clone();
    this.count = Arrays.stream(counts).sum();
    this.totalNanos = totalNanos;
    this.maxNanos = maxNanos;
  }

  /** The bucket of a duration. */
  static int index(long nanos) {
    long units = Math.clamp(nanos, 0, LONGEST) >> UNIT_BITS;
    int shift = Math.max(0, 63 - Long.numberOfLeadingZeros(units | 1) - SUB_BITS);
    return (shift << SUB_BITS) + (int) (units >> shift);
  }

  /** The middle of a bucket, in nanoseconds. */
  private static long middle(int index) {
    int shift = Math.max(0, (index >> SUB_BITS) - 1);
    long lowest = (long) (index - (shift << SUB_BITS)) << (shift + UNIT_BITS);
    return lowest + (1L << (shift + UNIT_BITS - 1));
  }

  /** How many durations were recorded. */
  public long count() {
    return count;
  }

  /** Their sum. */
  public Duration total() {
    return Duration.ofNanos(totalNanos);
  }

  /** Their mean; zero when there are none. */
  public Duration mean() {
    return Duration.ofNanos(count == 0 ? 0 : totalNanos / count);
  }

  /** The longest, exactly; zero when there are none. */
  public Duration max() {
    return Duration.ofNanos(maxNanos);
  }

  /**
   * The duration that this share of all durations does not exceed (nearest rank), as exact as the class comment says; zero when
   * there are none.
   *
   * @param share above 0, at most 1: 0.5 is the median, 0.99 the 99th percentile
   * @throws IllegalArgumentException for another share
   */
  public Duration quantile(double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("not a share above 0 and up to 1: " + share);
    }
    long rank = Math.clamp((long) Math.ceil(share * count), 1, Math.max(1, count));
    long passed = 0;
    for (int i = 0; i < counts.length; i++) {
      passed += counts[i];
      if (passed >= rank) {
        return Duration.ofNanos(Math.min(middle(i), maxNanos));
      }
    }
    return Duration.ZERO;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%d, median %.3f ms, 99 %% %.3f ms, longest %.3f ms", count, quantile(0.5).toNanos() / 1e6,
        quantile(0.99).toNanos() / 1e6, maxNanos / 1e6);
  }
}
