package io.loomftp.async;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers events to the listeners, one at a time and in order, on the thread {@code ftp-events-N}, or on the executor that
 * was given for them. Events with data are bounded: adding one waits for room.
 */
final class EventLoop {
  private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);

  /** The most bytes of undelivered data, at least one item. */
  private static final int MOST_BYTES = 4 << 20;

  /** The same while a listener waits for a command behind the data, which only goes on when the data is taken. */
  private static final int MOST_BYTES_WHILE_WAITING = 64 << 20;

  /** The bytes of undelivered data for which the thread is woken, as long as more is coming at once. */
  private static final int WAKE_BYTES = MOST_BYTES / 4 * 3;

  /** The interval at which a thread that waits for room looks whether a listener waits for a future. */
  private static final long CHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** The time for which a future waits for the listeners of its event. */
  private static final Duration LONGEST_LISTENER = Duration.ofMillis(100);

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** What an event costs besides its data. */
  private static final int EVENT_WEIGHT = 64;

  /** The time that a listener may wait for the end of its session before the end comes without it. */
  private static final Duration LINGER = Duration.ofSeconds(1);

  /** The time that an executor may take to begin an event before the end comes without it. */
  private static final Duration EXECUTOR_LINGER = Duration.ofSeconds(5);

  /** The time after the last event was added, after which an executor will not begin any more. */
  private static final Duration LONGEST_EXECUTOR = Duration.ofMinutes(1);

  /** The interval at which is checked whether the executor still runs. */
  private static final Duration TASK_CHECK = Duration.ofMillis(100);

  private final String alias;
  private final Listeners own;
  private final Listeners bus;
  private final ListenerErrors errors;
  private final @Nullable Executor executor;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Condition moved = lock.newCondition();

  private final ArrayDeque<Entry> queue = new ArrayDeque<>(); // guarded by lock, as is what follows
  private long bytes;
  private long added;
  private volatile boolean held;
  private long delivered;
  private boolean waitsForRoom;
  private boolean waitsForSession;
  private boolean complete;
  private long completedAt;

  /** What the executor was given last. */
  private volatile @Nullable ListenerTask present;

  /** The thread that runs a listener now. */
  private volatile @Nullable Thread delivering;

  EventLoop(String alias, Listeners own, Listeners bus, ListenerErrors errors, @Nullable Executor executor) {
    this.alias = alias;
    this.own = own;
    this.bus = bus;
    this.errors = errors;
    this.executor = executor;
  }

  /** An entry of the queue. */
  private sealed interface Entry {
    /** Its bytes of data. */
    default int weight() {
      return 0;
    }
  }

  private record Event(FtpEvent event, int weight) implements Entry {}

  /** An event that is built when its turn comes. */
  private record Later(Supplier<FtpEvent> event) implements Entry {}

  /** Work in the order of the events: code of the user, or of this package. */
  private record Task(Runnable work) implements Entry {}

  /** The {@code put_flushed} events of one upload that wait, as the number of bytes of each. */
  private record FlushedRun(String argument, IntQueue sizes) implements Entry {}

  /** The last entry. */
  private record Last(Runnable then) implements Entry {}

  // --- adding; any thread ---

  /** Starts the thread. */
  void start(String name) {
    Thread.ofVirtual().name(name).start(this::run);
  }

  /** Adds an event; returns the number of entries up to it, 0 when nobody listens to it. */
  long announce(FtpEvent event) {
    lock.lock();
    try {
      append(new Event(event, 0));
      return own.wants(event) || bus.wants(event) ? added : 0;
    } finally {
      lock.unlock();
    }
  }

  /** Adds an event that is built when its turn comes. */
  void announceLater(Supplier<FtpEvent> event) {
    add(new Later(event));
  }

  /** Adds work. */
  void run(Runnable work) {
    add(new Task(work));
  }

  /** Adds the last entry. */
  void last(Runnable then) {
    lock.lock();
    try {
      append(new Last(then));
      complete = true;
      completedAt = System.nanoTime();
    } finally {
      lock.unlock();
    }
  }

  private void add(Entry entry) {
    lock.lock();
    try {
      append(entry);
    } finally {
      lock.unlock();
    }
  }

  private void append(Entry entry) {
    queue.add(entry);
    added++;
    bytes += entry.weight();
    wakeUp();
  }

  private void wakeUp() {
    held = false;
    filled.signal();
  }

  /** Whether there may be data that {@link #addData} has held back. */
  boolean isHolding() {
    return held;
  }

  /** Delivers what was held back. */
  void flush() {
    lock.lock();
    try {
      wakeUp();
    } finally {
      lock.unlock();
    }
  }

  /** Adds a {@code put_flushed} event; those that wait behind each other take four bytes each. */
  void flushed(String argument, int size) {
    lock.lock();
    try {
      if (queue.peekLast() instanceof FlushedRun run && run.argument.equals(argument)) {
        run.sizes.add(size);
        return;
      }
      FlushedRun run = new FlushedRun(argument, new IntQueue());
      run.sizes.add(size);
      append(run);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Adds an event with data when there is room; drops it once the transfer is cancelled.
   *
   * @param more whether it may be held back until more follows, or {@link #flush}, so that the thread is woken less often
   * @return whether there was room within the bound, or the transfer is cancelled
   */
  boolean addData(FtpEvent event, int size, boolean more, BooleanSupplier cancelled, Duration bound) throws InterruptedException {
    int weight = size + EVENT_WEIGHT;
    lock.lock();
    try {
      long seen = delivered;
      long start = System.nanoTime();
      while (bytes > 0 && bytes + weight > mostBytes() && !cancelled.getAsBoolean()) {
        if (System.nanoTime() - start > bound.toNanos()) {
          return false;
        }
        wakeUp();
        if (bytes + weight > MOST_BYTES_WHILE_WAITING) {
          waitsForRoom = true;
          moved.signalAll(); // a listener that waits for this session learns that it waits for itself
        }
        moved.awaitNanos(CHECK_NANOS);
        start = delivered == seen ? start : System.nanoTime();
        seen = delivered;
      }
      if (!cancelled.getAsBoolean()) {
        queue.add(new Event(event, weight));
        added++;
        bytes += weight;
        held = true;
        if (!more || bytes >= WAKE_BYTES) {
          wakeUp();
        }
      }
      return true;
    } finally {
      waitsForRoom = false;
      lock.unlock();
    }
  }

  private int mostBytes() {
    return waitsForSession || waitsForFuture() ? MOST_BYTES_WHILE_WAITING : MOST_BYTES;
  }

  /** Lets an adding thread see that its transfer was cancelled. */
  void wake() {
    lock.lock();
    try {
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The number of entries so far. */
  long added() {
    lock.lock();
    try {
      return added;
    } finally {
      lock.unlock();
    }
  }

  /** Whether so many entries were delivered. */
  boolean isDelivered(long entries) {
    lock.lock();
    try {
      return delivered >= entries;
    } finally {
      lock.unlock();
    }
  }

  // --- waiting ---

  /** Waits until so many entries were delivered, but not for a listener that waits, nor for long. */
  void awaitDelivery(long entries) throws InterruptedException {
    lock.lock();
    try {
      long start = System.nanoTime();
      while (delivered < entries && System.nanoTime() - start < LONGEST_LISTENER.toNanos()) {
        Thread listener = delivering;
        if (listener != null && Completions.isWaiting(listener)) {
          return;
        }
        moved.awaitNanos(LOOK_NANOS);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether the present thread is running a listener. */
  boolean isDelivering() {
    return Thread.currentThread() == delivering;
  }

  /**
   * Waits in a listener for a future of its own session, this many nanoseconds at most.
   *
   * @throws IllegalStateException when the session cannot go on before the listener has returned
   */
  void await(CompletableFuture<?> future, long nanos) throws InterruptedException {
    CompletableFuture<?> noticed = future.whenComplete((value, trouble) -> wake());
    long left = nanos;
    lock.lock();
    try {
      waitsForSession = true;
      moved.signalAll();
      while (!future.isDone() && !noticed.isDone() && left > 0) {
        if (waitsForRoom) {
          throw new IllegalStateException(
              "this listener waits for a command behind a transfer whose data it has to take first: return, or chain the futures");
        }
        left = moved.awaitNanos(left);
      }
    } finally {
      waitsForSession = false;
      lock.unlock();
    }
  }

  /**
   * Waits until everything was delivered, the last entry included. When a listener waits for a future meanwhile, which may be
   * the one of this very end, for a second or more, this returns without it; so it does when the executor of the listeners does
   * not begin an event for five.
   */
  void awaitEnd() {
    lock.lock();
    try {
      long seen = delivered;
      long waiting = 0;
      long unbegun = 0;
      long pause = TimeUnit.MILLISECONDS.toNanos(10);
      while (delivered < added) {
        long before = System.nanoTime();
        moved.awaitNanos(pause);
        long waited = System.nanoTime() - before;
        waiting = delivered == seen && waitsForFuture() ? waiting + waited : 0;
        unbegun = delivered == seen && waitsForExecutor() ? unbegun + waited : 0;
        seen = delivered;
        pause = Math.min(pause * 2, LINGER.toNanos());
        if (waiting >= LINGER.toNanos()) {
          LOG.warn("[{}] the session has ended, and one of its listeners still waits for a future", alias);
          return;
        }
        if (unbegun >= EXECUTOR_LINGER.toNanos()) {
          LOG.warn("[{}] the session has ended, and the executor of its listeners has not begun its last events", alias);
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** Whether a listener waits for a future. */
  boolean isWaiting() {
    lock.lock();
    try {
      return waitsForSession || waitsForFuture();
    } finally {
      lock.unlock();
    }
  }

  private boolean waitsForExecutor() {
    ListenerTask task = present;
    return task != null && !task.hasBegun();
  }

  private boolean waitsForFuture() {
    return Completions.waitsForFuture(delivering);
  }

  // --- the thread ---

  private void run() {
    boolean ended = false;
    while (!ended) {
      Entry entry = take();
      switch (entry) {
        case Event event -> deliver(event.event);
        case FlushedRun run -> deliver(new FtpEvent.Flushed(alias, takeSize(run), run.argument));
        case Later later -> deliver(later.event.get());
        case Task task -> onListenerThread(() -> guarded(task.work));
        case Last last -> {
          guarded(last.then);
          ended = true;
        }
      }
      lock.lock();
      try {
        delivered++;
        moved.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Takes the first entry; a run stays as long as it has more than one event. */
  private Entry take() {
    lock.lock();
    try {
      while (queue.isEmpty()) {
        filled.awaitUninterruptibly();
      }
      Entry entry = queue.element();
      if (entry instanceof FlushedRun run && run.sizes.length() > 1) {
        added++; // one delivery for each event of the run
        return entry;
      }
      queue.remove();
      bytes -= entry.weight();
      moved.signalAll();
      return entry;
    } finally {
      lock.unlock();
    }
  }

  private int takeSize(FlushedRun run) {
    lock.lock();
    try {
      return run.sizes.remove();
    } finally {
      lock.unlock();
    }
  }

  private void deliver(FtpEvent event) {
    LOG.debug("[{}] {}", alias, event);
    if (own.wants(event) || bus.wants(event)) {
      onListenerThread(
          () -> {
            own.deliver(event, errors);
            bus.deliver(event, errors);
          });
    }
  }

  private void guarded(Runnable work) {
    try {
      work.run();
    } catch (Throwable e) { // code of other languages throws checked exceptions too
      ListenerErrors.log("[" + alias + "] code of the user threw", e);
    }
  }

  private void onListenerThread(Runnable work) {
    Runnable marked =
        () -> {
          delivering = Thread.currentThread();
          try {
            work.run();
          } finally {
            delivering = null;
          }
        };
    if (executor == null) {
      marked.run();
    } else {
      through(executor, new ListenerTask(marked));
    }
    if (Thread.interrupted()) {
      LOG.debug("[{}] a listener left an interrupt behind", alias);
    }
  }

  /** Runs it on the executor, or here where that takes no work; returns when it has ended. */
  private void through(Executor users, ListenerTask task) {
    present = task;
    try {
      users.execute(task);
    } catch (Throwable e) { // whatever the executor does, the events go on
      ListenerErrors.log("[" + alias + "] the executor of the listeners takes no work: they run on another thread", e);
      task.run();
    }
    while (!task.isDoneWithin(TASK_CHECK)) {
      if (users instanceof ExecutorService service && service.isTerminated() && !task.hasBegun()) {
        LOG.error("[{}] the executor of the listeners has ended before an event: it is delivered on another thread", alias);
        task.run();
      } else if (isLate() && task.drop()) {
        LOG.error("[{}] the executor of the listeners did not begin an event of a session that has ended: it is lost", alias);
        return;
      }
    }
  }

  private boolean isLate() {
    lock.lock();
    try {
      return complete && System.nanoTime() - completedAt > LONGEST_EXECUTOR.toNanos();
    } finally {
      lock.unlock();
    }
  }
}
