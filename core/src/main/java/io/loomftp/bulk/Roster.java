package io.loomftp.bulk;

import io.loomftp.Ftp;
import io.loomftp.FtpClosedException;
import io.loomftp.FtpConfig;
import io.loomftp.FtpConnectException;
import io.loomftp.FtpException;
import io.loomftp.FtpSession;
import io.loomftp.FtpTimeoutException;
import io.loomftp.Kind;
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
final class Roster implements Governor.Client {
  private static final Logger LOG = LoggerFactory.getLogger(FtpPool.class);
  private static final long NEVER = Long.MAX_VALUE;

  private final FtpConfig config;
  private final PoolSettings settings;
  private final Governor governor;
  private final IdleKeeper keeper = new IdleKeeper(this);
  /** Guarded by the lock. */
  private final LoginGate logins;

  private final ReentrantLock guardingAll = new ReentrantLock();
  private final Condition emptied = guardingAll.newCondition();
  private final Deque<Waiter> waiting = new ArrayDeque<>();
  private final Deque<Member> idle = new ArrayDeque<>();
  private final Set<Holding> leased = new LinkedHashSet<>();
  private final Map<Thread, Holding> byThread = new HashMap<>();
  private final Set<Thread> openers = new LinkedHashSet<>();
  private int opening;
  private int busy;
  private boolean closed;
  private long retryIn = NEVER;
  private @Nullable FtpException lastFailure;

  /** A thread in the queue, and what it gets. */
  private final class Waiter {
    final Thread thread = Thread.currentThread();
    final Condition turn = guardingAll.newCondition();
    final @Nullable Throwable stack = settings.tracing() ? new Throwable("leased here") : null;
    final long deadline;
    @Nullable Holding given;
    @Nullable FtpException failure;

    Waiter(long deadline) {
      this.deadline = deadline;
    }
  }

  Roster(FtpConfig config, PoolSettings settings, Governor governor) {
    this.config = config;
    this.settings = settings;
    this.governor = governor;
    this.logins = new LoginGate(settings.clock());
  }

  // --- taking a session ---

  /** A session for this thread, the one it has already if it has one; null when none came in time. */
  @Nullable Holding take(Duration patience) throws FtpException {
    Waiter waiter = new Waiter(System.nanoTime() + patience.toNanos());
    Holding holding = taken(waiter);
    while (holding != null && !isFit(holding, waiter)) {
      LOG.debug("{} was closed by the server while idle", holding.session());
      guardingAll.lock();
      try {
        waiter.given = null;
        end(holding);
        retire(holding.member());
        checkOpen();
        waiting.addFirst(waiter);
        dispatch();
        holding = await(waiter);
      } finally {
        guardingAll.unlock();
      }
    }
    return holding;
  }

  private @Nullable Holding taken(Waiter waiter) throws FtpException {
    guardingAll.lock();
    try {
      checkOpen();
      Holding mine = byThread.get(waiter.thread);
      if (mine != null) {
        mine.leases++;
        return mine;
      }
      waiting.addLast(waiter);
      dispatch();
      return await(waiter);
    } finally {
      guardingAll.unlock();
    }
  }

  private void checkOpen() throws FtpException {
    if (closed) {
      throw Excuses.closed(config);
    }
  }

  private @Nullable Holding await(Waiter waiter) throws FtpException {
    try {
      while (waiter.given == null && waiter.failure == null) {
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
      Holding given = waiter.given;
      if (given != null) {
        waiter.given = null;
        end(given);
        idle.addLast(given.member());
      }
      throw new FtpClosedException(
          "interrupted while waiting for a session of " + config, Kind.ABORTED, List.of(), e);
    } finally {
      waiting.remove(waiter);
      dispatch();
    }
    if (waiter.failure != null) {
      throw waiter.failure;
    }
    return waiter.given;
  }

  /** What a thread is told that has waited in vain. */
  FtpTimeoutException late(Duration patience) {
    return Excuses.late(config, patience, state(), lastFailure());
  }

  private @Nullable FtpException lastFailure() {
    guardingAll.lock();
    try {
      return lastFailure;
    } finally {
      guardingAll.unlock();
    }
  }

  /** Whether a session that was idle is still good: looked at after a moment, asked with NOOP after longer. */
  private boolean isFit(Holding holding, Waiter waiter) {
    if (waiter.given == null) {
      return true; // this thread has it already
    }
    try {
      return holding.member().isFit(settings, config, waiter.deadline - System.nanoTime());
    } catch (RuntimeException | Error e) {
      giveBack(holding);
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
      governor.sated(this);
      return;
    }
    long pause = logins.pause();
    FtpException refused = lastFailure;
    if (pause > 0) {
      retryIn = pause;
      if (refused != null && idle.size() + leased.size() + opening == 0) {
        failAll(Excuses.copy(refused));
        return;
      }
    }
    while (!closed && opening < waiting.size() && total() < settings.size() && logins.letsIn(opening)) {
      Governor.Answer answer = governor.ask(this);
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

  private void give(Waiter waiter, Member member) {
    Holding holding = new Holding(member, waiter.thread, settings.clock().getAsLong(), waiter.stack);
    leased.add(holding);
    byThread.put(waiter.thread, holding);
    waiter.given = holding;
    waiter.turn.signal();
  }

  private void startOpening(Governor.Permit permit) {
    opening++;
    Thread opener = Thread.ofVirtual().name("ftp-pool-opener").unstarted(() -> open(permit));
    openers.add(opener);
    opener.start();
  }

  private void open(Governor.Permit permit) {
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
      notOpened(permit, new FtpConnectException("no session of " + config + ": " + e, Kind.OTHER, List.of(), e));
      return;
    }
    permit.succeeded();
    opened(new Member(session, permit, settings.clock().getAsLong()));
  }

  private void opened(Member member) {
    guardingAll.lock();
    try {
      opening--;
      openers.remove(Thread.currentThread());
      logins.succeeded();
      lastFailure = null;
      if (closed) {
        retire(member);
      } else {
        idle.addLast(member);
        keeper.isNeeded();
        dispatch();
      }
    } finally {
      guardingAll.unlock();
    }
  }

  private void notOpened(Governor.Permit permit, FtpException failure) {
    LOG.debug("no session of {}: {}", config, failure.getMessage());
    Verdict verdict = permit.failed(failure);
    guardingAll.lock();
    try {
      opening--;
      openers.remove(Thread.currentThread());
      lastFailure = failure;
      if (verdict == Verdict.LOGIN) {
        logins.refused();
      }
      // While others have sessions or may get one, those who wait may have theirs; else nothing is to be hoped for.
      if (verdict != Verdict.TOO_MANY && idle.size() + leased.size() + opening == 0) {
        failAll(failure);
      }
      dispatch();
      if (closed) {
        emptied.signalAll();
      }
    } finally {
      guardingAll.unlock();
    }
  }

  private void failAll(FtpException failure) {
    FtpException each = failure;
    while (!waiting.isEmpty()) {
      Waiter waiter = waiting.removeFirst();
      waiter.failure = each;
      waiter.turn.signal();
      each = Excuses.copy(failure);
    }
  }

  @Override
  public void permitsMayBeFree() {
    guardingAll.lock();
    try {
      dispatch();
    } finally {
      guardingAll.unlock();
    }
  }

  @Override
  public void giveUpIdle() {
    guardingAll.lock();
    try {
      Member longest = idle.pollFirst();
      if (longest != null) {
        retire(longest);
      }
    } finally {
      guardingAll.unlock();
    }
  }

  // --- giving back ---

  void giveBack(Holding holding) {
    guardingAll.lock();
    try {
      holding.leases--;
      if (holding.leases > 0 || !leased.contains(holding)) {
        return;
      }
      byThread.remove(holding.holder(), holding);
    } finally {
      guardingAll.unlock();
    }
    boolean fit = !holding.isDiscarded() && isRestored(holding.session());
    guardingAll.lock();
    try {
      if (!leased.remove(holding)) {
        return;
      }
      Member member = holding.member();
      if (fit && !closed && !governor.wantsBack(this)) {
        long now = settings.clock().getAsLong();
        member.idleSince = now;
        member.seen = now;
        idle.addLast(member);
        dispatch();
      } else {
        retire(member);
      }
    } finally {
      guardingAll.unlock();
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
  void lost(Holding holding) {
    LOG.warn(
        "a lease of {} was not closed, but is not reachable any more; closing its session: {}", config,
        holding.describe(settings.clock().getAsLong()));
    guardingAll.lock();
    try {
      if (leased.contains(holding)) {
        end(holding);
        retire(holding.member());
      }
    } finally {
      guardingAll.unlock();
    }
  }

  private void end(Holding holding) {
    leased.remove(holding);
    byThread.remove(holding.holder(), holding);
  }

  /** Closes a session on a thread of its own, since farewells take time; its place is free when that is done. */
  private void retire(Member member) {
    busy++;
    Thread.ofVirtual()
        .name("ftp-pool-closer")
        .start(
            () -> {
              try {
                member.close();
              } finally {
                settled();
              }
            });
  }

  private void settled() {
    guardingAll.lock();
    try {
      busy--;
      dispatch();
      if (closed) {
        emptied.signalAll();
      }
    } finally {
      guardingAll.unlock();
    }
  }

  // --- looking after them ---

  /** Closes what was idle for too long or has died, and reports leases that last very long. */
  void sweep() {
    List<Member> toCheck = new ArrayList<>();
    guardingAll.lock();
    try {
      long now = settings.clock().getAsLong();
      for (Member member : List.copyOf(idle)) {
        if (now - member.idleSince >= settings.maxIdle().toNanos()) {
          idle.remove(member);
          retire(member);
        } else if (now - member.seen >= settings.checkAfter().toNanos()) {
          idle.remove(member);
          busy++;
          toCheck.add(member);
        }
      }
      for (Holding holding : leased) {
        if (!holding.reported && now - holding.since() >= settings.reportAfter().toNanos()) {
          holding.reported = true;
          LOG.warn("a session is leased very long: {}", holding.describe(now));
        }
      }
    } finally {
      guardingAll.unlock();
    }
    toCheck.forEach(this::check);
  }

  private void check(Member member) {
    boolean alive = member.session().isAlive();
    guardingAll.lock();
    try {
      busy--;
      if (alive && !closed) {
        member.seen = settings.clock().getAsLong();
        idle.addFirst(member);
        dispatch();
      } else {
        LOG.debug("{} was closed by the server while idle", member.session());
        retire(member);
      }
    } finally {
      guardingAll.unlock();
    }
  }

  /** Whether there is anything to look after. */
  boolean hasMembers() {
    guardingAll.lock();
    try {
      return total() > 0;
    } finally {
      guardingAll.unlock();
    }
  }

  PoolSettings settings() {
    return settings;
  }

  PoolState state() {
    guardingAll.lock();
    try {
      long now = settings.clock().getAsLong();
      return new PoolState(
          config.toString(),
          settings.size(),
          idle.size(),
          leased.size(),
          opening,
          waiting.size(),
          governor.limit(),
          leased.stream().map(holding -> holding.describe(now)).toList());
    } finally {
      guardingAll.unlock();
    }
  }

  // --- the end ---

  /** Ends the waiting, closes what is idle and waits for that; what is leased is closed when it comes back, or later. */
  void close() {
    boolean interrupted = false;
    guardingAll.lock();
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
      guardingAll.unlock();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void failAllClosed() {
    while (!waiting.isEmpty()) {
      Waiter waiter = waiting.removeFirst();
      waiter.failure = Excuses.closed(config);
      waiter.turn.signal();
    }
    governor.sated(this);
  }

  private void closeLeasedAfterGrace() {
    List<Holding> overdue = new ArrayList<>();
    guardingAll.lock();
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
      guardingAll.unlock();
    }
    overdue.forEach(
        holding -> {
          LOG.warn("the pool of {} was closed, but a lease is still open; closing its session: {}", config,
              holding.describe(settings.clock().getAsLong()));
          holding.discard();
          holding.session().close();
        });
  }
}
