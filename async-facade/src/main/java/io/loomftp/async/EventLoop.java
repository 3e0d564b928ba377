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
 * Delivers what the session's thread reports, on the thread {@code ftp-events-N}: the one place where code of the user runs,
 * one piece at a time and in order.
 *
 * <p>{@link #step()} runs one piece: the next listener of the present event, the next item of data, the next entry of the
 * queue. A listener that waits for its own session calls it in its turn, see {@link #deliverUntil}, so nothing waits for the
 * listener. Entries with data are bounded: whoever adds one waits for room.
 */
final class EventLoop {
  private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);

  /** Bytes of data that may wait for the user, one block at least. */
  private static final int MOST_BYTES = 1 << 20;

  /** How deep listeners may wait inside each other and still have events delivered meanwhile. */
  private static final int DEEPEST = 32;

  private final SessionMonitor monitor;
  private final String alias;
  private final Listeners own;
  private final Listeners bus;
  private final ArrayDeque<Entry> queue = new ArrayDeque<>();
  private long bytes;
  private volatile @Nullable Thread thread;

  // What follows is the events thread's alone.
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

  /** What waits to be delivered. */
  sealed interface Entry {
    /** Bytes of data in it. */
    default int weight() {
      return 0;
    }
  }

  /** An event, if there is one when its turn comes, and what is to be done when all listeners have heard it. */
  record Announce(Supplier<@Nullable FtpEvent> event, Runnable then) implements Entry {}

  /** Work that calls code of the user. */
  record Task(Runnable work, int weight) implements Entry {}

  /** Data for a filter comes from here on. */
  record Begin(DataFeed feed) implements Entry {}

  /** Data for the filter. */
  record Block(byte[] bytes) implements Entry {
    @Override
    public int weight() {
      return bytes.length;
    }
  }

  /** The data is at its end, or broke off. */
  record End(boolean complete) implements Entry {}

  /** Nothing comes any more. */
  record Last(Runnable then) implements Entry {}

  // --- for those who report ---

  /** Starts the thread. */
  void start(String name) {
    thread = Thread.ofVirtual().name(name).start(this::run);
  }

  /** Adds an entry at once; these are few. */
  void add(Entry entry) {
    monitor.change(() -> append(entry));
  }

  /** Adds an event. */
  void announce(FtpEvent event) {
    add(new Announce(() -> event, () -> {}));
  }

  /** Adds data when there is room, or not at all once the transfer is called off. */
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

  /** How many entries wait; under the lock of the monitor. */
  int waiting() {
    return queue.size();
  }

  // --- for those who wait ---

  /** Whether the present thread is the one that delivers. */
  boolean isEventsThread() {
    return Thread.currentThread() == thread;
  }

  /** On the events thread, delivers until the future is done; does nothing elsewhere. */
  void deliverUntil(CompletableFuture<?> future) {
    deliverUntil(future, Long.MAX_VALUE);
  }

  /** The same for at most so many nanoseconds. */
  void deliverUntil(CompletableFuture<?> future, long nanos) {
    if (!isEventsThread() || future.isDone()) {
      return;
    }
    if (filtering) {
      throw new IllegalStateException("a filter must not wait for a future of its own session: it would wait for itself");
    }
    // Whoever completes it, the waiting below is to notice.
    CompletableFuture<?> noticed =
        future.whenComplete((value, trouble) -> monitor.change(() -> {}));
    if (nanos < Long.MAX_VALUE) {
      CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS, Runnable::run)
          .execute(() -> monitor.change(() -> {}));
    }
    long start = System.nanoTime();
    deliverUntil(() -> future.isDone() || noticed.isDone() || System.nanoTime() - start >= nanos);
  }

  /** On the events thread, delivers until something is so; elsewhere just waits for it. The condition is asked under the lock. */
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

  /** Makes the next event of the data; the rest is dropped when the filter is done with it. */
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

  /** Whatever the user's code does, the rest goes on. */
  private void guarded(Runnable piece) {
    try {
      piece.run();
    } catch (RuntimeException | Error e) {
      LOG.warn("[{}] a listener threw; the others go on", alias, e);
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

  /** The next block for a filter; null at the end, which stays where it is when it is read again. */
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
