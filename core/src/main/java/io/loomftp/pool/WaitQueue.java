package io.loomftp.pool;

import io.loomftp.FtpException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The threads that wait for a session of a pool, first come, first served. All methods need the pool's lock. */
final class WaitQueue {
  private final ReentrantLock lock;
  private final Deque<Waiter> queue = new ArrayDeque<>();

  WaitQueue(ReentrantLock lock) {
    this.lock = lock;
  }

  /** A waiting thread and its result: a lease or a failure. */
  static final class Waiter {
    final Thread thread = Thread.currentThread();
    final @Nullable Throwable stack;
    private final Condition turn;
    private final long deadline;
    @Nullable LeaseRecord leased;
    @Nullable FtpException failure;

    private Waiter(Condition turn, Duration patience, @Nullable Throwable stack) {
      this.turn = turn;
      this.deadline = System.nanoTime() + patience.toNanos();
      this.stack = stack;
    }

    long nanosLeft() {
      return deadline - System.nanoTime();
    }

    void give(LeaseRecord record) {
      leased = record;
      turn.signal();
    }
  }

  /** A waiter for the current thread, not queued yet. */
  Waiter waiter(Duration patience, @Nullable Throwable stack) {
    return new Waiter(lock.newCondition(), patience, stack);
  }

  void addLast(Waiter waiter) {
    queue.addLast(waiter);
  }

  void addFirst(Waiter waiter) {
    queue.addFirst(waiter);
  }

  void remove(Waiter waiter) {
    queue.remove(waiter);
  }

  Waiter removeFirst() {
    return queue.removeFirst();
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  int size() {
    return queue.size();
  }

  /** Wakes the head of the queue, which watches the time of the next attempt for all. */
  void signalFirst() {
    Waiter first = queue.peekFirst();
    if (first != null) {
      first.turn.signal();
    }
  }

  /** Fails every waiting thread with an exception of its own. */
  void failAll(FtpException failure) {
    FtpException each = failure;
    while (!queue.isEmpty()) {
      Waiter waiter = queue.removeFirst();
      waiter.failure = each;
      waiter.turn.signal();
      each = PoolExceptions.copy(failure);
    }
  }

  /**
   * Waits until the thread has a result or its time is over.
   *
   * @param nextAttempt after how many nanoseconds the head of the queue makes another attempt at getting sessions
   */
  void await(Waiter waiter, LongSupplier nextAttempt, Runnable attempt) throws InterruptedException {
    while (waiter.leased == null && waiter.failure == null) {
      long left = waiter.nanosLeft();
      if (left <= 0) {
        return;
      }
      boolean isHead = queue.peekFirst() == waiter;
      long time = isHead ? Math.min(left, nextAttempt.getAsLong()) : left;
      if (waiter.turn.awaitNanos(time) <= 0 && isHead) {
        attempt.run();
      }
    }
  }
}
