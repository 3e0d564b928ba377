package io.loomftp.async;

import io.loomftp.Progress;
import io.loomftp.ProgressReporter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A subscriber that writes to a stream of the user, on the events thread. */
final class StreamSink implements Flow.Subscriber<ByteBuffer> {
  private static final int AHEAD = 4;

  private final OutputStream out;
  private final ProgressReporter reporter;
  private Flow.@Nullable Subscription subscription;

  StreamSink(OutputStream out, Progress progress) {
    this.out = out;
    this.reporter = new ProgressReporter(progress, Duration.ZERO, 0, OptionalLong.empty());
  }

  @Override
  public void onSubscribe(Flow.Subscription offered) {
    subscription = offered;
    offered.request(AHEAD);
  }

  @Override
  public void onNext(ByteBuffer block) {
    try {
      out.write(block.array(), block.arrayOffset() + block.position(), block.remaining());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    reporter.moved(block.remaining());
    Flow.Subscription from = subscription;
    if (from != null) {
      from.request(1);
    }
  }

  @Override
  public void onError(Throwable reason) {
    // The future of the download fails.
  }

  @Override
  public void onComplete() {
    reporter.end();
  }
}
