package io.loomftp.async;

import io.loomftp.Progress;
import io.loomftp.ProgressReporter;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** {@code put} of the data of a publisher, which is requested one buffer at a time while the send window has room. */
final class FlowUpload extends StreamUpload implements Flow.Subscriber<ByteBuffer> {
  private final Flow.Publisher<? extends ByteBuffer> source;
  private Flow.@Nullable Subscription subscription;
  private final Progress progress;
  private final ProgressReporter reporter;
  private boolean asked;
  private boolean over;

  FlowUpload(
      SessionLoop session, String path, Flow.Publisher<? extends ByteBuffer> source, Progress progress, Opener opener) {
    super(session, path, opener);
    this.source = source;
    this.progress = progress;
    this.reporter = new ProgressReporter(progress, Duration.ZERO, 0, OptionalLong.empty());
  }

  @Override
  void begin() {
    // Nothing is requested before the transfer has begun.
  }

  @Override
  void opened() {
    onEventsThread(() -> source.subscribe(this));
  }

  /** Calls code of the user; the upload fails when it throws. */
  private void onEventsThread(Runnable work) {
    session()
        .events()
        .add(
            new EventLoop.Task(
                () -> {
                  try {
                    work.run();
                  } catch (RuntimeException | Error e) {
                    failByUserCode(e);
                  }
                },
                0));
  }

  @Override
  void over() {
    Flow.Subscription left = null;
    session().monitor().lock();
    try {
      over = true;
      left = subscription;
    } finally {
      session().monitor().unlock();
    }
    if (left != null) {
      onEventsThread(left::cancel);
    }
  }

  // --- the subscriber; on any thread of the publisher ---

  @Override
  public void onSubscribe(Flow.Subscription offered) {
    Objects.requireNonNull(offered);
    boolean wanted;
    session().monitor().lock();
    try {
      wanted = subscription == null && !over;
      if (wanted) {
        subscription = offered;
      }
    } finally {
      session().monitor().unlock();
    }
    if (wanted) {
      askForMore(offered);
    } else {
      offered.cancel();
    }
  }

  @Override
  public void onNext(ByteBuffer data) {
    Objects.requireNonNull(data);
    Flow.Subscription from;
    session().monitor().lock();
    try {
      asked = false;
      from = subscription;
      if (!over) {
        int bytes = data.remaining();
        window().add(new SendBuffer.Piece(data, () -> written(bytes)));
      }
    } finally {
      session().monitor().unlock();
    }
    if (from != null) {
      askForMore(from);
    }
  }

  private void written(int bytes) {
    Flow.Subscription from;
    session().monitor().lock();
    try {
      from = asked || over ? null : subscription;
    } finally {
      session().monitor().unlock();
    }
    if (!progress.equals(Progress.NONE)) {
      onEventsThread(() -> reporter.moved(bytes));
    }
    if (from != null) {
      onEventsThread(() -> askForMore(from));
    }
  }

  private void askForMore(Flow.Subscription from) {
    boolean ask;
    session().monitor().lock();
    try {
      ask = !asked && !over && !window().isFullWith(1);
      asked |= ask;
    } finally {
      session().monitor().unlock();
    }
    if (ask) {
      from.request(1);
    }
  }

  @Override
  public void onError(Throwable reason) {
    window().fail(Objects.requireNonNull(reason));
    failByUserCode(reason);
  }

  @Override
  public void onComplete() {
    session().monitor().change(() -> asked = true);
    window().close();
  }
}
