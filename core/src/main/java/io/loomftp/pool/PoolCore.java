package io.loomftp.pool;

import io.loomftp.ErrorKind;
import io.loomftp.FtpClosedException;
import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.FtpMeasurement;
import io.loomftp.FtpMeasurement.Outcome;
import io.loomftp.FtpSession;
import io.loomftp.FtpTimeoutException;
import io.loomftp.internal.control.ConnectFailure;
import io.loomftp.internal.control.ConnectionPermits;
import io.loomftp.internal.control.PermitClient;
import io.loomftp.internal.observe.Observer;
import io.loomftp.internal.observe.Span;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of a pool: hands them out to the threads that wait, has new ones opened as long as the pool's size and the
 * server allow it, and takes them back.
 */
final class PoolCore implements LeaseSource, PermitClient, LeaseRecord.Owner, IdleEvictor.Sessions {
  private static final Logger LOG = LoggerFactory.getLogger(PoolCore.class);
  private static final long NEVER = Long.MAX_VALUE;

  private final FtpConfig config;
  private final PoolSettings settings;
  private final ConnectionPermits permits;
  private final SessionOpener opener;
  private final IdleEvictor evictor;
  private final Observer observer;

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
    this.observer = Observer.of(config);
    this.opener = new SessionOpener(config, this::opened, this::notOpened);
    this.evictor = new IdleEvictor(settings.maxIdle(), this);
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
    return locked(() -> closed);
  }

  // --- taking a session ---

  /** Leases a session to this thread, the one that it holds already if there is one, within the pool's patience. */
  @Override
  public Lease lease() throws FtpException {
    return lease(settings.patience()).orElseThrow(() -> late(settings.patience()));
  }

  @Override
  public Optional<Lease> leaseOfThisThread() {
    return locked(
        () -> {
          Optional<LeaseRecord> mine = Optional.ofNullable(leased.of(Thread.currentThread()));
          mine.ifPresent(record -> record.leases++);
          return mine.map(record -> new Lease(this, record));
        });
  }

  /** The same; empty when none became free in time. */
  @Override
  public Optional<Lease> lease(Duration patience) throws FtpException {
    return Optional.ofNullable(take(PoolSettings.bounded(patience))).map(record -> new Lease(this, record));
  }

  private @Nullable LeaseRecord take(Duration patience) throws FtpException {
    WaitQueue.Waiter waiter = waiting.waiter(patience, settings.tracing() ? new Throwable("leased here") : null);
    Span<FtpMeasurement.PoolWait> span = observer.poolWait();
    try {
      LeaseRecord record = take(waiter);
      if (record == null || waiter.leased != null) { // not one that this thread has already
        waited(span, record == null ? Outcome.TIMED_OUT : Outcome.DONE, null);
      }
      return record;
    } catch (FtpException e) {
      waited(span, e.kind() == ErrorKind.ABORTED ? Outcome.ABORTED : Outcome.FAILED, e.kind());
      throw e;
    }
  }

  private @Nullable LeaseRecord take(WaitQueue.Waiter waiter) throws FtpException {
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

  private void waited(Span<FtpMeasurement.PoolWait> span, Outcome outcome, @Nullable ErrorKind failure) {
    if (span.isOn()) {
      span.end(new FtpMeasurement.PoolWait(config.toString(), span.elapsed(), outcome, Optional.ofNullable(failure)));
    }
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
    Optional<FtpException> last = locked(() -> Optional.ofNullable(lastFailure));
    return PoolExceptions.late(config, patience, state(), last.orElse(null));
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

  /** Whether there is no session that a waiting thread may still get. */
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
    locked(
        () -> {
          opening--;
          lastFailure = null;
          keep(pooled);
        });
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
    locked(
        () -> {
          opening--;
          lastFailure = failure;
          // While others hold sessions or may get one, the waiting threads may still get theirs.
          if (ConnectFailure.of(failure) != ConnectFailure.TOO_MANY && hasNone()) {
            waiting.failAll(failure);
          }
          dispatch();
          settled.signalAll();
        });
  }

  @Override
  public void permitsMayBeFree() {
    locked(this::dispatch);
  }

  @Override
  public void closeIdle() {
    locked(() -> Optional.ofNullable(idle.takeOldest()).ifPresent(this::retire));
  }

  // --- taking back ---

  @Override
  public void giveBack(LeaseRecord record) {
    boolean isLast =
        locked(
            () -> {
              record.leases--;
              return record.leases == 0 && leased.detach(record);
            });
    if (!isLast) {
      return;
    }
    boolean fit = false;
    try {
      fit = !record.isDiscarded() && isRestored(record.session());
    } finally {
      settle(record, fit);
    }
  }

  private void settle(LeaseRecord record, boolean fit) {
    locked(
        () -> {
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
        });
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
    locked(
        () -> {
          if (leased.remove(record)) {
            retire(record.pooled());
          }
        });
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
              } catch (RuntimeException e) { // of the session's listener
                LOG.debug("{} was closed, and its listener failed: {}", pooled.session(), e.toString());
              } finally {
                retired();
              }
            });
  }

  private void retired() {
    locked(
        () -> {
          busy--;
          dispatch();
          settled.signalAll();
        });
  }

  // --- eviction ---

  @Override
  public boolean any() {
    return locked(() -> idle.size() + leased.size() + opening + busy > 0);
  }

  /** Closes sessions that were idle for too long and reports leases that last very long; returns those to check. */
  @Override
  public List<PooledSession> evict() {
    return locked(
        () -> {
          long now = settings.clock().getAsLong();
          idle.takeIdleFor(settings.maxIdle().toNanos(), now).forEach(this::retire);
          List<PooledSession> unseen = idle.takeUnseenFor(settings.checkAfter().toNanos(), now);
          busy += unseen.size();
          leased.reportLong(settings.reportAfter().toNanos(), now);
          return unseen;
        });
  }

  @Override
  public void checked(PooledSession pooled, boolean alive) {
    locked(
        () -> {
          busy--;
          if (alive) {
            pooled.seen = settings.clock().getAsLong();
            keep(pooled);
          } else {
            LOG.debug("{} was closed by the server while idle", pooled.session());
            retire(pooled);
          }
        });
  }

  /** Sweeps the sessions now. */
  void sweep() {
    evictor.sweep();
  }

  PoolState state() {
    return locked(
        () -> {
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
        });
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
    } finally {
      lock.unlock();
    }
  }

  private <T> T locked(Supplier<T> question) {
    lock.lock();
    try {
      return question.get();
    } finally {
      lock.unlock();
    }
  }

  // --- closing ---

  /** Fails the waiting threads, closes idle sessions and waits for that; leased ones are closed when they are returned. */
  void close() {
    PoolShutdown shutdown = new PoolShutdown(lock, settled);
    locked(
        () -> {
          if (closed) {
            return;
          }
          closed = true;
          waiting.failAll(PoolExceptions.closed(config));
          permits.satisfied(this);
          opener.interrupt();
          for (PooledSession each = idle.takeOldest(); each != null; each = idle.takeOldest()) {
            retire(each);
          }
          if (!leased.isEmpty()) {
            Thread.ofVirtual().name("ftp-pool-closer").start(() -> shutdown.closeLeasedAfter(settings, config, leased));
          }
        });
    shutdown.await(config.timeouts().close().multipliedBy(2), () -> busy + opening == 0);
  }
}
