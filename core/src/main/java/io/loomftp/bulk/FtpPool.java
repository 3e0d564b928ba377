package io.loomftp.bulk;

import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.FtpScript;
import io.loomftp.FtpSession;
import io.loomftp.FtpTimeoutException;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A bounded number of sessions with one server, handed out and taken back.
 *
 * {@snippet :
 * try (FtpPool pool = FtpPool.of(config, 8)) {
 *   long size = pool.run(ftp -> ftp.size("huge.iso"));
 *   try (Lease lease = pool.lease()) {
 *     lease.session().delete("old.txt");
 *   }
 * }
 * }
 *
 * <p>Sessions are opened when they are needed, and closed when nobody needed them for a while. Threads that wait get theirs in
 * the order they came, and no thread waits longer than the pool's patience. How many sessions the server itself allows is
 * learned by its {@link Governor}: where that is fewer than the pool's size, threads wait for them instead of failing.
 *
 * <p>All sessions of a pool have one configuration, and no two pools share a session: who is logged in, and how it is
 * protected, is never mixed up. What comes back is handed out again only in the state it had after login.
 *
 * <p>Nothing is repeated here: what a script throws is thrown. A server that has hung up on an idle session is noticed
 * before the session is handed out, save where that happens at that very moment.
 */
public final class FtpPool implements AutoCloseable {
  private final FtpConfig config;
  private final PoolSettings settings;
  private final Governor governor;
  private final Roster roster;

  private FtpPool(Builder builder) {
    this.config = builder.config;
    this.settings = builder.settings;
    this.governor = builder.governor == null ? Governor.of(config) : builder.governor;
    this.roster = new Roster(config, settings, governor);
  }

  /** A pool of at most so many sessions, everything else by default; nothing is opened yet. */
  public static FtpPool of(FtpConfig config, int size) {
    return builder(config).size(size).build();
  }

  /** Starts a pool for this configuration, which must have credentials. */
  public static Builder builder(FtpConfig config) {
    return new Builder(config);
  }

  /**
   * A session for this thread: the one it has already where it has a lease, else the next that is free or can be opened.
   *
   * @return to be closed by the caller
   * @throws FtpTimeoutException when none became free within the pool's patience; the message says who has them
   * @throws FtpException when none can be opened, as {@link io.loomftp.Ftp#open} does
   * @throws io.loomftp.FtpClosedException when the pool is closed, or the thread interrupted while it waits
   */
  public Lease lease() throws FtpException {
    Holding holding = roster.take(settings.patience());
    if (holding == null) {
      throw roster.late(settings.patience());
    }
    return new Lease(roster, holding);
  }

  /**
   * As {@link #lease()}, but waits no longer than told here, and gives nothing when none became free in that time: for workers
   * that come back later.
   */
  public Optional<Lease> lease(Duration patience) throws FtpException {
    return Optional.ofNullable(roster.take(patience)).map(holding -> new Lease(roster, holding));
  }

  /**
   * Runs a script with one session, on this thread.
   *
   * @return what the script returned
   * @throws FtpException as {@link #lease()} does
   * @throws IOException what the script threw
   * @throws InterruptedException what the script threw
   */
  public <T extends @Nullable Object> T run(FtpScript<T> script) throws IOException, InterruptedException {
    try (Lease lease = lease()) {
      return script.run(lease.session());
    }
  }

  /** Where to and how. */
  public FtpConfig config() {
    return config;
  }

  /** How many sessions the pool may have. */
  public int size() {
    return settings.size();
  }

  /** What is known of how many sessions the server allows. */
  public Governor governor() {
    return governor;
  }

  /** How it stands with the pool at this moment. */
  public PoolState state() {
    return roster.state();
  }

  /** Looks after the sessions now; it happens by itself every few seconds. */
  void sweep() {
    roster.sweep();
  }

  /**
   * Closes the idle sessions, all at the same time, and waits for their farewells within their bound. Threads that wait get an
   * {@link io.loomftp.FtpClosedException}. A session that is leased is closed when its lease is, or after half a minute.
   */
  @Override
  public void close() {
    roster.close();
  }

  /** The state in a few words; never a secret. */
  @Override
  public String toString() {
    return "FtpPool[" + state() + "]";
  }

  /** Collects the settings; not safe for use by several threads. */
  public static final class Builder {
    private static final int USUAL_SIZE = 4;

    private final FtpConfig config;
    private PoolSettings settings = PoolSettings.of(USUAL_SIZE);
    private @Nullable Governor governor;

    private Builder(FtpConfig config) {
      if (config.credentials().isEmpty()) {
        throw new IllegalArgumentException("no credentials in the configuration");
      }
      this.config = config;
    }

    /** How many sessions there may be at a time; 4 by default. */
    public Builder size(int sessions) {
      settings = settings.withSize(sessions);
      return this;
    }

    /** How long {@link FtpPool#lease()} waits at most; 30 s by default. */
    public Builder patience(Duration patience) {
      settings = settings.withPatience(patience);
      return this;
    }

    /** How long a session may be idle before it is closed; 60 s by default, less than the usual bounds of servers. */
    public Builder maxIdle(Duration maxIdle) {
      settings = settings.withMaxIdle(maxIdle);
      return this;
    }

    /**
     * How long a session may be idle without being looked at for an end of its connection, which sends nothing and takes a
     * millisecond; 250 ms by default.
     */
    public Builder checkAfter(Duration checkAfter) {
      settings = settings.withCheckAfter(checkAfter);
      return this;
    }

    /** How long a session may be idle before it has to answer a NOOP to be handed out; 30 s by default. */
    public Builder noopAfter(Duration noopAfter) {
      settings = settings.withNoopAfter(noopAfter);
      return this;
    }

    /** After what time a lease that is still open is reported in the log, once; an hour by default. */
    public Builder reportAfter(Duration reportAfter) {
      settings = settings.withReportAfter(reportAfter);
      return this;
    }

    /** How long a closed pool leaves leased sessions open; 30 s by default. */
    public Builder grace(Duration grace) {
      settings = settings.withGrace(grace);
      return this;
    }

    /**
     * Whether reports of lost and overdue leases, and of who has the sessions that others wait for, tell the stack that opened
     * each lease; not by default, since taking it costs some microseconds every time.
     */
    public Builder tracing(boolean tracing) {
      settings = settings.withTracing(tracing);
      return this;
    }

    Builder clock(LongSupplier nanos) {
      settings = settings.withClock(nanos);
      return this;
    }

    Builder governor(Governor governor) {
      this.governor = Objects.requireNonNull(governor);
      return this;
    }

    /** The pool; nothing is opened yet. */
    public FtpPool build() {
      return new FtpPool(this);
    }
  }
}
