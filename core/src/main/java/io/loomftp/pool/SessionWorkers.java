package io.loomftp.pool;

import io.loomftp.ErrorKind;
import io.loomftp.FtpException;
import io.loomftp.internal.retry.Backoff;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works through tasks with several virtual threads, each with a session of the pool that it keeps from one task to the next.
 * Created by the pool; for independent items its {@code forEach} is simpler.
 *
 * <p>No more workers are started than there are tasks, or sessions in the pool. A worker whose session is lost leases another
 * one; one that gets none tries again while others work. Only when no worker has a session and none is available are
 * the remaining tasks abandoned, with the reason.
 *
 * @param <T> the tasks
 */
public final class SessionWorkers<T> {
  private static final Logger LOG = LoggerFactory.getLogger(SessionWorkers.class);
  private static final AtomicLong NUMBERS = new AtomicLong();
  private static final Duration WAIT = Duration.ofSeconds(2); // until it is checked whether there is still work
  private static final long IDLE = TimeUnit.SECONDS.toNanos(1); // with a session that others may want
  private static final int REFUSALS = 4; // in a row, of sessions to one worker
  private static final Backoff PAUSES = new Backoff(Duration.ofMillis(250), Duration.ofSeconds(2));

  /** Carries out a task. */
  @FunctionalInterface
  public interface Work<T> {
    /**
     * Carries out a task with a session; handles its own failures, and may {@linkplain SessionWorkers#add add} tasks.
     *
     * @return whether the task is finished; if not, it is queued again behind the others
     */
    boolean run(T task, Lease lease);
  }

  /** Receives the tasks for which no session is available. */
  @FunctionalInterface
  public interface Abandoned<T> {
    /** Receives one of them, with the reason. */
    void accept(T task, FtpException reason);
  }

  private final LeaseSource pool;
  private final int most;
  private final Work<T> work;
  private final Abandoned<T> abandoned;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<T> queue = new ArrayDeque<>(); // guarded by lock, as is what follows
  private final Set<Thread> threads = new HashSet<>();
  private final Set<Lease> inUse = new HashSet<>();
  private final Set<Thread> leasing = new HashSet<>();
  private int running; // tasks
  private int ready; // workers that will look for a task again, those with a running one included
  private boolean proved; // a worker has had a session: the server is there
  private boolean stopped;
  private boolean cancelled;
  private @Nullable FtpException noSession;
  private @Nullable FtpException gaveUp;
  private @Nullable Throwable broken;

  /** Prepares workers; none is started before there is a task. Work and abandoned are called by several threads. */
  SessionWorkers(LeaseSource pool, Work<T> work, Abandoned<T> abandoned) {
    this.pool = pool;
    this.most = pool.size();
    this.work = work;
    this.abandoned = abandoned;
  }

  /** Queues a task behind the others. */
  public void add(T task) {
    FtpException reason;
    lock.lock();
    try {
      reason = gaveUp;
      if (!stopped && reason == null) {
        queue.addLast(task);
        startWorkerIfNeeded();
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
    if (reason != null) {
      abandoned.accept(task, reason);
    }
  }

  /** Queues tasks behind the others. */
  public void addAll(Collection<? extends T> tasks) {
    tasks.forEach(this::add);
  }

  /** Queues a task; waits while this many are queued. */
  void addWithin(int bound, T task) throws InterruptedException {
    lock.lock();
    try {
      while (queue.size() >= bound && !stopped && broken == null) {
        changed.await();
      }
    } catch (InterruptedException e) {
      cancel();
      throw e;
    } finally {
      lock.unlock();
    }
    add(task);
  }

  /** Starts a worker with a lease of the caller, which must not use the session until {@link #await} has returned. */
  void lend(Lease lease) {
    locked(() -> start(lease));
  }

  /** Begins no more tasks; those that are running go on. */
  public void stop() {
    locked(
        () -> {
          stopped = true;
          queue.clear();
          leasing.forEach(Thread::interrupt);
        });
  }

  /** Begins no more tasks, and aborts the transfers of running ones; their sessions stay usable. */
  public void abort() {
    List<Lease> toAbort = new ArrayList<>();
    locked(
        () -> {
          stop();
          toAbort.addAll(inUse);
        });
    toAbort.forEach(Lease::abort);
  }

  /** Begins no more tasks, and interrupts those that are running, which closes their connections. */
  public void cancel() {
    locked(
        () -> {
          stop();
          cancelled = true;
          threads.forEach(Thread::interrupt);
        });
  }

  private void startWorkerIfNeeded() {
    if (ready < most && queue.size() > ready - running) {
      start(null);
    }
  }

  private void start(@Nullable Lease own) {
    ready++;
    Thread thread = Thread.ofVirtual().name("ftp-worker-" + NUMBERS.incrementAndGet()).unstarted(() -> work(own));
    threads.add(thread);
    thread.start();
  }

  /**
   * Waits until every task is finished or abandoned.
   *
   * @throws InterruptedException when the caller is interrupted; the workers are {@linkplain #cancel cancelled} then, and have
   *     ended
   * @throws RuntimeException what a task threw
   */
  public void await() throws InterruptedException {
    lock.lock();
    try {
      while (!threads.isEmpty()) {
        changed.await();
      }
    } catch (InterruptedException e) {
      cancel();
      while (!threads.isEmpty()) {
        changed.awaitUninterruptibly();
      }
      throw e;
    } finally {
      lock.unlock();
    }
    switch (broken) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(broken);
    }
  }

  // --- a worker ---

  private void work(@Nullable Lease own) {
    try {
      Optional<Lease> lent = Optional.ofNullable(own);
      int refusals = 0;
      while (mayBegin(refusals)) {
        try {
          Optional<Lease> lease = lent.isPresent() ? lent : lease();
          lent = Optional.empty();
          if (lease.isPresent()) {
            refusals = 0;
            workWith(lease.get());
          }
        } catch (FtpException e) {
          LOG.debug("no session for a worker: {}", e.toString());
          refusals = isWorthAnother(e) ? refusals + 1 : REFUSALS;
          if (refusals < REFUSALS) {
            pause(PAUSES.fullPause(refusals));
          }
        }
      }
    } catch (Throwable e) {
      fail(e);
    } finally {
      if (own != null) {
        own.close();
      }
      end();
    }
  }

  private void fail(Throwable e) {
    locked(
        () -> {
          broken = broken == null ? e : broken;
          stop();
        });
  }

  private void end() {
    locked(() -> threads.remove(Thread.currentThread()));
  }

  /** Empty when none came soon, or there is no more work for one. */
  private Optional<Lease> lease() throws FtpException {
    locked(() -> leasing.add(Thread.currentThread()));
    try {
      return leaseSoon();
    } catch (FtpException e) {
      if (e.kind() == ErrorKind.ABORTED && !isCancelled()) {
        return Optional.empty();
      }
      throw e;
    } finally {
      locked(
          () -> {
            leasing.remove(Thread.currentThread());
            forgetInterrupt();
          });
    }
  }

  /** Waits for the pool's whole patience only when no worker has a session: the message then lists the holders. */
  private Optional<Lease> leaseSoon() throws FtpException {
    Optional<Lease> soon = pool.lease(WAIT);
    if (soon.isPresent()) {
      return soon;
    }
    lock.lock();
    try {
      if (!inUse.isEmpty() || stopped) {
        return soon;
      }
    } finally {
      lock.unlock();
    }
    return Optional.of(pool.lease());
  }

  /** Clears an interrupt that is no cancellation, so that it does not affect the next task. */
  private void forgetInterrupt() {
    if (!cancelled && Thread.interrupted()) {
      LOG.trace("interrupted, but not cancelled");
    }
  }

  private boolean isCancelled() {
    lock.lock();
    try {
      return cancelled;
    } finally {
      lock.unlock();
    }
  }

  /** Keeps the reason for which there is no session. */
  private boolean isWorthAnother(FtpException reason) {
    lock.lock();
    try {
      noSession = reason;
      return proved && !pool.isClosed() && !isFinal(reason);
    } finally {
      lock.unlock();
    }
  }

  private static boolean isFinal(FtpException e) {
    return switch (e.kind()) {
      case LOGIN, TLS, ABORTED, DENIED -> true;
      default -> Thread.currentThread().isInterrupted();
    };
  }

  private void workWith(Lease lease) {
    begin(lease);
    try (lease) {
      for (T task = take(); task != null; task = take()) {
        try {
          if (!work.run(task, lease)) {
            add(task);
          }
        } finally {
          taskEnded();
        }
        if (!lease.session().isOpen()) {
          lease.discard();
          return;
        }
      }
    } finally {
      locked(() -> inUse.remove(lease));
    }
  }

  private void begin(Lease lease) {
    locked(
        () -> {
          inUse.add(lease);
          proved = true;
          noSession = null;
        });
  }

  /**
   * Whether there is a task, or one may yet come from those that run; waits while only the latter is so. With false the
   * worker has left: the last one to do so while there are tasks abandons them.
   */
  private boolean mayBegin(int refusals) {
    List<T> left = new ArrayList<>();
    @Nullable FtpException reason;
    lock.lock();
    try {
      boolean refused = refusals >= REFUSALS;
      while (!refused && queue.isEmpty() && running > 0 && !stopped) {
        changed.await();
      }
      if (!refused && !queue.isEmpty()) {
        return true;
      }
      ready--;
      reason = noSession;
      if (ready == 0 && reason != null) {
        gaveUp = refused ? reason : gaveUp;
        left.addAll(queue);
        queue.clear();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      ready--;
      return false;
    } finally {
      lock.unlock();
    }
    if (reason != null) {
      for (T task : left) {
        abandoned.accept(task, reason);
      }
    }
    return false;
  }

  /** The next task; null when there is none at the moment and the session should be returned. */
  private @Nullable T take() {
    lock.lock();
    try {
      long left = IDLE;
      while (queue.isEmpty() && running > 0 && !stopped && left > 0) {
        left = changed.awaitNanos(left);
      }
      T task = queue.pollFirst();
      running += task == null ? 0 : 1;
      changed.signalAll();
      return task;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } finally {
      lock.unlock();
    }
  }

  private void taskEnded() {
    locked(
        () -> {
          running--;
          forgetInterrupt();
          if (running == 0 && queue.isEmpty()) {
            leasing.forEach(Thread::interrupt);
          }
        });
  }

  /** Changes the state under the lock and wakes all that wait for a change. */
  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void pause(Duration time) {
    lock.lock();
    try {
      long left = time.toNanos();
      while (left > 0 && !stopped && !queue.isEmpty()) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
