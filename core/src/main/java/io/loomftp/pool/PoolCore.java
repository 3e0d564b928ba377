package io.loomftp.pool;

import io.loomftp.ErrorKind;
import io.loomftp.FtpClosedException;
import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.FtpSession;
import io.loomftp.FtpTimeoutException;
import io.loomftp.internal.control.ConnectFailure;
import io.loomftp.internal.control.ConnectionPermits;
import io.loomftp.internal.control.PermitClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of a pool: hands them out to the threads that wait, has new ones opened as long as the pool's size and the
 * server allow it, and takes them back.
 */
final class PoolCore implements LeaseSource, PermitClient, LeaseRecord.Owner {
  private static final Logger LOG = LoggerFactory.getLogger(FtpPool.class);
  private static final long NEVER = Long.MAX_VALUE;

  private final FtpConfig config;
  private final PoolSettings settings;
  private final ConnectionPermits permits;
  private final SessionOpener opener;
  private final IdleEvictor evictor;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition settled = lock.newCondition(); // guarded by lock, as is what follows
  private final WaitQueue waiting = new WaitQueue(lock);
  private final IdleSessions idle = new IdleSessions();
  private final LeaseTable leased = new LeaseTable();
  private int opening;
  private int busy; // sessions that are being closed or looked at
  private boolean closed;
  private long nextAttempt = NEVER;
  private @Nullable FtpException lastFailure;

  PoolCore(FtpConfig config, PoolSettings settings, ConnectionPermits permits) {
    this.config = config;
    this.settings = settings;
    this.permits = permits;
    this.opener = new SessionOpener(config, this::opened, this::notOpened);
    this.evictor = new IdleEvictor(settings.maxIdle(), this::hasSessions, this::sweep);
  }

  @Override
  public FtpConfig config() {
    return config;
  }

  @Override
  public int size() {
    return settings.size();
  }

  @Override
  public boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  // --- taking a session ---

  /** A session for this thread, the one it has already if it has one, within the pool's patience. */
  @Override
  public Lease lease() throws FtpException {
    return lease(settings.patience()).orElseThrow(() -> late(settings.patience()));
  }

  @Override
  public Optional<Lease> leaseOfThisThread() {
    lock.lock();
    try {
      LeaseRecord mine = leased.of(Thread.currentThread());
      if (mine == null) {
        return Optional.empty();
      }
      mine.leases++;
      return Optional.of(new Lease(this, mine));
    } finally {
      lock.unlock();
    }
  }

  /** The same, empty when none came in time. */
  @Override
  public Optional<Lease> lease(Duration patience) throws FtpException {
    return Optional.ofNullable(take(PoolSettings.bounded(patience))).map(record -> new Lease(this, record));
  }

  private @Nullable LeaseRecord take(Duration patience) throws FtpException {
    WaitQueue.Waiter waiter = waiting.waiter(patience, settings.tracing() ? new Throwable("leased here") : null);
    LeaseRecord record = queued(waiter);
    while (record != null && !isFit(record, waiter)) {
      LOG.debug("{} was closed by the server while idle", record.session());
      lock.lock();
      try {
        waiter.leased = null;
        leased.remove(record);
        retire(record.pooled());
        checkOpen();
        waiting.addFirst(waiter);
        dispatch();
        record = await(waiter);
      } finally {
        lock.unlock();
      }
    }
    return record;
  }

  private @Nullable LeaseRecord queued(WaitQueue.Waiter waiter) throws FtpException {
    lock.lock();
    try {
      checkOpen();
      LeaseRecord mine = leased.of(waiter.thread);
      if (mine != null) {
        mine.leases++;
        return mine;
      }
      waiting.addLast(waiter);
      dispatch();
      return await(waiter);
    } finally {
      lock.unlock();
    }
  }

  private void checkOpen() throws FtpException {
    if (closed) {
      throw PoolExceptions.closed(config);
    }
  }

  private @Nullable LeaseRecord await(WaitQueue.Waiter waiter) throws FtpException {
    try {
      waiting.await(waiter, () -> nextAttempt, this::dispatch);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      LeaseRecord given = waiter.leased;
      if (given != null) {
        waiter.leased = null;
        leased.remove(given);
        keep(given.pooled());
      }
      throw new FtpClosedException("interrupted while waiting for a session of " + config, ErrorKind.ABORTED, List.of(), e);
    } finally {
      waiting.remove(waiter);
      dispatch();
    }
    if (waiter.failure != null) {
      throw waiter.failure;
    }
    return waiter.leased;
  }

  /** The exception for a thread that got no session in time. */
  private FtpTimeoutException late(Duration patience) {
    FtpException last;
    lock.lock();
    try {
      last = lastFailure;
    } finally {
      lock.unlock();
    }
    return PoolExceptions.late(config, patience, state(), last);
  }

  private boolean isFit(LeaseRecord record, WaitQueue.Waiter waiter) {
    if (waiter.leased == null) {
      return true; // this thread has it already
    }
    try {
      return record.pooled().isFit(settings, config, waiter.nanosLeft());
    } catch (RuntimeException | Error e) {
      giveBack(record);
      throw e;
    }
  }

  // --- handing out and opening; all with the lock held ---

  private void dispatch() {
    while (!closed && !waiting.isEmpty() && !idle.isEmpty()) {
      give(waiting.removeFirst(), idle.takeNewest());
    }
    nextAttempt = NEVER;
    while (!closed && opening < waiting.size() && total() < settings.size()) {
      ConnectionPermits.Answer answer = permits.ask(this, config.credentials().orElseThrow());
      if (answer.permit() == null) {
        nextAttempt = Math.max(1, answer.nanos());
        if (answer.refusal() != null && hasNone()) {
          waiting.failAll(PoolExceptions.copy(answer.refusal()));
        }
        break;
      }
      opening++;
      opener.open(answer.permit());
    }
    if (waiting.isEmpty()) {
      permits.satisfied(this);
    }
    waiting.signalFirst();
  }

  private int total() {
    return idle.size() + leased.places() + opening + busy;
  }

  /** Whether there is no session that a waiting thread may hope for. */
  private boolean hasNone() {
    return idle.size() + leased.size() + opening == 0;
  }

  private void give(WaitQueue.Waiter waiter, PooledSession pooled) {
    LeaseRecord record = new LeaseRecord(pooled, waiter.thread, settings.clock().getAsLong(), waiter.stack);
    leased.add(record);
    waiter.give(record);
  }

  private void opened(FtpSession session) {
    PooledSession pooled = new PooledSession(session, settings.clock().getAsLong());
    lock.lock();
    try {
      opening--;
      lastFailure = null;
      keep(pooled);
    } finally {
      lock.unlock();
    }
  }

  /** Makes a session available, or closes it when the pool is closed. */
  private void keep(PooledSession pooled) {
    if (closed) {
      retire(pooled);
    } else {
      idle.put(pooled);
      evictor.start();
      dispatch();
    }
  }

  private void notOpened(FtpException failure) {
    LOG.debug("cannot open a session of {}: {}", config, failure.getMessage());
    lock.lock();
    try {
      opening--;
      lastFailure = failure;
      // While others have sessions or may get one, those that wait may get theirs.
      if (ConnectFailure.of(failure) != ConnectFailure.TOO_MANY && hasNone()) {
        waiting.failAll(failure);
      }
      dispatch();
      settled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void permitsMayBeFree() {
    lock.lock();
    try {
      dispatch();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void closeIdle() {
    lock.lock();
    try {
      PooledSession oldest = idle.takeOldest();
      if (oldest != null) {
        retire(oldest);
      }
    } finally {
      lock.unlock();
    }
  }

  // --- taking back ---

  @Override
  public void giveBack(LeaseRecord record) {
    lock.lock();
    try {
      record.leases--;
      if (record.leases > 0 || !leased.contains(record)) {
        return;
      }
      leased.detach(record);
    } finally {
      lock.unlock();
    }
    boolean fit = false;
    try {
      fit = !record.isDiscarded() && isRestored(record.session());
    } finally {
      settle(record, fit);
    }
  }

  private void settle(LeaseRecord record, boolean fit) {
    lock.lock();
    try {
      if (!leased.remove(record)) {
        return;
      }
      PooledSession pooled = record.pooled();
      if (fit && !permits.wantsBack(this)) {
        pooled.idleSince = settings.clock().getAsLong();
        pooled.seen = pooled.idleSince;
        keep(pooled);
      } else {
        retire(pooled);
      }
    } finally {
      lock.unlock();
    }
  }

  private static boolean isRestored(FtpSession session) {
    try {
      return session.isOpen() && session.reset();
    } catch (FtpException | RuntimeException e) {
      LOG.debug("{} is not kept in its pool: {}", session, e.getMessage());
      return false;
    }
  }

  @Override
  public void lost(LeaseRecord record) {
    LOG.warn(
        "a lease of {} was not closed, but is not reachable any more; closing its session: {}", config,
        record.describe(settings.clock().getAsLong()));
    lock.lock();
    try {
      if (leased.remove(record)) {
        retire(record.pooled());
      }
    } finally {
      lock.unlock();
    }
  }

  /** Closes a session on a thread of its own, since QUIT takes time; its place is free when that is done. */
  private void retire(PooledSession pooled) {
    busy++;
    Thread.ofVirtual()
        .name("ftp-pool-closer")
        .start(
            () -> {
              try {
                pooled.session().close();
              } finally {
                retired();
              }
            });
  }

  private void retired() {
    lock.lock();
    try {
      busy--;
      dispatch();
      settled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  // --- looking after them ---

  /** Closes sessions that were idle for too long or have died, and reports leases that last very long. */
  void sweep() {
    List<PooledSession> unseen;
    lock.lock();
    try {
      long now = settings.clock().getAsLong();
      idle.takeIdleFor(settings.maxIdle().toNanos(), now).forEach(this::retire);
      unseen = idle.takeUnseenFor(settings.checkAfter().toNanos(), now);
      busy += unseen.size();
      for (LeaseRecord record : leased.all()) {
        if (!record.reported && now - record.since() >= settings.reportAfter().toNanos()) {
          record.reported = true;
          LOG.warn("a session is leased very long: {}", record.describe(now));
        }
      }
    } finally {
      lock.unlock();
    }
    unseen.forEach(this::check);
  }

  private void check(PooledSession pooled) {
    boolean alive = false;
    try {
      alive = pooled.session().isAlive();
    } catch (RuntimeException e) {
      LOG.debug("{} cannot be looked at: {}", pooled.session(), e.toString());
    } finally {
      checked(pooled, alive);
    }
  }

  private void checked(PooledSession pooled, boolean alive) {
    lock.lock();
    try {
      busy--;
      if (alive) {
        pooled.seen = settings.clock().getAsLong();
        keep(pooled);
      } else {
        LOG.debug("{} was closed by the server while idle", pooled.session());
        retire(pooled);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean hasSessions() {
    lock.lock();
    try {
      return idle.size() + leased.size() + opening + busy > 0;
    } finally {
      lock.unlock();
    }
  }

  PoolState state() {
    lock.lock();
    try {
      long now = settings.clock().getAsLong();
      return new PoolState(
          config.toString(),
          settings.size(),
          idle.size(),
          leased.size(),
          opening,
          waiting.size(),
          permits.limit(),
          leased.all().stream().map(record -> record.describe(now)).toList());
    } finally {
      lock.unlock();
    }
  }

  // --- closing ---

  /** Fails the waiting threads, closes what is idle and waits for that; what is leased is closed when it comes back. */
  void close() {
    boolean interrupted = false;
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        waiting.failAll(PoolExceptions.closed(config));
        permits.satisfied(this);
        opener.interrupt();
        for (PooledSession each = idle.takeOldest(); each != null; each = idle.takeOldest()) {
          retire(each);
        }
        if (!leased.isEmpty()) {
          Thread.ofVirtual().name("ftp-pool-closer").start(this::closeLeasedAfterGrace);
        }
      }
      long left = config.timeouts().close().toNanos() * 2;
      while (busy + opening > 0 && left > 0) {
        left = settled.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      lock.unlock();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeLeasedAfterGrace() {
    List<LeaseRecord> overdue = new ArrayList<>();
    lock.lock();
    try {
      long left = settings.grace().toNanos();
      while (!leased.isEmpty() && left > 0) {
        left = settled.awaitNanos(left);
      }
      overdue.addAll(leased.all());
    } catch (InterruptedException e) {
      LOG.debug("interrupted: closing at once");
      overdue.addAll(leased.all());
    } finally {
      lock.unlock();
    }
    for (LeaseRecord record : overdue) {
      LOG.warn("the pool of {} was closed, but a lease is still open; closing its session: {}", config,
          record.describe(settings.clock().getAsLong()));
      record.discard();
      record.session().close();
    }
  }
}
