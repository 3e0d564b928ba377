package io.loomftp.async;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The future of a command. Completing it from outside (cancel, complete, orTimeout) aborts the command; doing that to a
 * dependent future does not, unless it depends on {@link #whole()}.
 *
 * <p>Dependents run on a thread for futures, those of one session in the order of its commands; they may wait for other futures
 * of the session. So may listeners, which run on another thread; what could only wait for itself fails at once with an
 * {@link IllegalStateException}.
 *
 * @param <T> what the command returns
 * @since 0.1.0
 */
public final class FtpFuture<T> extends CompletableFuture<T> {
  private final Waiting waiting;
  private final Runnable onCancel;
  private final boolean tied;

  FtpFuture(Waiting waiting, Runnable onCancel) {
    this(waiting, onCancel, false);
  }

  private FtpFuture(Waiting waiting, Runnable onCancel, boolean tied) {
    this.waiting = waiting;
    this.onCancel = onCancel;
    this.tied = tied;
  }

  /** Waits for a future in the way that the present thread may. */
  @FunctionalInterface
  interface Waiting {
    /**
     * Returns when the future is done, when the time is over, or when an ordinary wait does no harm.
     *
     * @throws IllegalStateException when it would wait for itself
     */
    void await(CompletableFuture<?> future, long nanos) throws InterruptedException;
  }

  /**
   * The same result as a future whose dependents, and theirs, abort the command as well when they are cancelled or completed
   * from outside.
   */
  public FtpFuture<T> whole() {
    FtpFuture<T> same = new FtpFuture<>(waiting, onCancel, true);
    var unused =
        whenComplete(
            (value, trouble) -> {
              if (trouble == null) {
                same.succeed(value);
              } else {
                same.fail(trouble);
              }
            });
    return same;
  }

  private static void nothing() {
    // Cancelling a dependent future leaves the command alone.
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new FtpFuture<>(waiting, tied ? onCancel : FtpFuture::nothing, tied);
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
    if (!isDone()) {
      try {
        waiting.await(this, Long.MAX_VALUE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // join() does not end for an interrupt
      }
    }
    return super.join();
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    if (!isDone()) {
      waiting.await(this, Long.MAX_VALUE);
    }
    return super.get();
  }

  @Override
  public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
    long end = System.nanoTime() + unit.toNanos(timeout);
    if (!isDone()) {
      waiting.await(this, unit.toNanos(timeout));
    }
    return super.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
  }
}
