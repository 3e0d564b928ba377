package io.loomftp.pool;

import io.loomftp.ErrorKind;
import io.loomftp.Ftp;
import io.loomftp.FtpClosedException;
import io.loomftp.FtpConfig;
import io.loomftp.FtpConnectException;
import io.loomftp.FtpException;
import io.loomftp.FtpSession;
import io.loomftp.FtpTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of a pool and the threads that wait for one, first come, first served. Sessions are opened on threads of
 * their own, so that whoever waits can be given one that comes back in the meantime.
 */
final class Roster implements ConnectionLimiter.Client {
  private static final Logger LOG = LoggerFactory.getLogger(FtpPool.class);
  private static final long NEVER = Long.MAX_VALUE;

  private final FtpConfig config;
  private final PoolSettings settings;
  private final ConnectionLimiter limiter;
  private final IdleEvictor keeper = new IdleEvictor(this);
  /** Guarded by the lock. */
  private final LoginGate logins;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition emptied = lock.newCondition();
  private final Deque<Waiter> waiting = new ArrayDeque<>();
  private final Deque<PooledSession> idle = new ArrayDeque<>();
  private final Set<LeaseRecord> leased = new LinkedHashSet<>();
  private final Map<Thread, LeaseRecord> byThread = new HashMap<>();
  private final Set<Thread> openers = new LinkedHashSet<>();
  private int opening;
  private int busy;
  private boolean closed;
  private long retryIn = NEVER;
  private @Nullable FtpException lastFailure;

  /** A thread in the queue, and what it gets. */
  private final class Waiter {
    final Thread thread = Thread.currentThread();
    final Condition turn = lock.newCondition();
    final @Nullable Throwable stack = settings.tracing() ? new Throwable("leased here") : null;
    final long deadline;
    @Nullable LeaseRecord leased;
    @Nullable FtpException failure;

    Waiter(long deadline) {
      this.deadline = deadline;
    }
  }

  Roster(FtpConfig config, PoolSettings settings, ConnectionLimiter limiter) {
    this.config = config;
    this.settings = settings;
    this.limiter = limiter;
    this.logins = new LoginGate(settings.clock());
  }

  // --- taking a session ---

  /** A session for this thread, the one it has already if it has one; null when none came in time. */
  @Nullable LeaseRecord take(Duration patience) throws FtpException {
    Waiter waiter = new Waiter(System.nanoTime() + patience.toNanos());
    LeaseRecord record = taken(waiter);
    while (record != null && !isFit(record, waiter)) {
      LOG.debug("{} was closed by the server while idle", record.session());
      lock.lock();
      try {
        waiter.leased = null;
        end(record);
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

  private @Nullable LeaseRecord taken(Waiter waiter) throws FtpException {
    lock.lock();
    try {
      checkOpen();
      LeaseRecord mine = byThread.get(waiter.thread);
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

  private @Nullable LeaseRecord await(Waiter waiter) throws FtpException {
    try {
      while (waiter.leased == null && waiter.failure == null) {
        long left = waiter.deadline - System.nanoTime();
        if (left <= 0) {
          return null;
        }
        boolean isHead = waiting.peekFirst() == waiter;
        if (waiter.turn.awaitNanos(isHead ? Math.min(left, retryIn) : left) <= 0 && isHead) {
          dispatch();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      LeaseRecord leased = waiter.leased;
      if (leased != null) {
        waiter.leased = null;
        end(leased);
        idle.addLast(leased.pooled());
      }
      throw new FtpClosedException(
          "interrupted while waiting for a session of " + config, ErrorKind.ABORTED, List.of(), e);
    } finally {
      waiting.remove(waiter);
      dispatch();
    }
    if (waiter.failure != null) {
      throw waiter.failure;
    }
    return waiter.leased;
  }

  /** What a thread is told that has waited in vain. */
  FtpTimeoutException late(Duration patience) {
    return PoolExceptions.late(config, patience, state(), lastFailure());
  }

  private @Nullable FtpException lastFailure() {
    lock.lock();
    try {
      return lastFailure;
    } finally {
      lock.unlock();
    }
  }

  /** Whether a session that was idle is still good: looked at after a moment, asked with NOOP after longer. */
  private boolean isFit(LeaseRecord record, Waiter waiter) {
    if (waiter.leased == null) {
      return true; // this thread has it already
    }
    try {
      return record.pooled().isFit(settings, config, waiter.deadline - System.nanoTime());
    } catch (RuntimeException | Error e) {
      giveBack(record);
      throw e;
    }
  }

  // --- handing out and opening; all with the lock held ---

  private void dispatch() {
    while (!closed && !waiting.isEmpty() && !idle.isEmpty()) {
      give(waiting.removeFirst(), idle.removeLast());
    }
    retryIn = NEVER;
    if (waiting.isEmpty()) {
      limiter.satisfied(this);
      return;
    }
    long pause = logins.pause();
    FtpException refused = lastFailure;
    if (pause > 0) {
      retryIn = pause;
      if (refused != null && idle.size() + leased.size() + opening == 0) {
        failAll(PoolExceptions.copy(refused));
        return;
      }
    }
    while (!closed && opening < waiting.size() && total() < settings.size() && logins.letsIn(opening)) {
      ConnectionLimiter.Answer answer = limiter.ask(this);
      if (answer.permit() == null) {
        retryIn = Math.max(1, answer.nanos());
        break;
      }
      startOpening(answer.permit());
    }
    waiting.getFirst().turn.signal();
  }

  private int total() {
    return idle.size() + leased.size() + opening + busy;
  }

  private void give(Waiter waiter, PooledSession pooled) {
    LeaseRecord record = new LeaseRecord(pooled, waiter.thread, settings.clock().getAsLong(), waiter.stack);
    leased.add(record);
    byThread.put(waiter.thread, record);
    waiter.leased = record;
    waiter.turn.signal();
  }

  private void startOpening(ConnectionLimiter.Permit permit) {
    opening++;
    Thread opener = Thread.ofVirtual().name("ftp-pool-opener").unstarted(() -> open(permit));
    openers.add(opener);
    opener.start();
  }

  private void open(ConnectionLimiter.Permit permit) {
    FtpSession session = null;
    try {
      session = Ftp.open(config);
      session.mark();
    } catch (FtpException e) {
      if (session != null) {
        session.close();
      }
      notOpened(permit, e);
      return;
    } catch (RuntimeException | Error e) {
      if (session != null) {
        session.close();
      }
      notOpened(permit, new FtpConnectException("no session of " + config + ": " + e, ErrorKind.OTHER, List.of(), e));
      return;
    }
    permit.succeeded();
    opened(new PooledSession(session, permit, settings.clock().getAsLong()));
  }

  private void opened(PooledSession pooled) {
    lock.lock();
    try {
      opening--;
      openers.remove(Thread.currentThread());
      logins.succeeded();
      lastFailure = null;
      if (closed) {
        retire(pooled);
      } else {
        idle.addLast(pooled);
        keeper.isNeeded();
        dispatch();
      }
    } finally {
      lock.unlock();
    }
  }

  private void notOpened(ConnectionLimiter.Permit permit, FtpException failure) {
    LOG.debug("no session of {}: {}", config, failure.getMessage());
    ConnectFailure verdict = permit.failed(failure);
    lock.lock();
    try {
      opening--;
      openers.remove(Thread.currentThread());
      lastFailure = failure;
      if (verdict == ConnectFailure.LOGIN) {
        logins.refused();
      }
      // While others have sessions or may get one, those who wait may have theirs; else nothing is to be hoped for.
      if (verdict != ConnectFailure.TOO_MANY && idle.size() + leased.size() + opening == 0) {
        failAll(failure);
      }
      dispatch();
      if (closed) {
        emptied.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void failAll(FtpException failure) {
    FtpException each = failure;
    while (!waiting.isEmpty()) {
      Waiter waiter = waiting.removeFirst();
      waiter.failure = each;
      waiter.turn.signal();
      each = PoolExceptions.copy(failure);
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
  public void giveUpIdle() {
    lock.lock();
    try {
      PooledSession longest = idle.pollFirst();
      if (longest != null) {
        retire(longest);
      }
    } finally {
      lock.unlock();
    }
  }

  // --- giving back ---

  void giveBack(LeaseRecord record) {
    lock.lock();
    try {
      record.leases--;
      if (record.leases > 0 || !leased.contains(record)) {
        return;
      }
      byThread.remove(record.holder(), record);
    } finally {
      lock.unlock();
    }
    boolean fit = !record.isDiscarded() && isRestored(record.session());
    lock.lock();
    try {
      if (!leased.remove(record)) {
        return;
      }
      PooledSession pooled = record.pooled();
      if (fit && !closed && !limiter.wantsBack(this)) {
        long now = settings.clock().getAsLong();
        pooled.idleSince = now;
        pooled.seen = now;
        idle.addLast(pooled);
        dispatch();
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
      LOG.debug("{} does not go back to its pool: {}", session, e.getMessage());
      return false;
    }
  }

  /** A lease was garbage collected while it was open. */
  void lost(LeaseRecord record) {
    LOG.warn(
        "a lease of {} was not closed, but is not reachable any more; closing its session: {}", config,
        record.describe(settings.clock().getAsLong()));
    lock.lock();
    try {
      if (leased.contains(record)) {
        end(record);
        retire(record.pooled());
      }
    } finally {
      lock.unlock();
    }
  }

  private void end(LeaseRecord record) {
    leased.remove(record);
    byThread.remove(record.holder(), record);
  }

  /** Closes a session on a thread of its own, since farewells take time; its place is free when that is done. */
  private void retire(PooledSession pooled) {
    busy++;
    Thread.ofVirtual()
        .name("ftp-pool-closer")
        .start(
            () -> {
              try {
                pooled.close();
              } finally {
                settled();
              }
            });
  }

  private void settled() {
    lock.lock();
    try {
      busy--;
      dispatch();
      if (closed) {
        emptied.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  // --- looking after them ---

  /** Closes what was idle for too long or has died, and reports leases that last very long. */
  void sweep() {
    List<PooledSession> toCheck = new ArrayList<>();
    lock.lock();
    try {
      long now = settings.clock().getAsLong();
      for (PooledSession pooled : List.copyOf(idle)) {
        if (now - pooled.idleSince >= settings.maxIdle().toNanos()) {
          idle.remove(pooled);
          retire(pooled);
        } else if (now - pooled.seen >= settings.checkAfter().toNanos()) {
          idle.remove(pooled);
          busy++;
          toCheck.add(pooled);
        }
      }
      for (LeaseRecord record : leased) {
        if (!record.reported && now - record.since() >= settings.reportAfter().toNanos()) {
          record.reported = true;
          LOG.warn("a session is leased very long: {}", record.describe(now));
        }
      }
    } finally {
      lock.unlock();
    }
    toCheck.forEach(this::check);
  }

  private void check(PooledSession pooled) {
    boolean alive = pooled.session().isAlive();
    lock.lock();
    try {
      busy--;
      if (alive && !closed) {
        pooled.seen = settings.clock().getAsLong();
        idle.addFirst(pooled);
        dispatch();
      } else {
        LOG.debug("{} was closed by the server while idle", pooled.session());
        retire(pooled);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether there is anything to look after. */
  boolean hasMembers() {
    lock.lock();
    try {
      return total() > 0;
    } finally {
      lock.unlock();
    }
  }

  PoolSettings settings() {
    return settings;
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
          limiter.limit(),
          leased.stream().map(record -> record.describe(now)).toList());
    } finally {
      lock.unlock();
    }
  }

  // --- the end ---

  /** Ends the waiting, closes what is idle and waits for that; what is leased is closed when it comes back, or later. */
  void close() {
    boolean interrupted = false;
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        failAllClosed();
        openers.forEach(Thread::interrupt);
        while (!idle.isEmpty()) {
          retire(idle.removeFirst());
        }
        if (!leased.isEmpty()) {
          Thread.ofVirtual().name("ftp-pool-closer").start(this::closeLeasedAfterGrace);
        }
      }
      long left = config.timeouts().close().toNanos() * 2;
      while (busy + opening > 0 && left > 0) {
        left = emptied.awaitNanos(left);
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

  private void failAllClosed() {
    while (!waiting.isEmpty()) {
      Waiter waiter = waiting.removeFirst();
      waiter.failure = PoolExceptions.closed(config);
      waiter.turn.signal();
    }
    limiter.satisfied(this);
  }

  private void closeLeasedAfterGrace() {
    List<LeaseRecord> overdue = new ArrayList<>();
    lock.lock();
    try {
      long left = settings.grace().toNanos();
      while (!leased.isEmpty() && left > 0) {
        left = emptied.awaitNanos(left);
      }
      overdue.addAll(leased);
    } catch (InterruptedException e) {
      LOG.debug("interrupted: closing at once");
      overdue.addAll(leased);
    } finally {
      lock.unlock();
    }
    overdue.forEach(
        record -> {
          LOG.warn("the pool of {} was closed, but a lease is still open; closing its session: {}", config,
              record.describe(settings.clock().getAsLong()));
          record.discard();
          record.session().close();
        });
  }
}
