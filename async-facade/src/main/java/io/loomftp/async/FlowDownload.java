package io.loomftp.async;

import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A download whose blocks go to a subscriber, one block ahead of its demand; the rest stays in the network. */
final class FlowDownload extends StreamDownload implements Flow.Subscription {
  private volatile Flow.@Nullable Subscriber<? super ByteBuffer> subscriber;
  private long demand;
  private @Nullable IllegalArgumentException badRequest;

  FlowDownload(
      SessionLoop session,
      String name,
      String argument,
      Flow.Subscriber<? super ByteBuffer> subscriber,
      Opener opener) {
    super(session, name, argument, opener);
    this.subscriber = subscriber;
  }

  @Override
  void begin() {
    // The subscriber has its subscription already.
  }

  @Override
  void pass(byte[] block) {
    session().monitor().await(() -> demand > 0 || isCancelled());
    if (isCancelled()) {
      return;
    }
    session().monitor().change(() -> demand -= demand == Long.MAX_VALUE ? 0 : 1);
    session().events().addData(new EventLoop.Task(() -> deliver(ByteBuffer.wrap(block)), block.length), this::isCancelled);
  }

  private void deliver(ByteBuffer block) {
    Flow.Subscriber<? super ByteBuffer> to = subscriber;
    if (to == null || isCancelled()) {
      return;
    }
    try {
      to.onNext(block);
    } catch (UncheckedIOException e) {
      Throwable cause = e.getCause();
      failByUserCode(cause == null ? e : cause);
    } catch (RuntimeException | Error e) {
      failByUserCode(e);
    }
  }

  @Override
  void end(boolean complete) {
    // The subscriber is notified when the server's final reply was read.
  }

  // --- the subscription; any thread ---

  @Override
  public void request(long n) {
    if (n <= 0) {
      var bad = new IllegalArgumentException("request(" + n + "): demand must be positive (Reactive Streams, rule 3.9)");
      session().monitor().change(() -> badRequest = bad);
      abort();
      return;
    }
    session().monitor().change(() -> demand = demand + n < 0 ? Long.MAX_VALUE : demand + n);
  }

  @Override
  public void cancel() {
    subscriber = null;
    abort();
    future().cancel(false);
  }

  // --- its end, on the events thread ---

  @Override
  void finish() {
    super.finish();
    tell(trouble());
  }

  @Override
  void dropped(Throwable reason) {
    super.dropped(reason);
    tell(reason);
  }

  private void tell(@Nullable Throwable reason) {
    Flow.Subscriber<? super ByteBuffer> to = subscriber;
    subscriber = null;
    if (to == null) {
      return;
    }
    Throwable known = badRequest != null ? badRequest : reason;
    if (known == null && future().isCompletedExceptionally()) {
      known = new CancellationException("the download was aborted");
    }
    if (known == null) {
      to.onComplete();
    } else {
      to.onError(known);
    }
  }
}
