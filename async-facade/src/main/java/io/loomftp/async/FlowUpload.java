package io.loomftp.async;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** {@code put} of the data of a publisher, which is requested one buffer at a time while the send window has room. */
final class FlowUpload extends StreamUpload implements Flow.Subscriber<ByteBuffer> {
  private final Flow.Publisher<? extends ByteBuffer> source;
  private final ReentrantLock lock = new ReentrantLock();
  private Flow.@Nullable Subscription subscription; // guarded by lock, as is what follows
  private boolean asked;
  private boolean finished; // the publisher has said so
  private boolean over;

  FlowUpload(SessionLoop session, String path, Flow.Publisher<? extends ByteBuffer> source, Opener opener) {
    super(session, path, opener);
    this.source = Objects.requireNonNull(source);
  }

  @Override
  void begin() {
    // Nothing is requested before the transfer has begun.
  }

  @Override
  void opened() {
    try {
      source.subscribe(this);
    } catch (Throwable e) {
      failByUserCode(e);
    }
  }

  @Override
  void over() {
    Flow.Subscription left;
    lock.lock();
    try {
      over = true;
      left = subscription;
    } finally {
      lock.unlock();
    }
    if (left != null) {
      try {
        left.cancel();
      } catch (Throwable e) {
        ListenerErrors.log("the publisher of " + argument() + " threw when it was cancelled", e);
      }
    }
  }

  // --- the subscriber; on any thread of the publisher ---

  @Override
  public void onSubscribe(Flow.Subscription offered) {
    Objects.requireNonNull(offered);
    boolean wanted;
    lock.lock();
    try {
      wanted = subscription == null && !over;
      if (wanted) {
        subscription = offered;
      }
    } finally {
      lock.unlock();
    }
    if (wanted) {
      askForMore();
    } else {
      offered.cancel();
    }
  }

  @Override
  public void onNext(ByteBuffer data) {
    if (data == null) {
      throw refused("a publisher gave null for data");
    }
    if (hasFinished(false)) {
      return;
    }
    window().add(new SendBuffer.Piece(data, this::askForMore));
    lock.lock();
    try {
      asked = finished;
    } finally {
      lock.unlock();
    }
    askForMore();
  }

  private void askForMore() {
    Flow.Subscription from;
    lock.lock();
    try {
      from = asked || over || window().isFullWith(1) ? null : subscription;
      asked |= from != null;
    } finally {
      lock.unlock();
    }
    if (from != null) {
      try {
        from.request(1);
      } catch (Throwable e) {
        failByUserCode(e);
      }
    }
  }

  @Override
  public void onError(Throwable reason) {
    if (reason == null) {
      throw refused("a publisher gave null for its failure");
    }
    if (!hasFinished(true)) {
      window().fail(reason);
      failByUserCode(reason);
    }
  }

  @Override
  public void onComplete() {
    if (!hasFinished(true)) {
      window().close();
    }
  }

  /** Whether the publisher has given its last signal; what comes behind it is not taken. */
  private boolean hasFinished(boolean last) {
    lock.lock();
    try {
      boolean before = finished;
      finished |= last;
      asked |= last;
      return before;
    } finally {
      lock.unlock();
    }
  }

  private NullPointerException refused(String why) {
    NullPointerException reason = new NullPointerException(why);
    failByUserCode(reason);
    return reason;
  }
}
