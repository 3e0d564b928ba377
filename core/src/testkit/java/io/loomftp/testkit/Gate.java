package io.loomftp.testkit;

import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Counts relayed bytes and injects the {@link Cut} at its count. */
final class Gate {
  private final @Nullable Cut cut;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final CountDownLatch done = new CountDownLatch(1);
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final long[] passed = new long[Cut.Line.values().length];
  private long[] passedBefore = new long[Cut.Line.values().length];
  private long admitted;
  private boolean begun;
  private boolean still;
  private boolean closing;

  Gate(@Nullable Cut cut) {
    this.cut = cut;
  }

  /** Adds a connection; false when connections are refused. */
  boolean open(Link link) {
    return locked(() -> {
      if (closing || begun && cut != null && cut.forGood()) {
        return false;
      }
      links.add(link);
      return true;
    });
  }

  void closed(Link link) {
    locked(() -> {
      links.remove(link);
      changed.signalAll();
      return true;
    });
  }

  /** Waits until there is no connection; false when the time expires first. */
  boolean awaitNone(Duration patience) throws InterruptedException {
    return await(patience, links::isEmpty);
  }

  /** Waits until all clients have closed their ends; false when the time expires first. */
  boolean awaitClients(Duration patience) throws InterruptedException {
    return await(patience, () -> links.stream().allMatch(Link::hasClientEnded));
  }

  /** Records that the client has closed or reset its end. */
  void clientEnded(Link link) {
    locked(() -> {
      link.clientEnded();
      changed.signalAll();
      return true;
    });
  }

  private boolean await(Duration patience, BooleanSupplier condition) throws InterruptedException {
    long left = patience.toNanos();
    lock.lockInterruptibly();
    try {
      while (!condition.getAsBoolean()) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The number of bytes that may be relayed now: at least one, no more than wanted. Waits while there may be none.
   *
   * @param whole all or nothing, so that the count may be exceeded
   */
  int admit(Link link, int wanted, boolean whole) throws IOException, InterruptedException {
    boolean first = false;
    lock.lockInterruptibly();
    try {
      while (!closing && (still || link.isHeld() || isAtTheEdge(link) && admitted > 0)) {
        changed.await();
      }
      if (closing) {
        throw new SocketException("the proxy is closed");
      }
      if (!isCounted(link)) {
        return wanted;
      }
      first = isAtTheEdge(link); // before any byte
      if (first) {
        begin(link);
      } else {
        int some = whole ? wanted : (int) Math.min(wanted, cut().after() - admitted);
        admitted += some;
        return some;
      }
    } finally {
      lock.unlock();
    }
    if (first) {
      perform(link);
    }
    return admit(link, wanted, whole);
  }

  /** Counts bytes that were relayed, or dropped because the connection has ended. */
  void passed(Link link, int count) {
    boolean now =
        locked(() -> {
          passed[link.line().ordinal()] += count;
          if (isCounted(link) && passed[link.line().ordinal()] >= cut().after()) {
            begin(link);
            return true;
          }
          return false;
        });
    if (now) {
      perform(link);
    }
  }

  private Cut cut() {
    if (cut == null) {
      throw new IllegalStateException("nothing is to be cut");
    }
    return cut;
  }

  private boolean isCounted(Link link) {
    return cut != null && !begun && cut.line() == link.line();
  }

  private boolean isAtTheEdge(Link link) {
    return isCounted(link) && admitted >= cut().after();
  }

  private void begin(Link link) {
    begun = true;
    passedBefore = passed.clone();
    still = cut().still();
    if (cut().how() == Cut.How.STALL) {
      affected(link).forEach(Link::hold);
    }
  }

  private Set<Link> affected(Link link) {
    return cut().all() ? links : Set.of(link);
  }

  private void perform(Link link) {
    try {
      Runnable meanwhile = cut().meanwhile();
      if (meanwhile != null) {
        meanwhile.run();
      }
      switch (cut().how()) {
        case FIN -> affected(link).forEach(Link::finish);
        case RST -> affected(link).forEach(Link::reset);
        case STALL, NONE -> {}
      }
    } finally {
      locked(() -> {
        still = false;
        changed.signalAll();
        return true;
      });
      done.countDown();
    }
  }

  long passed(Cut.Line line) {
    lock.lock();
    try {
      return passed[line.ordinal()];
    } finally {
      lock.unlock();
    }
  }

  long passedBefore(Cut.Line line) {
    lock.lock();
    try {
      return passedBefore[line.ordinal()];
    } finally {
      lock.unlock();
    }
  }

  boolean hasBegun() {
    return locked(() -> begun);
  }

  boolean awaitDone(Duration patience) throws InterruptedException {
    return done.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  void close() {
    locked(() -> {
      closing = true;
      changed.signalAll();
      return true;
    });
  }

  Set<Link> links() {
    return links;
  }

  private boolean locked(BooleanSupplier work) {
    lock.lock();
    try {
      return work.getAsBoolean();
    } finally {
      lock.unlock();
    }
  }
}
