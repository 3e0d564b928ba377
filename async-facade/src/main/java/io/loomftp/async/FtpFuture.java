package io.loomftp.async;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The future of a command. Completing it from outside (cancel, orTimeout, complete) aborts the command. A listener that
 * waits for it on the events thread of its session delivers events meanwhile.
 */
final class FtpFuture<T> extends CompletableFuture<T> {
  private final EventLoop loop;
  private final Runnable onCancel;

  FtpFuture(EventLoop loop, Runnable onCancel) {
    this.loop = loop;
    this.onCancel = onCancel;
  }

  /** Dependent futures wait in the same way, but do not abort the command. */
  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new FtpFuture<>(loop, () -> {});
  }

  /** Completes it with the result of the command. */
  void succeed(@Nullable T value) {
    super.complete(value);
  }

  /** Fails it with the failure of the command. */
  void fail(Throwable reason) {
    super.completeExceptionally(reason);
  }

  @Override
  public boolean complete(T value) {
    boolean first = super.complete(value);
    if (first) {
      onCancel.run();
    }
    return first;
  }

  @Override
  public boolean completeExceptionally(Throwable reason) {
    boolean first = super.completeExceptionally(reason);
    if (first) {
      onCancel.run();
    }
    return first;
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean before = isDone();
    boolean cancelled = super.cancel(mayInterruptIfRunning);
    if (!before && cancelled) {
      onCancel.run();
    }
    return cancelled;
  }

  @Override
  public T join() {
    loop.deliverUntil(this);
    return super.join();
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    loop.deliverUntil(this);
    return super.get();
  }

  @Override
  public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
    long end = System.nanoTime() + unit.toNanos(timeout);
    loop.deliverUntil(this, unit.toNanos(timeout));
    return super.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
  }
}
