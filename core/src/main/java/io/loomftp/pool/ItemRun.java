package io.loomftp.pool;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One call of a pool's {@code forEach}. */
final class ItemRun<T, R extends @Nullable Object> {
  private static final int QUEUED_FOR_EACH = 2; // session, so that no worker waits for the next item

  private final LeaseSource pool;
  private final ItemScript<? super T, ? extends R> script;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<ItemReport.@Nullable Item<T, R>> results = new ArrayList<>(); // guarded by lock

  private record Task<T>(int index, T item) {}

  ItemRun(LeaseSource pool, ItemScript<? super T, ? extends R> script) {
    this.pool = pool;
    this.script = script;
  }

  ItemReport<T, R> run(Iterable<? extends T> items) throws InterruptedException {
    SessionWorkers<Task<T>> workers =
        new SessionWorkers<>(pool, this::work, (task, reason) -> settle(task, null, reason));
    int bound = items instanceof Collection ? Integer.MAX_VALUE : QUEUED_FOR_EACH * pool.size();
    try {
      for (T item : items) {
        workers.addWithin(bound, next(item));
      }
    } catch (RuntimeException | Error e) {
      workers.abort();
      awaitAfter(workers, e);
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    workers.await();
    return report();
  }

  /** Ends the running scripts after the iterable threw. */
  private void awaitAfter(SessionWorkers<Task<T>> workers, Throwable reason) throws InterruptedException {
    try {
      workers.await();
    } catch (RuntimeException e) {
      reason.addSuppressed(e);
    }
  }

  private Task<T> next(T item) {
    lock.lock();
    try {
      results.add(null);
      return new Task<>(results.size() - 1, item);
    } finally {
      lock.unlock();
    }
  }

  private boolean work(Task<T> task, Lease lease) {
    try {
      settle(task, script.run(lease.session(), task.item()), null);
    } catch (IOException | RuntimeException e) {
      settle(task, null, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      settle(task, null, e);
    }
    return true;
  }

  private void settle(Task<T> task, @Nullable R result, @Nullable Exception failure) {
    lock.lock();
    try {
      results.set(task.index(), new ItemReport.Item<>(task.item(), result, Optional.ofNullable(failure)));
    } finally {
      lock.unlock();
    }
  }

  private ItemReport<T, R> report() {
    lock.lock();
    try {
      return new ItemReport<>(new ArrayList<>(results));
    } finally {
      lock.unlock();
    }
  }
}
