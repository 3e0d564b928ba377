package io.loomftp.pool;

import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows how many sessions a server bears, for all pools of this JVM together.
 *
 * <p>Nobody tells how many that are, so it is learned: when a server turns a session away with 421 or 530 "too many", the
 * limit becomes the number of sessions that are open then, and pools wait for one of these instead of failing. Now and then,
 * first after a minute, one more is tried. New connections are limited to a burst of 16, then 10 a second, and after
 * failures they wait, longer each time.
 *
 * <p>There is one for each server, by host and port, whatever the user; it lives as long as it is used.
 */
public final class ConnectionLimiter {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimiter.class);
  private static final Map<String, ConnectionLimiter> ALL = new ConcurrentHashMap<>();
  private static final int MANY = 1_000;
  private static final long FORGOTTEN_AFTER = Duration.ofHours(1).toNanos();
  private static final int NO_LIMIT = Integer.MAX_VALUE;
  /** A server may need so long to notice that a session has ended. */
  private static final long LAG = Duration.ofSeconds(2).toNanos();
  private static final long FIRST_PAUSE = Duration.ofMillis(250).toNanos();
  private static final long LONGEST_PAUSE = Duration.ofSeconds(30).toNanos();
  private static final int MOST_DOUBLINGS = 7;

  /**
   * How it goes about it.
   *
   * @param burst connections that may be made at once
   * @param perSecond connections a second after that
   * @param raiseAfter how long a limit must have held before one more is tried
   */
  record ConnectRate(int burst, double perSecond, Duration raiseAfter) {
    static final ConnectRate USUAL = new ConnectRate(16, 10, Duration.ofSeconds(60));
  }

  /** Somebody who opens sessions. */
  interface Client {
    /** There may be a permit now; called without locks held. */
    void permitsMayBeFree();

    /** Closes a session that nobody uses, so that others get its permit. */
    void giveUpIdle();
  }

  /**
   * What came of asking for a permit.
   *
   * @param permit null when there is none now
   * @param nanos after which it is worth asking again
   */
  record Answer(@Nullable Permit permit, long nanos) {}

  private final String server;
  private final ConnectRate pace;
  private final LongSupplier clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Client, Integer> held = new HashMap<>();
  private final Set<Client> waiting = new LinkedHashSet<>();

  private int opening;
  private int open;
  private int limit = NO_LIMIT;
  private int cap = NO_LIMIT;
  private long raiseAfter;
  private long nextRaise;
  private boolean probing;
  private double tokens;
  private long tokensAt;
  private long notBefore;
  private int failures;
  private long lastFailure;
  private long lastRelease;
  private long lastUse;

  ConnectionLimiter(String server, ConnectRate pace, LongSupplier clock) {
    this.server = server;
    this.pace = pace;
    this.clock = clock;
    long now = clock.getAsLong();
    raiseAfter = pace.raiseAfter().toNanos();
    tokens = pace.burst();
    tokensAt = now;
    notBefore = now;
    lastFailure = now - LONGEST_PAUSE;
    lastRelease = now - LAG;
    lastUse = now;
  }

  /** The one for this configuration's server. */
  public static ConnectionLimiter of(FtpConfig config) {
    if (ALL.size() > MANY) {
      ALL.values().removeIf(ConnectionLimiter::isForgotten);
    }
    String server = config.host().toLowerCase(Locale.ROOT) + ":" + config.port();
    ConnectionLimiter limiter = ALL.computeIfAbsent(server, s -> new ConnectionLimiter(s, ConnectRate.USUAL, System::nanoTime));
    limiter.forgetOldLimit();
    return limiter;
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
    if (isForgotten()) {
      lock.lock();
      try {
        limit = NO_LIMIT;
        raiseAfter = pace.raiseAfter().toNanos();
        failures = 0;
      } finally {
        lock.unlock();
      }
    }
  }

  /** Host and port. */
  public String server() {
    return server;
  }

  /** How many sessions are allowed at a time, as far as is known: learned, or set by {@link #atMost}. */
  public OptionalInt limit() {
    lock.lock();
    try {
      int known = Math.min(limit, cap);
      return known == NO_LIMIT ? OptionalInt.empty() : OptionalInt.of(known);
    } finally {
      lock.unlock();
    }
  }

  /** How many sessions the pools of this JVM have open on the server, those being opened and closed included. */
  public int open() {
    lock.lock();
    try {
      return open + opening;
    } finally {
      lock.unlock();
    }
  }

  /** Never allows more than so many sessions at a time, at least 1: for a limit that is known beforehand. */
  public void atMost(int sessions) {
    if (sessions < 1) {
      throw new IllegalArgumentException("not a number of sessions: " + sessions);
    }
    lock.lock();
    try {
      cap = sessions;
    } finally {
      lock.unlock();
    }
    wakeHungry();
  }

  /** A permit for one session, if there is one now; otherwise the client is told when there may be one. */
  Answer ask(Client client) {
    lock.lock();
    try {
      long now = clock.getAsLong();
      lastUse = now;
      raiseIfTime(now);
      if (open + opening >= Math.min(limit, cap)) {
        if (waiting.add(client)) {
          askOthersForIdle(client);
        }
        return new Answer(null, limit <= cap ? Math.max(1, nextRaise - now) : Long.MAX_VALUE);
      }
      if (now - notBefore < 0) {
        return new Answer(null, notBefore - now);
      }
      tokens = Math.min(pace.burst(), tokens + (now - tokensAt) / 1e9 * pace.perSecond());
      tokensAt = now;
      if (tokens < 1) {
        return new Answer(null, (long) Math.ceil((1 - tokens) / pace.perSecond() * 1e9));
      }
      tokens--;
      opening++;
      held.merge(client, 1, Integer::sum);
      waiting.remove(client);
      return new Answer(new Permit(client, now), 0);
    } finally {
      lock.unlock();
    }
  }

  private void raiseIfTime(long now) {
    if (limit < cap && open + opening >= limit && now - nextRaise >= 0) {
      limit++;
      probing = true;
      nextRaise = now + raiseAfter;
      LOG.debug("{}: trying {} sessions", server, limit);
    }
  }

  private void askOthersForIdle(Client client) {
    List<Client> others = new ArrayList<>(held.keySet());
    others.remove(client);
    if (!others.isEmpty()) {
      Thread.ofVirtual().name("ftp-limiter").start(() -> others.forEach(Client::giveUpIdle));
    }
  }

  /** The client waits for permits no more. */
  void satisfied(Client client) {
    lock.lock();
    try {
      waiting.remove(client);
    } finally {
      lock.unlock();
    }
  }

  /** Whether a session that this client does not need at the moment should go to another that has far fewer. */
  boolean wantsBack(Client client) {
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

  /** The right to have one session. */
  final class Permit {
    private final Client client;
    private final long since;
    private boolean isOpen;
    private boolean over;

    private Permit(Client client, long since) {
      this.client = client;
      this.since = since;
    }

    /** The session is open. */
    void succeeded() {
      lock.lock();
      try {
        opening--;
        open++;
        isOpen = true;
        failures = 0;
        if (open >= limit) {
          // Those that were on their way when another was turned away show that there was room for them.
          limit = open;
          if (probing) {
            probing = false;
            raiseAfter = pace.raiseAfter().toNanos();
          }
        }
      } finally {
        lock.unlock();
      }
    }

    /** There will be no session: what to make of that. */
    ConnectFailure failed(FtpException e) {
      ConnectFailure verdict = ConnectFailure.of(e);
      lock.lock();
      try {
        end();
        long now = clock.getAsLong();
        if (verdict == ConnectFailure.TOO_MANY || (verdict == ConnectFailure.BUSY && open > 0)) {
          turnedAway(now, e);
        } else if (verdict != ConnectFailure.LOGIN) {
          pause(now);
        }
      } finally {
        lock.unlock();
      }
      wakeHungry();
      return verdict;
    }

    private void turnedAway(long now, FtpException e) {
      boolean serverLags = open < limit && now - lastRelease < LAG && (failures == 0 || isOlderThanFailure());
      if (!serverLags) {
        int before = limit;
        limit = Math.min(limit, Math.max(1, open));
        raiseAfter = probing ? Math.min(raiseAfter * 2, pace.raiseAfter().toNanos() << MOST_DOUBLINGS) : raiseAfter;
        probing = false;
        nextRaise = now + raiseAfter;
        if (limit < before) {
          LOG.debug("{} allows {} sessions at a time: {}", server, limit, e.getMessage());
        }
      }
      if (open < limit) {
        pause(now);
      }
    }

    /** Those who set out before the last failure was known make it no worse. */
    private boolean isOlderThanFailure() {
      return since - lastFailure < 0;
    }

    private void pause(long now) {
      if (isOlderThanFailure()) {
        return;
      }
      long pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(failures, MOST_DOUBLINGS));
      failures++;
      lastFailure = now;
      notBefore = now + ThreadLocalRandom.current().nextLong(pause / 2, pause + 1);
    }

    /** The session is closed; a second call does nothing. */
    void released() {
      lock.lock();
      try {
        end();
        lastRelease = clock.getAsLong();
      } finally {
        lock.unlock();
      }
      wakeHungry();
    }

    private void end() {
      if (!over) {
        over = true;
        if (isOpen) {
          open--;
        } else {
          opening--;
        }
        held.computeIfPresent(client, (c, n) -> n == 1 ? null : n - 1);
      }
    }
  }

  /** Those that have waited longest first. */
  private void wakeHungry() {
    List<Client> all;
    lock.lock();
    try {
      all = List.copyOf(waiting);
    } finally {
      lock.unlock();
    }
    all.forEach(Client::permitsMayBeFree);
  }

  /** Server, sessions and limit. */
  @Override
  public String toString() {
    OptionalInt known = limit();
    return "Governor[" + server + ", " + open() + " open, "
        + (known.isPresent() ? "limit " + known.getAsInt() : "no limit known") + "]";
  }
}
