package io.loomftp.async;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Completes the futures of a session, in order, on threads of its own, since completing a future runs its dependents. One
 * thread completes them, from the first that is due to the last; when it is found waiting inside a dependent, another one goes
 * on with the futures behind, which the dependent may be waiting for.
 */
final class Completions {
  private static final Logger LOG = LoggerFactory.getLogger(Completions.class);

  /** The time after which a thread that waits inside a dependent is replaced. */
  private static final Duration CHECK_INTERVAL = Duration.ofMillis(10);

  private final String name;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition emptied = lock.newCondition();
  private final ArrayDeque<Due> queue = new ArrayDeque<>(); // guarded by lock, as is what follows
  private @Nullable Thread worker;
  private boolean watched;
  private long begun;
  private int waitingInside;

  /** Whether the thread waits before a completion, and not inside a dependent. */
  private volatile boolean waitsBefore;

  Completions(String name) {
    this.name = name;
  }

  /** The completion of a future, and what has to be awaited before it and those behind it. */
  private record Due(Runnable before, Runnable completion) {}

  /** Adds the completion of a future; called by any thread. */
  void add(Runnable completion) {
    addAfter(() -> {}, completion);
  }

  /** Adds the completion of a future, before which this returns; it must not wait for another future. */
  void addAfter(Runnable before, Runnable completion) {
    lock.lock();
    try {
      queue.add(new Due(before, completion));
      if (worker == null) {
        startWorker();
      } else if (!watched) {
        watched = true;
        Thread.ofVirtual().name(name + " watch").start(this::watch);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether all futures are completed and all dependents have returned. */
  boolean isIdle() {
    lock.lock();
    try {
      return queue.isEmpty() && worker == null && waitingInside == 0;
    } finally {
      lock.unlock();
    }
  }

  /** Whether nothing is due and the last dependent waits for a future. */
  boolean isWaiting() {
    lock.lock();
    try {
      return queue.isEmpty() && waitingInside == 0 && waitsForFuture(worker);
    } finally {
      lock.unlock();
    }
  }

  private void startWorker() {
    Thread fresh = Thread.ofVirtual().name(name).unstarted(this::work);
    worker = fresh;
    fresh.start();
  }

  private void work() {
    for (Due next = next(); next != null; next = next()) {
      waitsBefore = true;
      next.before.run();
      waitsBefore = false;
      try {
        next.completion.run();
      } catch (Throwable e) { // of a subscriber; code of other languages throws checked exceptions too
        LOG.error("{}: a future could not be completed", name, e);
      }
      if (Thread.interrupted()) {
        LOG.debug("{}: a dependent left an interrupt behind", name);
      }
    }
  }

  /** The next completion; null when none is left, and for a thread that was replaced. */
  private @Nullable Due next() {
    lock.lock();
    try {
      if (worker != Thread.currentThread()) {
        waitingInside--;
        return null;
      }
      Due next = queue.poll();
      begun++;
      if (next == null) {
        worker = null;
        emptied.signalAll();
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  /** Replaces the thread whenever it waits inside a dependent while other futures are due. */
  private void watch() {
    lock.lock();
    try {
      while (!queue.isEmpty()) {
        long before = begun;
        emptied.awaitNanos(CHECK_INTERVAL.toNanos());
        Thread present = worker;
        if (begun == before && present != null && !queue.isEmpty() && !waitsBefore && isWaiting(present)) {
          waitingInside++;
          startWorker();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      watched = false;
      lock.unlock();
    }
  }

  /** Whether the thread waits for a future. */
  static boolean waitsForFuture(@Nullable Thread thread) {
    Object blocker = thread == null ? null : LockSupport.getBlocker(thread);
    return blocker != null && blocker.getClass().getName().startsWith(CompletableFuture.class.getName());
  }

  /** Whether the thread is parked or blocked. */
  static boolean isWaiting(Thread thread) {
    return switch (thread.getState()) {
      case WAITING, TIMED_WAITING, BLOCKED -> true;
      default -> false;
    };
  }
}
