package io.loomftp.pool;

import io.loomftp.ErrorKind;
import io.loomftp.FtpException;
import io.loomftp.FtpSession;
import io.loomftp.Retry;
import io.loomftp.internal.observe.Observer;
import io.loomftp.internal.retry.Cancellation;
import io.loomftp.internal.retry.RetryPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the tasks of one operation with {@link SessionWorkers}, and repeats those that fail transiently, under one retry
 * policy. The first permanent failure ends them all.
 *
 * <p>A session that the calling thread has leased is one of those that are used.
 */
final class RetryingWorkers<T> {
  private static final Logger LOG = LoggerFactory.getLogger(RetryingWorkers.class);

  /** What is retried, in events: without the path, which is in those of the transfers. */
  static final String WHAT = "segmented download";

  private final LeaseSource pool;
  private final RetryPolicy.Attempts attempts;
  private final Task<T> work;
  private final SessionWorkers<T> workers;
  private final Cancellation cancellation = new Cancellation();
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private final ReentrantLock lock = new ReentrantLock(); // guards the attempts

  /** Carries out a task. */
  @FunctionalInterface
  interface Task<T> {
    void run(FtpSession session, T task) throws IOException, InterruptedException;
  }

  RetryingWorkers(LeaseSource pool, RetryPolicy.Attempts attempts, Task<T> work) {
    this.pool = pool;
    this.attempts = attempts;
    this.work = work;
    this.workers = new SessionWorkers<>(pool, this::run, (task, reason) -> fail(reason));
    cancellation.onCancel(workers::abort);
  }

  /** Cancelled when a task has failed permanently, which ends the running ones. */
  Cancellation cancellation() {
    return cancellation;
  }

  /**
   * Runs all tasks, on other threads, and waits for them.
   *
   * @throws InterruptedException when the calling thread was interrupted; the tasks have ended then
   */
  void runAll(List<T> tasks) throws IOException, InterruptedException {
    workers.addAll(tasks);
    lendOwnSession();
    workers.await();
    switch (failure.get()) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Exception e -> throw new IllegalStateException(e);
    }
  }

  private void lendOwnSession() {
    Optional<Lease> own = pool.leaseOfThisThread();
    if (own.isPresent() && own.get().session().isOpen()) {
      workers.lend(own.get());
    } else {
      own.ifPresent(lease -> {
        lease.discard(); // it is lost: others may have its place
        lease.close();
      });
    }
  }

  private boolean run(T task, Lease lease) {
    try {
      work.run(lease.session(), task);
      return true;
    } catch (FtpException e) {
      LOG.debug("{}", e.getMessage());
      return !isRepeated(e);
    } catch (IOException | RuntimeException e) {
      fail(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(e);
    }
    return true;
  }

  /** Whether the task is tried again; waits before that. */
  private boolean isRepeated(FtpException e) {
    if (cancellation.isCancelled()) {
      return false;
    }
    // A file that was changed must be downloaded from its beginning.
    boolean mayPass = Retry.isTransient(e) && e.kind() != ErrorKind.CHANGED;
    Optional<Duration> pause = mayPass ? nextAttempt(e) : Optional.empty();
    if (pause.isEmpty()) {
      fail(e);
      return false;
    }
    try {
      return !cancellation.await(pause.get());
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      fail(e);
      return false;
    }
  }

  private Optional<Duration> nextAttempt(FtpException before) {
    Optional<Duration> pause;
    int number;
    lock.lock();
    try {
      pause = attempts.next();
      number = attempts.count();
    } finally {
      lock.unlock();
    }
    pause.ifPresent(time -> Observer.of(pool.config()).retried(WHAT, number, time, before.kind()));
    return pause;
  }

  private void fail(Exception reason) {
    failure.compareAndSet(null, reason);
    cancellation.cancel();
  }
}
