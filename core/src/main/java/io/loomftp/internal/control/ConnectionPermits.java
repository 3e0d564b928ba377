package io.loomftp.internal.control;

import io.loomftp.Credentials;
import io.loomftp.ErrorKind;
import io.loomftp.FtpConfig;
import io.loomftp.FtpConnectException;
import io.loomftp.FtpException;
import io.loomftp.FtpLoginException;
import io.loomftp.internal.retry.Cancellation;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Grants the connections of this JVM to one server: every control connection holds a permit from before it is established
 * until it is closed.
 *
 * <p>The number of permits is learnt: when the server refuses a connection with 421, or a login with 530 "too many", the limit
 * becomes the number of sessions that are open then. A limit is raised by one after a minute, and more rarely when that fails.
 *
 * <p>A session opened by itself ({@code Ftp.open}, a reconnect) waits only for the limit, within its connect timeout.
 * Pools, which open sessions on their own, also keep a pace (a burst of 16, then 10 a second), and pause after
 * failures. In both cases a user and password that no login has proven are sent by one session at a time.
 */
public final class ConnectionPermits {
  /** The permit for the next connection of this thread. */
  private static final ThreadLocal<@Nullable Permit> HANDED_OVER = new ThreadLocal<>();

  /** The longest time for which an unanswered login delays others. */
  private static final Duration LONGEST_AT_GATE = Duration.ofSeconds(2);

  /**
   * The answer to a request for a permit.
   *
   * @param permit null when none is available
   * @param nanos the time after which to ask again; {@link Long#MAX_VALUE} when the client is notified
   * @param refusal the refusal for which no login is sent at the moment, or null for another reason
   */
  public record Answer(@Nullable Permit permit, long nanos, @Nullable FtpLoginException refusal) {
    private static Answer later(long nanos) {
      return new Answer(null, nanos, null);
    }
  }

  private final String server;
  private final LongSupplier clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition loginEnded = lock.newCondition();
  private final PermitHolders holders = new PermitHolders(); // guarded by lock, as is what follows
  private final Set<PermitClient> waiting = new LinkedHashSet<>();
  private final Set<PermitClient> atGate = new LinkedHashSet<>();
  private final LoginGates gates = new LoginGates();
  private final ServerCapacity capacity;

  public ConnectionPermits(String server, ConnectRate rate, LongSupplier clock) {
    this.server = server;
    this.clock = clock;
    capacity = new ServerCapacity(server, rate, clock.getAsLong());
  }

  /** Whether it was unused for an hour. */
  boolean isForgotten() {
    return locked(() -> waiting.isEmpty() && capacity.isForgotten(clock.getAsLong()));
  }

  /** Forgets what was learnt of the server when it was unused for an hour. */
  void forgetOldLimit() {
    lock.lock();
    try {
      if (isForgotten()) {
        capacity.forget();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Host and port. */
  public String server() {
    return server;
  }

  /** The number of connections allowed at a time, where one is learnt or set. */
  public OptionalInt limit() {
    return locked(capacity::known);
  }

  /** The connections of this JVM to the server, those being opened and closed included. */
  public int open() {
    return locked(capacity::present);
  }

  /** Sets an upper bound for the limit. */
  public void atMost(int connections) {
    if (connections < 1) {
      throw new IllegalArgumentException("the limit must be at least 1: " + connections);
    }
    lock.lock();
    try {
      capacity.atMost(connections);
    } finally {
      lock.unlock();
    }
    wakeWaiting();
  }

  /** Grants a permit if one is available; otherwise the client is notified, or asks again after the given time. */
  public Answer ask(PermitClient client, Credentials who) {
    lock.lock();
    try {
      long now = clock.getAsLong();
      LoginGate gate = gates.of(who, now);
      if (gate.pause(now) > 0) {
        return new Answer(null, gate.pause(now), gate.refusal());
      }
      if (!gate.isFree()) {
        atGate.add(client);
        return Answer.later(Long.MAX_VALUE);
      }
      if (isFull(client, now)) {
        return Answer.later(capacity.untilRaise(now));
      }
      long pause = capacity.pause(now);
      if (pause > 0) {
        return Answer.later(pause);
      }
      Permit permit = grant(client, client, now);
      permit.enter(gate);
      return new Answer(permit, 0, null);
    } finally {
      lock.unlock();
    }
  }

  private boolean isFull(PermitClient client, long now) {
    if (!capacity.isFull(now)) {
      return false;
    }
    if (waiting.add(client)) {
      holders.askOthersForIdle(client);
    }
    return true;
  }

  private Permit grant(PermitClient client, @Nullable PermitClient account, long now) {
    capacity.begin();
    waiting.remove(client);
    atGate.remove(client);
    if (account != null) {
      holders.add(account);
    }
    return new Permit(account, now);
  }

  /** The client no longer waits for permits. */
  public void satisfied(PermitClient client) {
    lock.lock();
    try {
      waiting.remove(client);
      atGate.remove(client);
    } finally {
      lock.unlock();
    }
  }

  /** Whether an idle session of this client should be closed in favour of another client that has far fewer. */
  public boolean wantsBack(PermitClient client) {
    lock.lock();
    try {
      return holders.hasTooMany(client, waiting);
    } finally {
      lock.unlock();
    }
  }

  /** One session that waits for a permit. */
  private final class Waiter implements PermitClient {
    private final @Nullable PermitClient account;
    private final Condition turn = lock.newCondition();
    private @Nullable Permit granted; // guarded by lock

    Waiter(@Nullable PermitClient account) {
      this.account = account;
    }

    @Override
    public void permitsMayBeFree() {
      lock.lock();
      try {
        if (granted == null && waiting.contains(this) && !isFull(this, clock.getAsLong())) {
          granted = grant(this, account, clock.getAsLong());
          turn.signal();
        }
      } finally {
        lock.unlock();
      }
    }

    void wake() {
      lock.lock();
      try {
        turn.signal();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void closeIdle() {}
  }

  /** Takes the permit that was handed over to this thread; null when there is none. */
  static @Nullable Permit handedOver() {
    Permit permit = HANDED_OVER.get();
    HANDED_OVER.remove();
    return permit;
  }

  /**
   * A permit for one connection.
   *
   * @param bound how long to wait for it
   * @param cancellation ends the wait
   * @throws FtpConnectException of the kind {@link ErrorKind#BUSY} when the limit is reached and no permit becomes free in time
   */
  Permit await(FtpConfig config, Duration bound, Cancellation cancellation) throws FtpException {
    return await(null, config, bound, cancellation);
  }

  private Permit await(@Nullable PermitClient account, FtpConfig config, Duration bound, Cancellation cancellation)
      throws FtpException {
    Waiter waiter = new Waiter(account);
    long deadline = System.nanoTime() + bound.toNanos();
    var wake = cancellation.onCancel(waiter::wake);
    lock.lock();
    try {
      waiter.granted = isFull(waiter, clock.getAsLong()) ? null : grant(waiter, account, clock.getAsLong());
      for (long left = 1; waiter.granted == null && left > 0 && !cancellation.isCancelled();) {
        left = deadline - System.nanoTime();
        waiter.turn.awaitNanos(Math.min(left, capacity.untilRaise(clock.getAsLong())));
        waiter.permitsMayBeFree();
      }
      if (waiter.granted != null) {
        return waiter.granted;
      }
      if (cancellation.isCancelled()) {
        throw PermitExceptions.aborted(config, null);
      }
      throw PermitExceptions.full(config, capacity, bound);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      if (waiter.granted != null) {
        waiter.granted.end();
      }
      throw PermitExceptions.aborted(config, e);
    } finally {
      waiting.remove(waiter);
      lock.unlock();
      wake.close();
      if (Thread.currentThread().isInterrupted()) {
        wakeWaiting();
      }
    }
  }

  /** The right to have one connection to the server. */
  public final class Permit {
    private final @Nullable PermitClient account;
    private final long since;
    private @Nullable LoginGate gate; // guarded by lock, as is what follows
    private boolean isOpen;
    private boolean isOver;
    private boolean hasFailed;
    private long greetedAt;

    private Permit(@Nullable PermitClient account, long since) {
      this.account = account;
      this.since = since;
      greetedAt = since;
    }

    /** Opens a session on this thread with this permit, which is released when no connection was established. */
    public <T, E extends Exception> T use(Opening<T, E> opening) throws E {
      HANDED_OVER.set(this);
      try {
        return opening.open();
      } finally {
        if (HANDED_OVER.get() != null) {
          HANDED_OVER.remove();
          released();
        }
      }
    }

    /** Another permit of the same server and pool, for a session that reconnects. */
    Permit next(FtpConfig config, Duration bound, Cancellation cancellation) throws FtpException {
      return await(account, config, bound, cancellation);
    }

    /**
     * Waits until the login may be sent.
     *
     * @throws FtpLoginException when the server has just refused the same user and password to another session
     */
    void beginLogin(Credentials who) throws FtpException {
      lock.lock();
      try {
        LoginGate wanted = gates.of(who, clock.getAsLong());
        if (gate == wanted) {
          return;
        }
        int refusals = wanted.refusals();
        long left = LONGEST_AT_GATE.toNanos();
        while (!wanted.isFree() && left > 0) {
          left = loginEnded.awaitNanos(left);
        }
        FtpLoginException refusal = wanted.refusal();
        if (refusal != null && wanted.refusals() != refusals) {
          throw PermitExceptions.refusedElsewhere(refusal);
        }
        enter(wanted);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw PermitExceptions.interruptedAtLogin(e);
      } finally {
        lock.unlock();
      }
    }

    private void enter(LoginGate entered) {
      leaveGate();
      entered.enter();
      gate = entered;
    }

    private void leaveGate() {
      if (gate != null) {
        gate.leave();
        gate = null;
        loginEnded.signalAll();
      }
    }

    /** The server has sent its greeting. */
    void greeted() {
      lock.lock();
      try {
        greetedAt = clock.getAsLong();
      } finally {
        lock.unlock();
      }
    }

    /** The session is open. */
    void loggedIn() {
      lock.lock();
      try {
        if (gate != null) {
          gate.succeeded();
          leaveGate();
        }
        if (!isOpen && !isOver) {
          isOpen = true;
          capacity.opened(greetedAt);
        }
      } finally {
        lock.unlock();
      }
      wake(atGate);
    }

    /** The session could not be opened: learns from it. The permit is held until it is released. */
    void failed(FtpException e) {
      lock.lock();
      try {
        long now = clock.getAsLong();
        ConnectFailure failure = ConnectFailure.of(e);
        if (gate != null && failure == ConnectFailure.LOGIN && e instanceof FtpLoginException refusal) {
          gate.refused(refusal, now);
        }
        leaveGate();
        if (!hasFailed) {
          capacity.learn(failure, e, since, now);
          hasFailed = failure != ConnectFailure.LOGIN;
        }
      } finally {
        lock.unlock();
      }
      wake(atGate);
    }

    /** The connection is closed; a second call does nothing. */
    void released() {
      lock.lock();
      try {
        if (isOver) {
          return;
        }
        if (isOpen) {
          capacity.released(clock.getAsLong());
        }
        end();
      } finally {
        lock.unlock();
      }
      wakeWaiting();
    }

    private void end() {
      isOver = true;
      leaveGate();
      capacity.over(isOpen);
      if (account != null) {
        holders.remove(account);
      }
    }
  }

  private void wakeWaiting() {
    wake(atGate);
    wake(waiting);
  }

  /** Wakes clients in the order in which they began to wait. */
  private void wake(Set<PermitClient> clients) {
    locked(() -> List.copyOf(clients)).forEach(PermitClient::permitsMayBeFree);
  }

  private <T> T locked(Supplier<T> question) {
    lock.lock();
    try {
      return question.get();
    } finally {
      lock.unlock();
    }
  }

  /** Server, connections and limit. */
  @Override
  public String toString() {
    String limit = limit().isPresent() ? "limit " + limit().getAsInt() : "no limit known";
    return server + ", " + open() + " open, " + limit;
  }
}
