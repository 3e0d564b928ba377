package io.loomftp.internal.control;

import io.loomftp.Credentials;
import io.loomftp.ErrorKind;
import io.loomftp.FtpClosedException;
import io.loomftp.FtpConfig;
import io.loomftp.FtpConnectException;
import io.loomftp.FtpException;
import io.loomftp.FtpLoginException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Grants the connections of this JVM to one server: every control connection holds a permit from before it is made until it
 * is closed.
 *
 * <p>The number of permits is learnt: when the server refuses a connection with 421, or a login with 530 "too many", the limit
 * becomes the number of sessions that are open then. A limit is raised by one after a minute, and more rarely when that fails.
 *
 * <p>A session opened by itself ({@code Ftp.open}, a reconnect) waits for nothing but the limit, within its connect bound.
 * Pools, which open sessions without being told to, also keep a pace (a burst of 16, then 10 a second), and pause after
 * failures. Whoever opens it, a user and password that no login has proven are sent once at a time.
 */
public final class ConnectionPermits {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionPermits.class);
  private static final Map<String, ConnectionPermits> ALL = new ConcurrentHashMap<>();
  /** A permit that this thread's next connection uses. */
  private static final ThreadLocal<@Nullable Permit> HANDED_OVER = new ThreadLocal<>();

  private static final int MANY = 1_000;
  private static final long FORGOTTEN_AFTER = Duration.ofHours(1).toNanos();
  /** A server may need so long to notice that a session has ended. */
  private static final long SERVER_LAG = Duration.ofSeconds(2).toNanos();
  /** A login without an answer does not hold up others for longer. */
  private static final Duration LONGEST_AT_GATE = Duration.ofSeconds(2);

  /**
   * The pace of pools.
   *
   * @param burst connections that may be made at once
   * @param perSecond connections a second after that
   * @param raiseAfter how long a limit must have held before one more is tried
   */
  public record Rate(int burst, double perSecond, Duration raiseAfter) {
    public static final Rate USUAL = new Rate(16, 10, Duration.ofSeconds(60));
  }

  /** Opens sessions when it is told that it may. */
  public interface Client {
    /** There may be a permit now; called without the lock of the permits. */
    void permitsMayBeFree();

    /** Closes a session that nobody uses, so that others get its permit; called on a thread of its own. */
    void closeIdle();
  }

  /**
   * The answer to a request for a permit.
   *
   * @param permit null when there is none now
   * @param nanos the time after which to ask again; {@link Long#MAX_VALUE} when the client is notified
   * @param refusal why no login is sent at the moment, or null when the reason is another one
   */
  public record Answer(@Nullable Permit permit, long nanos, @Nullable FtpLoginException refusal) {
    private static Answer later(long nanos) {
      return new Answer(null, nanos, null);
    }
  }

  /** Identifies a login without keeping its password. */
  private record Login(String user, int password) {
    static Login of(Credentials who) {
      char[] password = who.password();
      try {
        return new Login(who.user(), Arrays.hashCode(password));
      } finally {
        Arrays.fill(password, ' ');
      }
    }
  }

  private final String server;
  private final LongSupplier clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition loginEnded = lock.newCondition();
  private final Map<Client, Integer> held = new HashMap<>(); // guarded by lock, as is what follows
  private final Set<Client> waiting = new LinkedHashSet<>();
  private final Set<Client> atGate = new LinkedHashSet<>();
  private final Map<Login, LoginGate> gates = new HashMap<>();
  private final LearntLimit limit;
  private final ConnectPace pace;
  private int opening;
  private int open;
  private long lastRelease;
  private long lastUse;

  public ConnectionPermits(String server, Rate rate, LongSupplier clock) {
    this.server = server;
    this.clock = clock;
    long now = clock.getAsLong();
    limit = new LearntLimit(rate.raiseAfter());
    pace = new ConnectPace(rate.burst(), rate.perSecond(), now);
    lastRelease = now - SERVER_LAG;
    lastUse = now;
  }

  /** Those of this configuration's server, by host and port, whatever the user. */
  public static ConnectionPermits of(FtpConfig config) {
    if (ALL.size() > MANY) {
      ALL.values().removeIf(ConnectionPermits::isForgotten);
    }
    String server = config.host().toLowerCase(Locale.ROOT) + ":" + config.port();
    ConnectionPermits permits = ALL.computeIfAbsent(server, s -> new ConnectionPermits(s, Rate.USUAL, System::nanoTime));
    permits.forgetOldLimit();
    return permits;
  }

  /** Forgets all servers; connections that are open keep the permits they have. */
  public static void forgetAll() {
    ALL.clear();
  }

  private boolean isForgotten() {
    lock.lock();
    try {
      return open + opening == 0 && waiting.isEmpty() && clock.getAsLong() - lastUse > FORGOTTEN_AFTER;
    } finally {
      lock.unlock();
    }
  }

  private void forgetOldLimit() {
    lock.lock();
    try {
      if (isForgotten()) {
        limit.forget();
        pace.succeeded();
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
    lock.lock();
    try {
      return limit.known();
    } finally {
      lock.unlock();
    }
  }

  /** The connections of this JVM to the server, those being opened and closed included. */
  public int open() {
    lock.lock();
    try {
      return present();
    } finally {
      lock.unlock();
    }
  }

  /** Sets an upper bound for the limit. */
  public void atMost(int connections) {
    if (connections < 1) {
      throw new IllegalArgumentException("the limit must be at least 1: " + connections);
    }
    lock.lock();
    try {
      limit.cap(connections);
    } finally {
      lock.unlock();
    }
    wakeWaiting();
  }

  private int present() {
    return open + opening;
  }

  // --- pools: ask, and be notified ---

  /** A permit, if there is one now; otherwise the client is notified, or asks again after the time given. */
  public Answer ask(Client client, Credentials who) {
    lock.lock();
    try {
      long now = clock.getAsLong();
      LoginGate gate = gate(who, now);
      if (gate.pause(now) > 0) {
        return new Answer(null, gate.pause(now), gate.refusal());
      }
      if (!gate.isFree()) {
        atGate.add(client);
        return Answer.later(Long.MAX_VALUE);
      }
      if (isFull(client, now)) {
        return Answer.later(limit.untilRaise(now));
      }
      long pause = pace.take(now);
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

  private boolean isFull(Client client, long now) {
    lastUse = now;
    if (limit.raiseIfDue(present(), now)) {
      LOG.debug("{}: trying {} sessions", server, limit.allowed());
    }
    boolean full = present() >= limit.allowed();
    if (full && waiting.add(client)) {
      askOthersForIdle(client);
    }
    return full;
  }

  private Permit grant(Client client, @Nullable Client account, long now) {
    opening++;
    waiting.remove(client);
    atGate.remove(client);
    if (account != null) {
      held.merge(account, 1, Integer::sum);
    }
    return new Permit(account, now);
  }

  private void askOthersForIdle(Client client) {
    List<Client> others = new ArrayList<>(held.keySet());
    others.remove(client);
    if (!others.isEmpty()) {
      Thread.ofVirtual().name("ftp-limiter").start(() -> others.forEach(Client::closeIdle));
    }
  }

  private LoginGate gate(Credentials who, long now) {
    if (gates.size() > MANY) {
      gates.values().removeIf(gate -> gate.isUnused(now));
    }
    return gates.computeIfAbsent(Login.of(who), login -> new LoginGate());
  }

  /** The client waits for permits no more. */
  public void satisfied(Client client) {
    lock.lock();
    try {
      waiting.remove(client);
      atGate.remove(client);
    } finally {
      lock.unlock();
    }
  }

  /** Whether a session that this client does not need at the moment should go to another that has far fewer. */
  public boolean wantsBack(Client client) {
    lock.lock();
    try {
      int mine = held.getOrDefault(client, 0);
      return waiting.stream()
          .filter(other -> !other.equals(client))
          .mapToInt(other -> held.getOrDefault(other, 0))
          .anyMatch(theirs -> theirs == 0 || theirs + 1 < mine);
    } finally {
      lock.unlock();
    }
  }

  // --- sessions opened by themselves: wait ---

  /** One session that waits for a permit. */
  private final class Waiter implements Client {
    private final @Nullable Client account;
    private final Condition turn = lock.newCondition();
    private @Nullable Permit granted; // guarded by lock

    Waiter(@Nullable Client account) {
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

    @Override
    public void closeIdle() {}
  }

  /**
   * The permit handed over to this thread, else one of this configuration's server.
   *
   * @param bound how long to wait for it
   * @throws FtpConnectException of the kind {@link ErrorKind#BUSY} when the limit is reached and none became free
   */
  static Permit take(FtpConfig config, Duration bound) throws FtpException {
    Permit handedOver = HANDED_OVER.get();
    if (handedOver != null) {
      HANDED_OVER.remove();
      return handedOver;
    }
    return of(config).await(null, config, bound);
  }

  private Permit await(@Nullable Client account, FtpConfig config, Duration bound) throws FtpException {
    Waiter waiter = new Waiter(account);
    long deadline = System.nanoTime() + bound.toNanos();
    boolean late = false;
    lock.lock();
    try {
      waiter.granted = isFull(waiter, clock.getAsLong()) ? null : grant(waiter, account, clock.getAsLong());
      while (waiter.granted == null && !late) {
        long left = deadline - System.nanoTime();
        waiter.turn.awaitNanos(Math.min(left, limit.untilRaise(clock.getAsLong())));
        waiter.permitsMayBeFree();
        late = left <= 0;
      }
      if (waiter.granted != null) {
        return waiter.granted;
      }
      throw new FtpConnectException(full(config, bound), ErrorKind.BUSY, List.of(), null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      if (waiter.granted != null) {
        waiter.granted.end();
      }
      String what = "cannot connect to " + config + ": interrupted while waiting for a free connection";
      throw new FtpClosedException(what, ErrorKind.ABORTED, List.of(), e);
    } finally {
      waiting.remove(waiter);
      lock.unlock();
      if (Thread.currentThread().isInterrupted()) {
        wakeWaiting();
      }
    }
  }

  private String full(FtpConfig config, Duration bound) {
    return String.format(
        Locale.ROOT,
        "cannot connect to %s: %d connections are open and the server allows %d; none became free within %.1f s: close a"
            + " session, or use a pool",
        config, present(), limit.allowed(), bound.toNanos() / 1e9);
  }

  /** Opens something. */
  @FunctionalInterface
  public interface Opening<T, E extends Exception> {
    T open() throws E;
  }

  /** The right to have one connection to the server. */
  public final class Permit {
    private final @Nullable Client account;
    private final long since;
    private @Nullable LoginGate gate; // guarded by lock, as is what follows
    private boolean isOpen;
    private boolean isOver;
    private boolean hasFailed;

    private Permit(@Nullable Client account, long since) {
      this.account = account;
      this.since = since;
    }

    /** Opens a session on this thread with this permit; it is released when nothing was connected. */
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

    /** Another permit of the same server and pool, for a session that connects anew. */
    Permit next(FtpConfig config, Duration bound) throws FtpException {
      return await(account, config, bound);
    }

    /**
     * Waits until this login may be sent.
     *
     * @throws FtpLoginException when the server has just refused the same user and password to another session
     */
    void beginLogin(Credentials who) throws FtpException {
      lock.lock();
      try {
        LoginGate wanted = gate(who, clock.getAsLong());
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
          throw new FtpLoginException("the same login in another session", refusal.reply(), refusal.kind(), refusal.transcript());
        }
        enter(wanted);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new FtpClosedException("interrupted while another login was in progress", ErrorKind.ABORTED, List.of(), e);
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

    /** The session is open. */
    void loggedIn() {
      lock.lock();
      try {
        if (gate != null) {
          gate.succeeded();
          leaveGate();
        }
        if (!isOpen && !isOver) {
          opening--;
          open++;
          isOpen = true;
          pace.succeeded();
          limit.accepted(open);
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
          learn(failure, e, now);
        }
      } finally {
        lock.unlock();
      }
      wake(atGate);
    }

    private void learn(ConnectFailure failure, FtpException e, long now) {
      boolean alone = open == 0 && opening <= 1;
      switch (failure) {
        case LOGIN, CALLED_OFF -> {}
        case TOO_MANY -> turnedAway(alone, e, now);
        case BUSY -> turnedAway(open == 0, e, now);
        case UNREACHABLE, OTHER -> pace.failed(since, now);
      }
      hasFailed = failure != ConnectFailure.LOGIN;
    }

    private void turnedAway(boolean saysNothingOfUs, FtpException e, long now) {
      boolean serverLags =
          open < limit.allowed() && now - lastRelease < SERVER_LAG && (!pace.isFailing() || pace.isOld(since));
      if (!serverLags && !saysNothingOfUs) {
        int before = limit.allowed();
        limit.refused(open, now);
        if (limit.allowed() < before) {
          LOG.debug("{} allows {} sessions at a time: {}", server, limit.allowed(), e.getMessage());
        }
      }
      if (open < limit.allowed()) {
        pace.failed(since, now);
      }
    }

    /** The connection is closed; a second call does nothing. */
    void released() {
      lock.lock();
      try {
        if (isOver) {
          return;
        }
        lastRelease = isOpen ? clock.getAsLong() : lastRelease;
        end();
      } finally {
        lock.unlock();
      }
      wakeWaiting();
    }

    private void end() {
      isOver = true;
      leaveGate();
      if (isOpen) {
        open--;
      } else {
        opening--;
      }
      if (account != null) {
        held.computeIfPresent(account, (c, n) -> n == 1 ? null : n - 1);
      }
    }
  }

  private void wakeWaiting() {
    wake(atGate);
    wake(waiting);
  }

  /** Those that have waited longest first. */
  private void wake(Set<Client> clients) {
    List<Client> all;
    lock.lock();
    try {
      all = List.copyOf(clients);
    } finally {
      lock.unlock();
    }
    all.forEach(Client::permitsMayBeFree);
  }

  /** Server, connections and limit. */
  @Override
  public String toString() {
    OptionalInt known = limit();
    return server + ", " + open() + " open, " + (known.isPresent() ? "limit " + known.getAsInt() : "no limit known");
  }
}
