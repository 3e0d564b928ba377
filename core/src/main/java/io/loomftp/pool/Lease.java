package io.loomftp.pool;

import io.loomftp.FtpSession;
import java.lang.ref.Cleaner;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lease of one session of a pool, until it is closed.
 *
 * <p>A thread that asks for another lease while it has one gets the same session again, so that nested calls
 * never wait for themselves; the session is returned when all of its leases are closed. It is kept only if it can be put into the
 * state it had after login: see {@link FtpSession#reset()}.
 *
 * <p>Keep the lease, not only its session: a lease that is garbage collected while it is open counts as lost, and its session
 * is closed.
 */
public final class Lease implements AutoCloseable {
  private static final Cleaner LOST = Cleaner.create();

  private final LeaseRecord record;
  private final Hold hold;
  private final Cleaner.Cleanable watch;

  Lease(LeaseRecord.Owner owner, LeaseRecord record) {
    this.record = record;
    this.hold = new Hold(owner, record);
    this.watch = LOST.register(this, hold::lost);
  }

  /** The state of a lease that the cleaner needs once the lease is unreachable. */
  private static final class Hold {
    private final LeaseRecord.Owner owner;
    private final LeaseRecord record;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean ended; // guarded by lock

    Hold(LeaseRecord.Owner owner, LeaseRecord record) {
      this.owner = owner;
      this.record = record;
    }

    boolean hasEnded() {
      lock.lock();
      try {
        return ended;
      } finally {
        lock.unlock();
      }
    }

    /** True for the first call. */
    boolean end() {
      lock.lock();
      try {
        boolean first = !ended;
        ended = true;
        return first;
      } finally {
        lock.unlock();
      }
    }

    void lost() {
      if (end()) {
        owner.lost(record);
      }
    }

    /** Keeps the lease from being closed meanwhile, since the session could then belong to another thread. */
    void abort() {
      lock.lock();
      try {
        if (!ended) {
          record.session().abort();
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * The session, logged in. It must not be used when the lease is closed.
   *
   * @throws IllegalStateException when the lease is closed
   */
  public FtpSession session() {
    if (hold.hasEnded()) {
      throw new IllegalStateException("the lease is closed: its session may be in use by another thread");
    }
    return record.session();
  }

  /**
   * Aborts the running operation of this lease; may be called by any thread. The thread that runs it gets an exception of the
   * kind {@link io.loomftp.ErrorKind#ABORTED}. Does nothing when the lease is closed, so it never affects the next lease.
   */
  public void abort() {
    hold.abort();
  }

  /** Closes the session when the lease is closed, instead of returning it to the pool: for one that cannot be trusted. */
  public void discard() {
    record.discard();
  }

  /** Returns the session to the pool; may be called by any thread. Throws nothing; a second call does nothing. */
  @Override
  public void close() {
    if (hold.end()) {
      hold.owner.giveBack(record);
      watch.clean();
    }
  }

  /** The session and the thread that holds it. */
  @Override
  public String toString() {
    return "Lease[" + record + (hold.hasEnded() ? ", closed]" : "]");
  }
}
