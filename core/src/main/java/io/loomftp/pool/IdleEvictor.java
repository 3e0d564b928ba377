package io.loomftp.pool;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes sessions of a pool that were idle for too long or that the server has closed, at an interval, on one virtual thread
 * that lives while there are any.
 */
final class IdleEvictor {
  private static final Logger LOG = LoggerFactory.getLogger(IdleEvictor.class);
  private static final long LONGEST = Duration.ofSeconds(5).toNanos();
  private static final long SHORTEST = Duration.ofMillis(50).toNanos();

  private final long interval;
  private final Sessions sessions;
  private final AtomicBoolean running = new AtomicBoolean();

  /** The sessions of a pool. */
  interface Sessions {
    /** Whether there are any. */
    boolean any();

    /** Evicts those that were idle for too long; returns idle ones to check, which are not leased meanwhile. */
    List<PooledSession> evict();

    /** Takes back a session that was checked. */
    void checked(PooledSession session, boolean alive);
  }

  IdleEvictor(Duration maxIdle, Sessions sessions) {
    this.interval = Math.clamp(maxIdle.toNanos() / 4, SHORTEST, LONGEST);
    this.sessions = sessions;
  }

  /** Starts the thread if it does not run. */
  void start() {
    if (running.compareAndSet(false, true)) {
      Thread.ofVirtual().name("ftp-pool-keeper").start(this::run);
    }
  }

  private void run() {
    do {
      while (sessions.any()) {
        LockSupport.parkNanos(this, interval);
        try {
          sweep();
        } catch (RuntimeException e) {
          LOG.warn("the idle sessions could not be swept; the next sweep tries again", e);
        }
      }
      running.set(false);
    } while (sessions.any() && running.compareAndSet(false, true));
  }

  /** Evicts and checks idle sessions now. */
  void sweep() {
    for (PooledSession session : sessions.evict()) {
      boolean alive = false;
      try {
        alive = session.session().isAlive();
      } catch (RuntimeException e) {
        LOG.debug("{} cannot be checked: {}", session.session(), e.toString());
      } finally {
        sessions.checked(session, alive);
      }
    }
  }
}
