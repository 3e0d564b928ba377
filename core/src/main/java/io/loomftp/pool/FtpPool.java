package io.loomftp.pool;

import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.FtpScript;
import io.loomftp.FtpSession;
import io.loomftp.FtpTimeoutException;
import io.loomftp.RateLimit;
import io.loomftp.TransferOptions;
import io.loomftp.TransferResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
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
 * <p>Sessions are opened when they are needed, and closed when nobody needed them for a while. Threads that wait get theirs
 * in the order they came, and no thread waits longer than the pool's patience. How many sessions the server itself allows is
 * learned by its {@link ConnectionLimiter}: where that is fewer than the pool's size, threads wait for them instead of failing.
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
  private final ConnectionLimiter limiter;
  private final PoolCore core;

  private FtpPool(Builder builder) {
    this.config = builder.effectiveConfig();
    this.settings = builder.settings;
    this.limiter = builder.limiter == null ? ConnectionLimiter.of(config) : builder.limiter;
    this.core = new PoolCore(config, settings, limiter.permits());
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
    return core.lease();
  }

  /**
   * As {@link #lease()}, but waits no longer than told here, and gives nothing when none became free in that time: for
   * workers that come back later.
   */
  public Optional<Lease> lease(Duration patience) throws FtpException {
    return core.lease(patience);
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

  /**
   * Runs a script for each of many items, several at the same time, each with a session of the pool.
   *
   * {@snippet :
   * ItemReport<String, TransferResult> report =
   *     pool.forEach(List.of("a.csv", "b.csv", "c.csv"), (ftp, name) -> ftp.get(name, Path.of(name)));
   * report.failures().forEach(item -> System.err.println(item.item() + ": " + item.failure().orElseThrow()));
   * }
   *
   * <p>At most {@link #size()} scripts run at a time, fewer where the server allows fewer sessions. An item whose script throws
   * has failed; the others go on. Nothing is repeated. When no session can be had at all, the remaining items fail for that
   * reason; they also do when the pool is closed meanwhile.
   *
   * <p>A {@link java.util.Collection} is read at once. Any other {@code Iterable} is read lazily on the calling thread, a few
   * items ahead of the scripts, so that a long one never is in memory as a whole; but each item is kept in the report.
   * The scripts run on threads of their own. A session that the calling thread has leased is not used by them, and takes a place in
   * the pool.
   *
   * @return one result for each item, in the order of the items
   * @throws InterruptedException when the calling thread is interrupted: the scripts that run are interrupted then, and have
   *     ended, and no more are begun
   * @throws RuntimeException what the iterable threw, when the scripts that ran have been called off
   */
  public <T, R extends @Nullable Object> ItemReport<T, R> forEach(
      Iterable<? extends T> items, ItemScript<? super T, ? extends R> script) throws InterruptedException {
    return new ItemRun<T, R>(core, script).run(items);
  }

  /** Runs a script for each item of a stream, which is closed: see {@link #forEach(Iterable, ItemScript)}. */
  public <T, R extends @Nullable Object> ItemReport<T, R> forEach(
      Stream<T> items, ItemScript<? super T, ? extends R> script) throws InterruptedException {
    try (items) {
      Iterator<T> all = items.iterator();
      return new ItemRun<T, R>(core, script).run(() -> all); // it is gone through once
    }
  }

  /**
   * Workers for tasks that may add further tasks while they run, each with a session of the pool.
   *
   * @param work carries out a task; called by several threads at the same time
   * @param abandoned receives the tasks for which no session can be had; called by any of these threads
   */
  public <T> SessionWorkers<T> workers(SessionWorkers.Work<T> work, SessionWorkers.Abandoned<T> abandoned) {
    return new SessionWorkers<>(core, work, abandoned);
  }

  /**
   * Downloads a file to a local one, with as many sessions at the same time as {@link TransferOptions#segments(int)} says.
   *
   * <p>That helps where a server or the way to it limits each connection, as long lossy ways do; on a good line one
   * connection is as fast, and kinder to the server. Each session fetches a range of the file (REST, RETR) into one
   * {@code name.part} beside the target, and calls its transfer off at the end of the range. No segment is smaller than a
   * mebibyte. This thread fetches ranges too, with the session that it may have; others join in as the pool has sessions for
   * them.
   *
   * <p>At the end size and time of the remote file are compared with those of the beginning, since no single transfer has
   * seen all of it. With {@link TransferOptions#resume()} a download that broke off keeps {@code name.part} and
   * {@code name.part.segments}, and goes on with what is missing if size and time are still the same.
   *
   * <p>One stream is used, as by {@link FtpSession#get(String, Path, TransferOptions)}, for small files, for text, where the
   * server tells no size, where it refuses or ignores REST (which is tried with the last byte), and where a digest is to be
   * compared with the server's. {@link TransferOptions#slowest} and {@link TransferOptions#localStall} hold for one stream
   * only.
   *
   * @param options {@code retry} holds for all segments together: a range that broke is gone on with where it broke
   * @throws FtpException what a session's {@code get} throws, and what {@link #lease()} does
   */
  public TransferResult get(String path, Path target, TransferOptions options) throws FtpException {
    if (options.segments() > 1) {
      return new SegmentedDownload(core, path, target, options).run();
    }
    try (Lease lease = lease()) {
      return lease.session().get(path, target, options);
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
  public ConnectionLimiter limiter() {
    return limiter;
  }

  /** How it stands with the pool at this moment. */
  public PoolState state() {
    return core.state();
  }

  Duration patience() {
    return settings.patience();
  }

  /** Looks after the sessions now; it happens by itself every few seconds. */
  void sweep() {
    core.sweep();
  }

  /**
   * Closes the idle sessions, all at the same time, and waits for their farewells within their bound. Threads that wait get
   * an {@link io.loomftp.FtpClosedException}. A session that is leased is closed when its lease is, or after half a minute.
   */
  @Override
  public void close() {
    core.close();
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
    private @Nullable ConnectionLimiter limiter;
    private @Nullable RateLimit rateLimit;

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
     * Whether reports of lost and overdue leases, and of who has the sessions that others wait for, tell the stack that
     * opened each lease; not by default, since taking it costs some microseconds every time.
     */
    public Builder tracing(boolean tracing) {
      settings = settings.withTracing(tracing);
      return this;
    }

    /** A limit for the transfers of all the pool's sessions together, above that of the configuration if it has one. */
    public Builder rateLimit(RateLimit limit) {
      rateLimit = Objects.requireNonNull(limit);
      return this;
    }

    private FtpConfig effectiveConfig() {
      RateLimit limit = rateLimit;
      if (limit == null) {
        return config;
      }
      return config.toBuilder().rateLimit(config.rateLimit().map(own -> own.below(limit)).orElse(limit)).build();
    }

    Builder clock(LongSupplier nanos) {
      settings = settings.withClock(nanos);
      return this;
    }

    Builder limiter(ConnectionLimiter limiter) {
      this.limiter = Objects.requireNonNull(limiter);
      return this;
    }

    /** The pool; nothing is opened yet. */
    public FtpPool build() {
      return new FtpPool(this);
    }
  }
}
