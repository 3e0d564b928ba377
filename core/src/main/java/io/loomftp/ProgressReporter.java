package io.loomftp;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Notifies a {@link Progress} at a bounded rate and measures the speed of a transfer. For code that moves data outside a
 * session; the transfers of a session have their own.
 *
 * <p>Any number of threads may move data. The progress is called by one of them at a time, in order, and never under a lock:
 * a thread that arrives during a call leaves its notification to the calling thread. What the progress throws is thrown by
 * the call that delivered it, and by every later {@link #moved}.
 */
public final class ProgressReporter {
  private static final long WINDOW = Duration.ofSeconds(3).toNanos();
  private static final long SAMPLE = Duration.ofMillis(50).toNanos();

  private final Progress progress;
  private final long every;
  private final OptionalLong total;
  private final long start = System.nanoTime();

  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Sample> samples = new ArrayDeque<>(); // guarded by lock, as is what follows
  private final Queue<Runnable> calls = new ArrayDeque<>();
  private boolean delivering;
  private long bytes;
  private long told = -1;
  private long toldAt;
  private @Nullable RuntimeException thrown;

  private record Sample(long at, long bytes) {}

  /**
   * Begins to measure.
   *
   * @param every the least time between two notifications, the last excepted
   * @param from bytes of the file that are present already
   * @param total size of the whole file, where it is known
   */
  public ProgressReporter(Progress progress, Duration every, long from, OptionalLong total) {
    this.progress = progress;
    this.every = every.toNanos();
    this.total = total;
    this.bytes = from;
    samples.add(new Sample(0, from));
  }

  /** Counts bytes that were moved; negative when some counted before turned out to be missing. */
  public void moved(long more) {
    lock.lock();
    try {
      bytes += more;
      if (progress.equals(Progress.NONE)) {
        return;
      }
      if (thrown != null) {
        throw thrown;
      }
      long now = System.nanoTime() - start;
      if (now - samples.getLast().at >= SAMPLE) {
        samples.add(new Sample(now, bytes));
        while (samples.size() > 2 && now - samples.getFirst().at > WINDOW) {
          samples.removeFirst();
        }
      }
      if (delivering || (told >= 0 && now - toldAt < every)) {
        return;
      }
      tell(now);
    } finally {
      lock.unlock();
    }
    deliver();
  }

  /** Delivers the last state, unless it was delivered already. */
  public void end() {
    lock.lock();
    try {
      if (progress.equals(Progress.NONE) || told == bytes) {
        return;
      }
      tell(System.nanoTime() - start);
    } finally {
      lock.unlock();
    }
    deliver();
  }

  /** Calls user code in order with the notifications: never at the same time as one, and never under a lock. */
  public void call(Runnable code) {
    lock.lock();
    try {
      calls.add(code);
    } finally {
      lock.unlock();
    }
    deliver();
  }

  /** Bytes of the file that are present. */
  public long bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the progress threw, which ends whatever it follows. */
  public boolean hasThrown() {
    lock.lock();
    try {
      return thrown != null;
    } finally {
      lock.unlock();
    }
  }

  private void tell(long now) {
    told = bytes;
    toldAt = now;
    Progress.State state = state(now);
    calls.add(() -> progress.moved(state));
  }

  private Progress.State state(long now) {
    Sample first = samples.getFirst();
    long time = now - first.at;
    double rate = time < SAMPLE ? 0 : (bytes - first.bytes) * (double) Duration.ofSeconds(1).toNanos() / time;
    Optional<Duration> remaining =
        total.isPresent() && rate > 0
            ? Optional.of(Duration.ofMillis((long) (Math.max(0, total.getAsLong() - bytes) * 1000 / rate)))
            : Optional.empty();
    return new Progress.State(bytes, total, rate, remaining);
  }

  /** Makes the calls that wait, unless another thread is at it: that one makes them then. */
  private void deliver() {
    for (Runnable next = take(true); next != null; next = take(false)) {
      try {
        next.run();
      } catch (Throwable e) {
        failed(e);
        throw e;
      }
    }
  }

  private @Nullable Runnable take(boolean first) {
    lock.lock();
    try {
      if (first && delivering) {
        return null;
      }
      Runnable next = calls.poll();
      delivering = next != null;
      return next;
    } finally {
      lock.unlock();
    }
  }

  private void failed(Throwable e) {
    lock.lock();
    try {
      delivering = false;
      thrown = e instanceof RuntimeException plain ? plain : new IllegalStateException(e);
      calls.clear();
    } finally {
      lock.unlock();
    }
  }
}
