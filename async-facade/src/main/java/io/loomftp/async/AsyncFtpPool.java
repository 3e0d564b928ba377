package io.loomftp.async;

import io.loomftp.ErrorKind;
import io.loomftp.FtpClosedException;
import io.loomftp.FtpScript;
import io.loomftp.TransferOptions;
import io.loomftp.TransferResult;
import io.loomftp.mirror.Mirror;
import io.loomftp.mirror.MirrorPlan;
import io.loomftp.mirror.MirrorReport;
import io.loomftp.pool.FtpPool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The work of a pool and its mirrors as futures and events, see {@link AsyncFtp#pool}.
 *
 * {@snippet :
 * AsyncFtpPool work = ftp.pool("nightly", pool);
 * work.on("mirror_progress", FtpEvent.MirrorProgressed.class, e -> bar.update(e.state().bytes()));
 * MirrorReport report = work.mirror(Mirror.download("/reports", Path.of("reports"))).join();
 * }
 *
 * <p>Each piece of work runs on a virtual thread of its own and waits there for a session of the pool, so as many run at a time
 * as the pool has sessions. Its events are those of this package, not of POE::Component::Client::FTP: {@code pool_done} and
 * {@code pool_error}; {@code mirror_planned}, {@code mirror_progress}, {@code mirror_done} and {@code mirror_error}. They are
 * delivered one at a time; those of different pieces of work in any order. Cancelling a future interrupts its work, which
 * leaves no partial file under a full name. All methods may be called by any thread.
 *
 * @since 0.1.0
 */
public final class AsyncFtpPool extends EventSource {
  private static final Logger LOG = LoggerFactory.getLogger(AsyncFtpPool.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String alias;
  private final FtpPool pool;
  private final EventLoop events;
  private final Set<Work<?>> running = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Consumer<? super AsyncFtpPool> atEnd;
  private boolean closed; // guarded by lock

  AsyncFtpPool(
      String alias, FtpPool pool, Listeners bus, ListenerErrors errors, @Nullable Executor executor,
      Consumer<? super AsyncFtpPool> atEnd) {
    this.alias = Objects.requireNonNull(alias);
    this.pool = Objects.requireNonNull(pool);
    this.atEnd = atEnd;
    events = new EventLoop(alias, listeners, bus, errors, executor);
    events.start("ftp-events (" + alias + ")");
  }

  /** The alias, which its events carry. */
  public String alias() {
    return alias;
  }

  /**
   * Runs a script with a session of the pool, as {@link FtpPool#run} does. It ends in {@code pool_done} or {@code pool_error}.
   *
   * @param name of the work, the argument of its event
   */
  public <T> FtpFuture<T> run(String name, FtpScript<T> script) {
    Objects.requireNonNull(script);
    return start(name, "pool", () -> pool.run(script), value -> new FtpEvent.PoolDone(alias, name));
  }

  /** Downloads a file with sessions of the pool: see {@link FtpPool#get}. Ends in {@code pool_done} or {@code pool_error}. */
  public FtpFuture<TransferResult> get(String path, Path target, TransferOptions options) {
    return start(path, "pool", () -> pool.get(path, target, options), value -> new FtpEvent.PoolDone(alias, path));
  }

  /** Uploads a file with a session of the pool. Ends in {@code pool_done} or {@code pool_error}. */
  public FtpFuture<TransferResult> put(Path source, String path, TransferOptions options) {
    return start(
        path, "pool", () -> pool.run(ftp -> ftp.put(source, path, options)), value -> new FtpEvent.PoolDone(alias, path));
  }

  /**
   * Plans a mirror and applies the plan. It has {@code mirror_planned}, then {@code mirror_progress} while files move, and ends
   * in {@code mirror_done}, also where single actions failed, or {@code mirror_error}.
   *
   * @return the report; {@link MirrorReport#orThrow()} tells whether all actions are done
   */
  public FtpFuture<MirrorReport> mirror(Mirror mirror) {
    return start(
        mirror.toString(), "mirror",
        () -> {
          MirrorPlan plan = mirror.plan(pool);
          events.announce(new FtpEvent.MirrorPlanned(alias, plan));
          return plan.apply(pool, new MirrorRelay(alias, events));
        },
        report -> new FtpEvent.MirrorDone(alias, report));
  }

  /** Applies a plan, with the events of {@link #mirror(Mirror)} but {@code mirror_planned}. */
  public FtpFuture<MirrorReport> mirror(MirrorPlan plan) {
    return start(
        plan.toString(), "mirror", () -> plan.apply(pool, new MirrorRelay(alias, events)),
        report -> new FtpEvent.MirrorDone(alias, report));
  }

  // --- running ---

  private <T> FtpFuture<T> start(String argument, String name, Callable<T> task, Function<T, FtpEvent> done) {
    Work<T> work = new Work<>(argument, name, task, done);
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the pool '" + alias + "' takes no more work: it is closed");
      }
      running.add(work);
    } finally {
      lock.unlock();
    }
    work.thread.start();
    return work.future;
  }

  /** One piece of work. */
  private final class Work<T> {
    private final String argument;
    private final String name;
    private final Callable<T> task;
    private final Function<T, FtpEvent> done;
    private final Thread thread;
    private final FtpFuture<T> future;
    private boolean over; // guarded by the lock of the pool

    Work(String argument, String name, Callable<T> task, Function<T, FtpEvent> done) {
      this.argument = Objects.requireNonNull(argument);
      this.name = name;
      this.task = task;
      this.done = done;
      thread = Thread.ofVirtual().name("ftp-pool-work (" + alias + ")").unstarted(this::run);
      future = new FtpFuture<>((waited, nanos) -> {}, this::abort);
    }

    private void abort() {
      lock.lock();
      try {
        if (!over) {
          thread.interrupt();
        }
      } finally {
        lock.unlock();
      }
    }

    /** From now on it is not interrupted: an abort that comes too late is not for the dependents. */
    private void end() {
      lock.lock();
      try {
        over = true;
        boolean late = Thread.interrupted();
        LOG.trace("[{}] {} has ended, interrupted: {}", alias, argument, late);
      } finally {
        lock.unlock();
      }
    }

    private void run() {
      T value = null;
      Throwable trouble = null;
      try {
        value = task.call();
      } catch (Throwable e) {
        trouble = e;
      }
      end();
      events.announce(trouble == null ? done.apply(value) : ErrorEvents.event(name + "_error", alias, argument, trouble, null));
      forget();
      if (trouble == null) {
        future.succeed(value);
      } else {
        future.fail(trouble);
      }
    }

    private void forget() {
      lock.lock();
      try {
        running.remove(this);
        endIfDone();
      } finally {
        lock.unlock();
      }
    }
  }

  private void endIfDone() {
    if (closed && running.isEmpty()) {
      events.last(
          () -> {
            atEnd.accept(this);
            ended.countDown();
          });
    }
  }

  // --- its end ---

  /**
   * Takes no more work, waits until the running work has ended and its events were delivered, ten seconds at most, and aborts
   * what is left then. The pool itself stays open. A listener that calls it does not wait.
   */
  @Override
  public void close() {
    leave();
    if (!await(PATIENCE)) {
      shutdownNow();
    }
  }

  /** Takes no more work. */
  void leave() {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        endIfDone();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether the present thread runs a listener of this pool. */
  boolean isDelivering() {
    return events.isDelivering();
  }

  /** Waits until the last event was delivered; returns whether it was. A listener does not wait. */
  boolean await(Duration bound) {
    try {
      return !isDelivering() && ended.await(bound.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Aborts the running work: its futures fail. Does not wait. */
  public void shutdownNow() {
    leave();
    for (Work<?> work : List.copyOf(running)) {
      boolean first =
          work.future.completeExceptionally(
              new FtpClosedException("the pool '" + alias + "' was closed", ErrorKind.CLOSED, List.of(), null));
      if (!first) {
        work.abort(); // it was cancelled before, and goes on all the same
      }
    }
  }

  /** Alias and pool. */
  @Override
  public String toString() {
    return "AsyncFtpPool[" + alias + ", " + pool + "]";
  }
}
