package io.loomftp.async;

import io.loomftp.FtpException;
import io.loomftp.FtpSession;
import io.loomftp.TransferResult;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A download whose items go to a subscriber, on the session's thread and as it demands; the rest stays in the network. */
final class FlowDownload<T> extends TransferOperation<TransferResult> implements Flow.Subscription {
  private final Opener<T> opener;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile Flow.@Nullable Subscriber<? super T> subscriber;
  private long demand; // guarded by lock
  private volatile @Nullable IllegalArgumentException badRequest;

  FlowDownload(
      SessionLoop session, String name, String argument, Flow.Subscriber<? super T> subscriber, Opener<T> opener) {
    super(session, name, argument);
    this.subscriber = subscriber;
    this.opener = opener;
  }

  /** The items of one download. */
  interface Items<T> extends AutoCloseable {
    /** The next item; null at the end, which the server has confirmed. */
    @Nullable
    T next() throws IOException;

    /** The bytes read so far. */
    long bytes();

    /** The result of the transfer, after the end. */
    Optional<TransferResult> result();

    @Override
    void close() throws FtpException;
  }

  /** Begins the download. */
  @FunctionalInterface
  interface Opener<T> {
    Items<T> open(FtpSession ftp, FlowDownload<T> operation) throws FtpException;
  }

  @Override
  Outcome<TransferResult> run() throws Exception {
    try (Items<T> items = opener.open(session().open(), this)) {
      while (true) {
        T item = items.next();
        if (item == null) {
          Optional<TransferResult> result = items.result();
          return new Outcome<>(result.orElse(null), name().isEmpty() ? null : done(result));
        }
        awaitDemand();
        deliver(item);
        if (isCancelled()) {
          throw abortedAfter(items.bytes());
        }
      }
    }
  }

  /** Waits until the item that was read ahead is wanted. */
  private void awaitDemand() throws InterruptedException {
    lock.lock();
    try {
      while (demand == 0 && !isCancelled()) {
        changed.await();
      }
      demand -= demand == Long.MAX_VALUE || demand == 0 ? 0 : 1;
    } finally {
      lock.unlock();
    }
  }

  private void deliver(T item) {
    Flow.Subscriber<? super T> to = subscriber;
    if (to == null || isCancelled()) {
      return;
    }
    users().enter();
    try {
      to.onNext(item);
    } catch (Throwable e) {
      failByUserCode(e);
    } finally {
      users().leave();
    }
  }

  @Override
  void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  // --- the subscription; any thread ---

  @Override
  public void request(long n) {
    if (n <= 0) {
      badRequest = new IllegalArgumentException("request(" + n + "): demand must be positive (Reactive Streams, rule 3.9)");
      abort();
      return;
    }
    lock.lock();
    try {
      demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void cancel() {
    subscriber = null;
    abort();
    future().cancel(false);
  }

  // --- its end ---

  @Override
  void complete(@Nullable TransferResult value, @Nullable Throwable reason) {
    super.complete(value, reason);
    Flow.Subscriber<? super T> to = subscriber;
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
