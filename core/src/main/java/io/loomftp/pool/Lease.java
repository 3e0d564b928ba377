package io.loomftp.pool;

import io.loomftp.FtpSession;
import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The use of one session of a pool, until it is closed.
 *
 * <p>A thread that asks for another lease while it has one gets the same session again, so that work made of several parts
 * never waits for itself; the session goes back when all of its leases are closed. It goes back in the state it had after
 * login, or not at all: see {@link FtpSession#reset()}.
 *
 * <p>Keep the lease, not only its session: a lease that is garbage collected while it is not closed is taken for lost, and
 * its session is closed.
 */
public final class Lease implements AutoCloseable {
  private static final Cleaner LOST = Cleaner.create();

  private final Roster roster;
  private final LeaseRecord record;
  private final Grip grip;
  private final Cleaner.Cleanable watch;

  Lease(Roster roster, LeaseRecord record) {
    this.roster = roster;
    this.record = record;
    this.grip = new Grip(roster, record);
    this.watch = LOST.register(this, grip);
  }

  /** What is left of a lease that nobody has a hold on any more. */
  private static final class Grip implements Runnable {
    private final Roster roster;
    private final LeaseRecord record;
    private final AtomicBoolean ended = new AtomicBoolean();

    Grip(Roster roster, LeaseRecord record) {
      this.roster = roster;
      this.record = record;
    }

    @Override
    public void run() {
      if (ended.compareAndSet(false, true)) {
        roster.lost(record);
      }
    }
  }

  /**
   * The session, logged in. Not to be used any more when the lease is closed.
   *
   * @throws IllegalStateException when it is closed already
   */
  public FtpSession session() {
    if (grip.ended.get()) {
      throw new IllegalStateException("the lease was closed: its session may be somebody else's by now");
    }
    return record.session();
  }

  /** Has the session closed instead of going back to the pool: for one that is not to be trusted any more. */
  public void discard() {
    record.discard();
  }

  /** Gives the session back; any thread may. Throws nothing; a second call does nothing. */
  @Override
  public void close() {
    if (grip.ended.compareAndSet(false, true)) {
      roster.giveBack(record);
      watch.clean();
    }
  }

  /** The session and who has it. */
  @Override
  public String toString() {
    return "Lease[" + record + (grip.ended.get() ? ", closed]" : "]");
  }
}
