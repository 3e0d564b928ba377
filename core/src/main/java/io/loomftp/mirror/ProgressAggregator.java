package io.loomftp.mirror;

import io.loomftp.Progress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Adds up what several sessions move, and tells it at a bounded rate. */
final class ProgressAggregator {
  private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(200);

  private final MirrorProgress progress;
  private final long totalFiles;
  private final long totalBytes;
  private final long started = System.nanoTime();
  private final ReentrantLock lock = new ReentrantLock();
  private long files; // guarded by lock, as is what follows
  private long bytes;
  private long told = started;
  private volatile @Nullable RuntimeException thrown;

  ProgressAggregator(MirrorProgress progress, long totalFiles, long totalBytes) {
    this.progress = progress;
    this.totalFiles = totalFiles;
    this.totalBytes = totalBytes;
  }

  /** Follows one transfer, and tells the one who asked to follow it himself. */
  Follower follow(Progress other) {
    return new Follower(other);
  }

  /** What one transfer moves. */
  final class Follower implements Progress {
    private final Progress other;
    private long counted;

    private Follower(Progress other) {
      this.other = other;
    }

    @Override
    public void moved(State state) {
      long more = state.bytes() - counted;
      counted = state.bytes();
      add(more);
      other.moved(state);
    }

    /** Counts what was moved in truth: less than was told when a part was there before. */
    void settle(long moved) {
      add(moved - counted);
      counted = moved;
    }
  }

  private void add(long more) {
    tell(
        () -> {
          bytes += more;
          long now = System.nanoTime();
          if (now - told >= INTERVAL) {
            told = now;
            progress.moved(state());
          }
        });
  }

  /** One at a time. What the progress throws is remembered: it is to end everything. */
  private void tell(Runnable what) {
    lock.lock();
    try {
      what.run();
    } catch (RuntimeException e) {
      thrown = e;
      throw e;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the progress has thrown something. */
  boolean isCalledOff() {
    return thrown != null;
  }

  void finished(MirrorResult result) {
    tell(
        () -> {
          files += result.action().kind() == MirrorAction.Kind.TRANSFER ? 1 : 0;
          progress.finished(result);
        });
  }

  void last() {
    tell(() -> progress.moved(state()));
  }

  long bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  private MirrorProgress.State state() {
    double seconds = (System.nanoTime() - started) / 1e9;
    double rate = seconds > 0 ? bytes / seconds : 0;
    long left = Math.max(0, totalBytes - bytes);
    Optional<Duration> remaining =
        rate > 0 ? Optional.of(Duration.ofMillis((long) (left / rate * 1000))) : Optional.empty();
    return new MirrorProgress.State(files, totalFiles, bytes, totalBytes, rate, remaining);
  }
}
