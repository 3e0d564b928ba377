package io.loomftp.mirror;

import io.loomftp.Progress;
import io.loomftp.ProgressReporter;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Adds up the progress of several transfers and reports it through one {@link ProgressReporter}. */
final class ProgressAggregator {
  private static final Duration INTERVAL = Duration.ofMillis(200);

  private final MirrorProgress progress;
  private final ProgressReporter reporter;
  private final AtomicLong files = new AtomicLong();
  private volatile MirrorProgress.@Nullable State last;

  ProgressAggregator(MirrorProgress progress, long totalFiles, long totalBytes) {
    this.progress = progress;
    Progress total =
        state -> {
          MirrorProgress.State now =
              new MirrorProgress.State(
                  files.get(), totalFiles, state.bytes(), totalBytes, state.bytesPerSecond(), state.remaining());
          last = now;
          progress.moved(now);
        };
    this.reporter = new ProgressReporter(total, INTERVAL, 0, OptionalLong.of(totalBytes));
  }

  /** The progress of one transfer, passed on to the caller's own as well. */
  TransferProgress follow(Progress own) {
    return new TransferProgress(own);
  }

  /** Counts the bytes of one transfer; used by the thread that runs it. */
  final class TransferProgress implements Progress {
    private final Progress own;
    private long counted;

    private TransferProgress(Progress own) {
      this.own = own;
    }

    @Override
    public void moved(State state) {
      long more = state.bytes() - counted;
      counted = state.bytes();
      reporter.moved(more);
      own.moved(state);
    }

    /** Corrects the count at the end: a resumed transfer moves fewer bytes than the file has. */
    void finish(long moved) {
      reporter.moved(moved - counted);
      counted = moved;
    }
  }

  /** Whether the progress threw, which ends the run. */
  boolean hasThrown() {
    return reporter.hasThrown();
  }

  void finished(MirrorResult result) {
    reporter.call(
        () -> {
          if (result.action().kind() == MirrorAction.Kind.TRANSFER) {
            files.incrementAndGet();
          }
          progress.finished(result);
        });
  }

  /** Reports the final state of the transfers. */
  void end() {
    reporter.end();
    MirrorProgress.State state = last;
    if (state != null && state.files() < files.get()) {
      MirrorProgress.State end =
          new MirrorProgress.State(
              files.get(), state.totalFiles(), bytes(), state.totalBytes(), state.bytesPerSecond(), state.remaining());
      reporter.call(() -> progress.moved(end));
    }
  }

  long bytes() {
    return reporter.bytes();
  }
}
