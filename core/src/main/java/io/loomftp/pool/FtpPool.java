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
 * A connection pool: a bounded number of sessions with one server, leased to threads.
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
 * <p>Sessions are opened on demand; idle ones are evicted. Threads that wait are served in the order of their arrival, and none
 * waits longer than {@link Builder#patience}. The number of sessions that the server accepts is learnt by its
 * {@link ConnectionLimiter}: where it is smaller than the pool, threads wait instead of failing.
 *
 * <p>All sessions of a pool have one configuration, and no two pools share a session, so users and protection are never mixed.
 * A returned session is reused only in the state that it had after login.
 *
 * <p>The pool repeats nothing: the exception of a script is thrown. An idle session that the server has closed is detected
 * before it is leased, unless the server closes it at that very moment.
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

  /** A pool of at most this many sessions with defaults for everything else; opens no session yet. */
  public static FtpPool of(FtpConfig config, int size) {
    return builder(config).size(size).build();
  }

  /** A builder for a pool with this configuration, which must have credentials. */
  public static Builder builder(FtpConfig config) {
    return new Builder(config);
  }

  /**
   * Leases a session to this thread: the one that it holds already, else the next that is free or can be opened.
   *
   * @return the lease; the caller closes it
   * @throws FtpTimeoutException when none became free within the pool's patience; the message lists the threads that hold the
   *     sessions
   * @throws FtpException when none can be opened, see {@link io.loomftp.Ftp#open} does
   * @throws io.loomftp.FtpClosedException when the pool is closed, or the thread interrupted while it waits
   */
  public Lease lease() throws FtpException {
    return core.lease();
  }

  /**
   * Leases a session as {@link #lease()} does, but with its own bound for the wait, and returns empty when none became free in
   * that time.
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
   * <p>At most {@link #size()} scripts run at a time, fewer where the server allows fewer sessions. An item whose script
   * throws has failed; the others go on. Nothing is repeated. When no session is available at all, or the pool is closed, the
   * remaining items fail for that reason.
   *
   * <p>A {@link java.util.Collection} is read at once. Any other {@code Iterable} is read lazily on the calling thread, a few
   * items ahead of the scripts, so a long one is never completely in memory, except that each item is kept in the report.
   * The scripts run on threads of their own. They do not use a session that the calling thread holds, which occupies a place in
   * the pool.
   *
   * @return one result for each item, in the order of the items
   * @throws InterruptedException when the calling thread is interrupted: the running scripts are then interrupted and have
   *     ended, and no more are begun
   * @throws RuntimeException what the iterable threw, after the running scripts were aborted
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
      return new ItemRun<T, R>(core, script).run(() -> all); // it is iterated once
    }
  }

  /**
   * Creates workers for tasks that may add further tasks, each worker with a session of the pool.
   *
   * @param work carries out a task; called by several threads at the same time
   * @param abandoned receives the tasks for which no session is available; called by any of these threads
   */
  public <T> SessionWorkers<T> workers(SessionWorkers.Work<T> work, SessionWorkers.Abandoned<T> abandoned) {
    return new SessionWorkers<>(core, work, abandoned);
  }

  /**
   * Downloads a file to a local one, with as many sessions at the same time as {@link TransferOptions#segments(int)} says.
   *
   * <p>That helps where the server or the network limits each connection, as on long lossy paths; on a good network one
   * connection is as fast and a smaller load for the server. Each session downloads a range of the file (REST, RETR) into one
   * {@code name.part} beside the target and aborts its transfer at the end of the range. No segment is smaller than a
   * mebibyte. A session that the calling thread holds is used as well.
   *
   * <p>At the end size and time of the remote file are compared with those of the beginning, since no single transfer
   * covered all of it. With {@link TransferOptions#resume()} an interrupted download keeps {@code name.part} and its
   * note, and continues with what is missing if size and time are still the same.
   *
   * <p>One stream is used, as by {@link FtpSession#get(String, Path, TransferOptions)}, for small files, for text, where the
   * server gives no size, where it refuses or ignores REST (which is tried with the last byte), and where a digest is to be
   * compared with the server's. {@link TransferOptions#slowest} and {@link TransferOptions#localStall} apply to one stream
   * only.
   *
   * @param options {@code retry} applies to all segments together: an interrupted range is continued where it was interrupted
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

  /** The configuration of the sessions. */
  public FtpConfig config() {
    return config;
  }

  /** The most sessions that the pool has at a time. */
  public int size() {
    return settings.size();
  }

  /** The connection limiter of the server. */
  public ConnectionLimiter limiter() {
    return limiter;
  }

  /** The present state of the pool. */
  public PoolState state() {
    return core.state();
  }

  Duration patience() {
    return settings.patience();
  }

  /** Sweeps the sessions now, which otherwise happens every few seconds. */
  void sweep() {
    core.sweep();
  }

  /**
   * Closes the idle sessions, all at the same time, and waits within {@code Timeouts.close()}. Waiting threads get an
   * {@link io.loomftp.FtpClosedException}. A leased session is closed with its lease, or after half a minute.
   */
  @Override
  public void close() {
    core.close();
  }

  /** The state on one line; never a secret. */
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

    /** The most sessions at a time; 4 by default. */
    public Builder size(int sessions) {
      settings = settings.withSize(sessions);
      return this;
    }

    /** The bound of {@link FtpPool#lease()} for waiting; 30 s by default. */
    public Builder patience(Duration patience) {
      settings = settings.withPatience(patience);
      return this;
    }

    /** The time after which an idle session is evicted; 60 s by default, less than the usual idle timeouts of servers. */
    public Builder maxIdle(Duration maxIdle) {
      settings = settings.withMaxIdle(maxIdle);
      return this;
    }

    /**
     * The idle time after which a session is checked for a closed connection before it is leased, which sends nothing and takes
     * a millisecond; 250 ms by default.
     */
    public Builder checkAfter(Duration checkAfter) {
      settings = settings.withCheckAfter(checkAfter);
      return this;
    }

    /** The idle time after which a session must answer a NOOP before it is leased; 30 s by default. */
    public Builder noopAfter(Duration noopAfter) {
      settings = settings.withNoopAfter(noopAfter);
      return this;
    }

    /** The time after which an open lease is logged, once; an hour by default. */
    public Builder reportAfter(Duration reportAfter) {
      settings = settings.withReportAfter(reportAfter);
      return this;
    }

    /** The time for which a closed pool leaves leased sessions open; 30 s by default. */
    public Builder grace(Duration grace) {
      settings = settings.withGrace(grace);
      return this;
    }

    /**
     * Whether reports of lost and overdue leases, and of the holders of sessions, have the stack trace of each lease; not by
     * default, since recording it costs some microseconds for each lease.
     */
    public Builder tracing(boolean tracing) {
      settings = settings.withTracing(tracing);
      return this;
    }

    /** A rate limit for all transfers of the pool together, in addition to that of the configuration. */
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

    /** Builds the pool; opens no session yet. */
    public FtpPool build() {
      return new FtpPool(this);
    }
  }
}
