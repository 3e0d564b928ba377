package io.loomftp;

import java.time.Duration;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Records durations; bounded in memory, and safe for use by any number of threads, none of which waits for another. */
final class LatencyRecorder {
  private final LongAdder[] counts =
      Stream.generate(LongAdder::new).limit(LatencyHistogram.BUCKETS).toArray(LongAdder[]::new);
  private final LongAdder totalNanos = new LongAdder();
  private final LongAccumulator maxNanos = new LongAccumulator(Math::max, 0);

  void record(Duration duration) {
    long nanos = duration.toNanos();
    maxNanos.accumulate(nanos);
    totalNanos.add(nanos);
    counts[LatencyHistogram.index(nanos)].increment();
  }

  LatencyHistogram snapshot() {
    long[] now = IntStream.range(0, counts.length).mapToLong(i -> counts[i].sum()).toArray();
    return new LatencyHistogram(now, totalNanos.sum(), maxNanos.get());
  }
}
