package io.loomftp;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Tells a {@link Progress} at a bounded rate how far a transfer is, and works out how fast it goes. For whoever moves the
 * data themselves; the session's own transfers have one. Used by one thread at a time.
 */
public final class ProgressMeter {
  private static final long WINDOW = Duration.ofSeconds(3).toNanos();
  private static final long SAMPLE = Duration.ofMillis(50).toNanos();

  private final Progress progress;
  private final long every;
  private final OptionalLong total;
  private final long start = System.nanoTime();
  private final ArrayDeque<Sample> samples = new ArrayDeque<>();
  private long bytes;
  private long told = -1;
  private long toldAt;

  private record Sample(long at, long bytes) {}

  /**
   * Begins to measure.
   *
   * @param every the least time between two calls, but for the last
   * @param from bytes of the file that are there already
   * @param total size of the whole, where it is known
   */
  public ProgressMeter(Progress progress, Duration every, long from, OptionalLong total) {
    this.progress = progress;
    this.every = every.toNanos();
    this.total = total;
    this.bytes = from;
    samples.add(new Sample(0, from));
  }

  /** So many bytes more are there. */
  public void moved(long more) {
    bytes += more;
    if (progress.equals(Progress.NONE)) {
      return;
    }
    long now = System.nanoTime() - start;
    if (now - samples.getLast().at >= SAMPLE) {
      samples.add(new Sample(now, bytes));
      while (samples.size() > 2 && now - samples.getFirst().at > WINDOW) {
        samples.removeFirst();
      }
    }
    if (told < 0 || now - toldAt >= every) {
      tell(now);
    }
  }

  /** No more will come: the last state is told, unless it was. */
  public void end() {
    if (!progress.equals(Progress.NONE) && told != bytes) {
      tell(System.nanoTime() - start);
    }
  }

  /** Bytes of the file that are there. */
  public long bytes() {
    return bytes;
  }

  private void tell(long now) {
    told = bytes;
    toldAt = now;
    Sample first = samples.getFirst();
    long time = now - first.at;
    double rate = time < SAMPLE ? 0 : (bytes - first.bytes) * (double) Duration.ofSeconds(1).toNanos() / time;
    Optional<Duration> remaining =
        total.isPresent() && rate > 0
            ? Optional.of(Duration.ofMillis((long) (Math.max(0, total.getAsLong() - bytes) * 1000 / rate)))
            : Optional.empty();
    progress.moved(new Progress.State(bytes, total, rate, remaining));
  }
}
