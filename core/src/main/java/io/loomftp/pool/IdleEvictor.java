package io.loomftp.pool;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Looks after a pool's sessions now and then, on one virtual thread that lives while there are any. */
final class IdleEvictor {
  private static final long LONGEST = Duration.ofSeconds(5).toNanos();
  private static final long SHORTEST = Duration.ofMillis(50).toNanos();

  private final Roster roster;
  private final AtomicBoolean running = new AtomicBoolean();

  IdleEvictor(Roster roster) {
    this.roster = roster;
  }

  /** There is something to look after. */
  void isNeeded() {
    if (running.compareAndSet(false, true)) {
      Thread.ofVirtual().name("ftp-pool-keeper").start(this::keep);
    }
  }

  private void keep() {
    long interval = Math.max(SHORTEST, Math.min(LONGEST, roster.settings().maxIdle().toNanos() / 4));
    do {
      while (roster.hasMembers()) {
        LockSupport.parkNanos(this, interval);
        roster.sweep();
      }
      running.set(false);
    } while (roster.hasMembers() && running.compareAndSet(false, true));
  }
}
