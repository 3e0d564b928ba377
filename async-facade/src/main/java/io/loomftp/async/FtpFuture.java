package io.loomftp.async;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The future of a command. Whoever ends it from outside (cancel, orTimeout, complete) calls the command off, and a listener
 * that waits for it on its session's events thread goes on delivering events meanwhile, for nobody else could.
 */
final class FtpFuture<T> extends CompletableFuture<T> {
  private final EventLoop loop;
  private final Runnable onCancel;

  FtpFuture(EventLoop loop, Runnable onCancel) {
    this.loop = loop;
    this.onCancel = onCancel;
  }

  /** What depends on it waits in the same way, but calls nothing off. */
  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new FtpFuture<>(loop, () -> {});
  }

  /** The command succeeded. */
  void succeed(@Nullable T value) {
    super.complete(value);
  }

  /** The command failed. */
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
