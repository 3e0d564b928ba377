package io.loomftp.async;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers events and data on the thread {@code ftp-events-N}, the only thread that runs code of the user, one piece at a
 * time and in order.
 *
 * <p>{@link #step()} runs one piece: the next listener of the present event, the next item of data, the next entry of the
 * queue. A listener that waits for its own session runs further pieces meanwhile, see {@link #deliverUntil}, so it never
 * deadlocks. Entries with data are bounded: adding one waits for room.
 */
final class EventLoop {
  private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);

  /** The most bytes of undelivered data, at least one block. */
  private static final int MOST_BYTES = 1 << 20;

  /** The depth of nested waits of listeners up to which events are delivered meanwhile. */
  private static final int DEEPEST = 32;

  private final SessionMonitor monitor;
  private final String alias;
  private final Listeners own;
  private final Listeners bus;
  private final ArrayDeque<Entry> queue = new ArrayDeque<>();
  private long bytes;
  private volatile @Nullable Thread thread;

  // Used by the events thread alone:
  private @Nullable Iterator<Runnable> present;
  private @Nullable DataFeed feed;
  private boolean filtering;
  private boolean ended;
  private int depth;

  EventLoop(SessionMonitor monitor, String alias, Listeners own, Listeners bus) {
    this.monitor = monitor;
    this.alias = alias;
    this.own = own;
    this.bus = bus;
  }

  /** An entry of the queue. */
  sealed interface Entry {
    /** Its bytes of data. */
    default int weight() {
      return 0;
    }
  }

  /** An event, which may be null when its turn comes, and an action to run after all listeners. */
  record Announce(Supplier<@Nullable FtpEvent> event, Runnable then) implements Entry {}

  /** Work that calls code of the user. */
  record Task(Runnable work, int weight) implements Entry {}

  /** The begin of data for a filter. */
  record Begin(DataFeed feed) implements Entry {}

  /** Data for the filter. */
  record Block(byte[] bytes) implements Entry {
    @Override
    public int weight() {
      return bytes.length;
    }
  }

  /** The end of the data, complete or not. */
  record End(boolean complete) implements Entry {}

  /** The last entry. */
  record Last(Runnable then) implements Entry {}

  // --- reporting; any thread ---

  /** Starts the thread. */
  void start(String name) {
    thread = Thread.ofVirtual().name(name).start(this::run);
  }

  /** Adds an entry without waiting; these are few. */
  void add(Entry entry) {
    monitor.change(() -> append(entry));
  }

  /** Adds an event. */
  void announce(FtpEvent event) {
    add(new Announce(() -> event, () -> {}));
  }

  /** Adds data when there is room; drops it once the transfer is cancelled. */
  void addData(Entry entry, BooleanSupplier cancelled) {
    monitor.lock();
    try {
      monitor.await(() -> bytes == 0 || bytes + entry.weight() <= MOST_BYTES || cancelled.getAsBoolean());
      if (!cancelled.getAsBoolean()) {
        append(entry);
        monitor.signal();
      }
    } finally {
      monitor.unlock();
    }
  }

  private void append(Entry entry) {
    queue.add(entry);
    bytes += entry.weight();
  }

  /** The number of waiting entries; called under the lock of the monitor. */
  int waiting() {
    return queue.size();
  }

  // --- waiting ---

  /** Whether the present thread is the events thread. */
  boolean isEventsThread() {
    return Thread.currentThread() == thread;
  }

  /** On the events thread, delivers events until the future is done; does nothing on other threads. */
  void deliverUntil(CompletableFuture<?> future) {
    deliverUntil(future, Long.MAX_VALUE);
  }

  /** The same, for this many nanoseconds at most. */
  void deliverUntil(CompletableFuture<?> future, long nanos) {
    if (!isEventsThread() || future.isDone()) {
      return;
    }
    if (filtering) {
      throw new IllegalStateException("a filter must not wait for a future of its own session: it would wait for itself");
    }
    // The wait below must notice its completion by any thread.
    CompletableFuture<?> noticed =
        future.whenComplete((value, trouble) -> monitor.change(() -> {}));
    if (nanos < Long.MAX_VALUE) {
      CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS, Runnable::run)
          .execute(() -> monitor.change(() -> {}));
    }
    long start = System.nanoTime();
    deliverUntil(() -> future.isDone() || noticed.isDone() || System.nanoTime() - start >= nanos);
  }

  /** On the events thread, delivers events until the condition holds; on other threads waits for it. Evaluated under the lock. */
  void deliverUntil(BooleanSupplier condition) {
    boolean delivering = isEventsThread() && !filtering && depth < DEEPEST;
    depth += delivering ? 1 : 0;
    try {
      while (true) {
        monitor.await(() -> condition.getAsBoolean() || (delivering && hasWork()));
        if (holds(condition) || ended) {
          return;
        }
        step();
      }
    } finally {
      depth -= delivering ? 1 : 0;
    }
  }

  private boolean holds(BooleanSupplier condition) {
    monitor.lock();
    try {
      return condition.getAsBoolean();
    } finally {
      monitor.unlock();
    }
  }

  private boolean hasWork() {
    return present != null || !queue.isEmpty() || ended;
  }

  // --- the thread ---

  private void run() {
    while (!ended) {
      step();
    }
  }

  private void step() {
    Iterator<Runnable> rest = present;
    if (rest != null) {
      Runnable piece = rest.next();
      if (!rest.hasNext()) {
        present = null;
      }
      guarded(piece);
      return;
    }
    DataFeed filtered = feed;
    if (filtered != null) {
      advance(filtered);
      return;
    }
    switch (take()) {
      case Announce announce -> dispatch(announce.event.get(), announce.then);
      case Task task -> guarded(task.work);
      case Begin begin -> feed = begin.feed;
      case Last last -> {
        ended = true;
        guarded(last.then);
      }
      case Block block -> LOG.trace("[{}] {} bytes that no filter asked for", alias, block.bytes.length);
      case End end -> LOG.trace("[{}] end of data, complete: {}", alias, end.complete);
    }
  }

  /** Delivers the next item of the data; drops the rest when the filter has no more. */
  private void advance(DataFeed filtered) {
    filtering = true;
    FtpEvent event;
    try {
      event = filtered.next();
    } finally {
      filtering = false;
    }
    if (event != null) {
      dispatch(event, () -> {});
    } else {
      feed = null;
    }
  }

  private void dispatch(@Nullable FtpEvent event, Runnable then) {
    List<Runnable> pieces = new ArrayList<>();
    if (event != null) {
      List<Listeners.Listener> listeners = new ArrayList<>();
      own.addMatching(event, listeners);
      bus.addMatching(event, listeners);
      LOG.debug("[{}] {}", alias, event);
      for (Listeners.Listener listener : listeners) {
        pieces.add(() -> listener.deliver(event));
      }
    }
    pieces.add(then);
    present = pieces.iterator();
  }

  /** Runs code of the user; delivery continues whatever it throws. */
  private void guarded(Runnable piece) {
    try {
      piece.run();
    } catch (RuntimeException | Error e) {
      LOG.warn("[{}] a listener threw; the others are called", alias, e);
    }
    if (Thread.interrupted()) {
      LOG.debug("[{}] a listener left an interrupt behind", alias);
    }
  }

  private Entry take() {
    monitor.lock();
    try {
      monitor.await(() -> !queue.isEmpty());
      Entry entry = queue.remove();
      bytes -= entry.weight();
      monitor.signal();
      return entry;
    } finally {
      monitor.unlock();
    }
  }

  /** Takes the next block for a filter; null at the end, which stays in the queue. */
  @Nullable
  Block takeBlock() {
    monitor.lock();
    try {
      monitor.await(() -> !queue.isEmpty());
      return queue.peek() instanceof Block ? (Block) take() : null;
    } finally {
      monitor.unlock();
    }
  }

  /** Whether the data that a filter has read to its end is complete. */
  boolean isComplete() {
    monitor.lock();
    try {
      return queue.peek() instanceof End end && end.complete;
    } finally {
      monitor.unlock();
    }
  }
}
