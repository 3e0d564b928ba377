package io.loomftp.pool;

import io.loomftp.FtpException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several virtual threads that work through tasks, each with a session of the pool that it keeps for one task after another.
 *
 * <p>No more threads are started than there is work for. A thread whose session is lost gets another; one that gets none comes
 * back for it as long as others are at work. Only when nobody has a session and none can be had, what is left is given up,
 * with the reason.
 */
public final class SessionWorkers<T> {
  private static final Logger LOG = LoggerFactory.getLogger(SessionWorkers.class);
  private static final AtomicLong NUMBERS = new AtomicLong();
  private static final Duration WAIT = Duration.ofSeconds(2); // then a look whether there is still work
  private static final long IDLE = TimeUnit.SECONDS.toNanos(1); // with a session that others may want
  private static final int REFUSALS = 4; // in a row, of sessions to one worker
  private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(250);

  /** What is done with a task. */
  @FunctionalInterface
  public interface Work<T> {
    /**
     * Must deal with its failures; may {@linkplain SessionWorkers#add add} tasks.
     *
     * @return whether that was the end of it; if not, it is put behind the others and tried again
     */
    boolean run(T task, Lease lease);
  }

  /** What becomes of a task for which there is no session. */
  @FunctionalInterface
  public interface Abandoned<T> {
    void accept(T task, FtpException reason);
  }

  private final FtpPool pool;
  private final int most;
  private final Work<T> work;
  private final Abandoned<T> abandoned;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<T> queue = new ArrayDeque<>(); // guarded by lock, as is what follows
  private final List<Thread> threads = new ArrayList<>();
  private int running; // tasks
  private int workers; // threads that have not ended
  private int ready; // workers that will look for a task again, those with a running one included
  private int equipped; // workers with a session
  private boolean proved; // somebody has had a session: the server is there
  private boolean stopped;
  private @Nullable FtpException noSession;
  private @Nullable Throwable broken;

  public SessionWorkers(FtpPool pool, Work<T> work, Abandoned<T> abandoned) {
    this.pool = pool;
    this.most = pool.size();
    this.work = work;
    this.abandoned = abandoned;
  }

  /** Adds a task behind the others. */
  public void add(T task) {
    lock.lock();
    try {
      if (!stopped) {
        queue.addLast(task);
        startOneIfNeeded();
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  public void addAll(Collection<? extends T> tasks) {
    tasks.forEach(this::add);
  }

  /** No task is begun any more. */
  public void stop() {
    lock.lock();
    try {
      stopped = true;
      queue.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void startOneIfNeeded() {
    if (ready < most && queue.size() > ready - running) {
      ready++;
      workers++;
      threads.add(Thread.ofVirtual().name("ftp-mirror-" + NUMBERS.incrementAndGet()).start(this::work));
    }
  }

  /**
   * Waits until every task is done.
   *
   * @throws InterruptedException when the caller is interrupted; the workers are then, too, and have ended
   */
  public void await() throws InterruptedException {
    lock.lock();
    try {
      while (workers > 0) {
        changed.await();
      }
    } catch (InterruptedException e) {
      stopped = true;
      queue.clear();
      threads.forEach(Thread::interrupt);
      changed.signalAll();
      while (workers > 0) {
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

  private void work() {
    try {
      int refusals = 0;
      while (goesOn(refusals)) {
        try {
          Optional<Lease> lease = lease();
          if (lease.isPresent()) {
            refusals = 0;
            workWith(lease.get());
          }
        } catch (FtpException e) {
          LOG.debug("no session for a mirror: {}", e.toString());
          refusals = remember(e) && !isFinal(e) ? refusals + 1 : REFUSALS;
          if (refusals < REFUSALS) {
            pause(FIRST_PAUSE << refusals);
          }
        }
      }
    } catch (RuntimeException | Error e) {
      lock.lock();
      try {
        broken = broken == null ? e : broken;
      } finally {
        lock.unlock();
      }
      stop();
    } finally {
      lock.lock();
      try {
        workers--;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** The pool's own patience is tried only when nobody else here has a session: its message then says who has them. */
  private Optional<Lease> lease() throws FtpException {
    Optional<Lease> soon = pool.lease(WAIT);
    if (soon.isPresent()) {
      return soon;
    }
    lock.lock();
    try {
      if (equipped > 0 || stopped) {
        return soon;
      }
    } finally {
      lock.unlock();
    }
    return Optional.of(pool.lease());
  }

  private static boolean isFinal(FtpException e) {
    return switch (e.kind()) {
      case LOGIN, TLS, ABORTED, DENIED -> true;
      default -> Thread.currentThread().isInterrupted();
    };
  }

  private void workWith(Lease lease) {
    equip(1);
    try (lease) {
      for (T task = take(); task != null; task = take()) {
        try {
          if (!work.run(task, lease)) {
            add(task);
          }
        } finally {
          done();
        }
        if (!lease.session().isOpen()) {
          lease.discard();
          return;
        }
      }
    } finally {
      equip(-1);
    }
  }

  private void equip(int change) {
    lock.lock();
    try {
      equipped += change;
      proved = true;
      noSession = change > 0 ? null : noSession;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether there is hope for a session all the same. */
  private boolean remember(FtpException reason) {
    lock.lock();
    try {
      noSession = reason;
      return proved;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether there is a task, or one may yet come from those that run; waits while only the latter is so. A worker that is
   * told no has left: the last one to do so while there are tasks says why they are not done.
   */
  private boolean goesOn(int refusals) {
    List<T> left = new ArrayList<>();
    @Nullable FtpException reason;
    lock.lock();
    try {
      boolean tired = refusals >= REFUSALS;
      while (!tired && queue.isEmpty() && running > 0 && !stopped) {
        changed.await();
      }
      if (!tired && !queue.isEmpty()) {
        return true;
      }
      ready--;
      reason = noSession;
      if (ready == 0 && reason != null) {
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

  /** The next task; nothing when there is none at the moment, and the session had better be somebody else's. */
  private @Nullable T take() {
    lock.lock();
    try {
      long left = IDLE;
      while (queue.isEmpty() && running > 0 && !stopped && left > 0) {
        left = changed.awaitNanos(left);
      }
      T task = queue.pollFirst();
      running += task == null ? 0 : 1;
      return task;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } finally {
      lock.unlock();
    }
  }

  private void done() {
    lock.lock();
    try {
      running--;
      if (running == 0) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void pause(long nanos) {
    lock.lock();
    try {
      long left = nanos;
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
