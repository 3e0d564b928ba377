package io.loomftp.async;

import io.loomftp.FtpConfig;
import io.loomftp.pool.FtpPool;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds sessions by alias and delivers the events of all of them.
 *
 * {@snippet :
 * try (AsyncFtp ftp = AsyncFtp.create()) {
 *   AsyncFtpSession s = ftp.session("ftp", config); // nothing is sent yet
 *   ftp.on("all", e -> audit.info("{} {}", e.session(), e));
 *   long bytes = s.connect()
 *       .thenCompose(greeting -> s.cd("/pub"))
 *       .thenCompose(reply -> s.list("."))
 *       .thenApply(rows -> rows.stream().mapToLong(row -> row.size().orElse(0)).sum())
 *       .join();
 *   ftp.post("ftp", "quit");
 *   s.ended().join();
 * }
 * }
 */
public final class AsyncFtp extends EventSource {
  private static final Logger LOG = LoggerFactory.getLogger(AsyncFtp.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofDays(3650);
  private static final Duration AFTER_ABORT = Duration.ofSeconds(5);

  private final ListenerErrors errors = new ListenerErrors(null, thrown -> {});
  private final @Nullable Executor executor;
  private final Map<String, AsyncFtpSession> sessions = new ConcurrentHashMap<>();
  private final Map<String, AsyncFtpPool> pools = new ConcurrentHashMap<>();
  private volatile boolean closed;

  private AsyncFtp(@Nullable Executor executor) {
    this.executor = executor;
  }

  /** Creates one without sessions. */
  public static AsyncFtp create() {
    return new AsyncFtp(null);
  }

  /**
   * Creates one without sessions, all of whose listeners run on this executor: a single thread gives the world of one thread
   * that POE programs live in; {@code SwingUtilities::invokeLater} or {@code Platform::runLater} that of a window. Events of one
   * session are delivered in order also where the executor has several threads. When it takes no more work, throws or has
   * ended, they are delivered on the session's own thread. An executor has to run what it takes: a session whose last events it
   * does not begin for five seconds ends without them, and after a minute they are lost.
   */
  public static AsyncFtp create(Executor listeners) {
    return new AsyncFtp(Objects.requireNonNull(listeners));
  }

  /**
   * A session of its own, without a bus, for those who only chain futures. It ends with {@code quit}, {@code close} or the
   * connection.
   */
  public static AsyncFtpSession session(FtpConfig config) {
    return new AsyncFtpSession("ftp", config, new Listeners(), new ListenerErrors(null, thrown -> {}), null);
  }

  /**
   * Creates a session, which {@link AsyncFtpSession#connect()} starts. Its alias is free again when it has ended.
   *
   * @param alias its name in events, threads and logs
   * @throws IllegalArgumentException when a session of that alias exists
   */
  public AsyncFtpSession session(String alias, FtpConfig config) {
    if (closed) {
      throw new IllegalStateException("this AsyncFtp is closed");
    }
    AsyncFtpSession session = new AsyncFtpSession(alias, config, listeners, errors, executor);
    if (sessions.putIfAbsent(alias, session) != null) {
      throw new IllegalArgumentException("a session of the alias '" + alias + "' exists already");
    }
    session.beforeEnd(() -> sessions.remove(alias, session));
    if (closed) { // by another thread, which may not have seen it
      session.close();
    }
    return session;
  }

  /**
   * Delivers the work of a pool as futures and events of that alias. The pool stays its owner's; closing this closes only what
   * this method returns. Its alias is free again when that has ended.
   *
   * @throws IllegalArgumentException when a pool of that alias exists
   */
  public AsyncFtpPool pool(String alias, FtpPool pool) {
    if (closed) {
      throw new IllegalStateException("this AsyncFtp is closed");
    }
    AsyncFtpPool made = new AsyncFtpPool(alias, pool, listeners, errors, executor, ended -> pools.remove(alias, ended));
    if (pools.putIfAbsent(alias, made) != null) {
      made.leave();
      throw new IllegalArgumentException("a pool of the alias '" + alias + "' exists already");
    }
    if (closed) { // by another thread, which may not have seen it
      made.shutdownNow();
    }
    return made;
  }

  /** The session of that alias, unless it has ended. */
  public Optional<AsyncFtpSession> session(String alias) {
    return Optional.ofNullable(sessions.get(alias));
  }

  /** The sessions that have not ended. */
  public List<AsyncFtpSession> sessions() {
    return List.copyOf(sessions.values());
  }

  /**
   * Posts a command to a session: see {@link AsyncFtpSession#post(String, Object...)}.
   *
   * @throws IllegalArgumentException also when there is no session of that alias
   */
  public CompletableFuture<?> post(String alias, String name, Object... arguments) {
    return post(alias, FtpCommand.of(name, arguments));
  }

  /** Posts a command to a session. */
  public CompletableFuture<?> post(String alias, FtpCommand command) {
    return session(alias)
        .orElseThrow(() -> new IllegalArgumentException("there is no session '" + alias + "'"))
        .post(command);
  }

  /** Sets what receives the exceptions of listeners: see {@link AsyncFtpSession#onListenerError}. */
  public AsyncFtp onListenerError(BiConsumer<? super FtpEvent, ? super Throwable> handler) {
    errors.handler(handler);
    return this;
  }

  /**
   * Ends all sessions in order: takes no new ones, lets their commands end, sends QUIT and waits until the last events were
   * delivered; what is not done after ten seconds is aborted as by {@link #shutdownNow()}. Called by a listener or interrupted,
   * it does not wait: it aborts.
   */
  @Override
  public void close() {
    close(PATIENCE);
  }

  /** The same with another bound, for all of them together; one that is not positive aborts at once. */
  public void close(Duration bound) {
    Duration most = bound.compareTo(LONGEST) < 0 ? bound : LONGEST;
    closed = true;
    List<AsyncFtpSession> open = sessions();
    List<AsyncFtpPool> working = List.copyOf(pools.values());
    if (open.stream().anyMatch(AsyncFtpSession::isDelivering) || working.stream().anyMatch(AsyncFtpPool::isDelivering)) {
      shutdownNow();
      return;
    }
    open.forEach(AsyncFtpSession::leave);
    working.forEach(AsyncFtpPool::leave);
    if (!await(open, working, most)) {
      shutdownNow();
      if (!await(open, working, AFTER_ABORT)) {
        LOG.warn("not all sessions and pools have ended: a listener or a script is still running");
      }
    }
  }

  /**
   * Aborts all sessions: their running and waiting commands fail at once with an {@link io.loomftp.FtpClosedException}. Does
   * not wait; {@link AsyncFtpSession#ended()} does.
   */
  public void shutdownNow() {
    closed = true;
    sessions().forEach(AsyncFtpSession::close);
    pools.values().forEach(AsyncFtpPool::shutdownNow);
  }

  private static boolean await(List<AsyncFtpSession> sessions, List<AsyncFtpPool> pools, Duration bound) {
    long start = System.nanoTime();
    boolean ended = await(sessions, bound);
    for (AsyncFtpPool pool : pools) {
      ended &= pool.await(bound.minusNanos(System.nanoTime() - start));
    }
    return ended;
  }

  private static boolean await(List<AsyncFtpSession> sessions, Duration bound) {
    CompletableFuture<?>[] ends = sessions.stream().map(AsyncFtpSession::ended).toArray(CompletableFuture[]::new);
    try {
      CompletableFuture.allOf(ends).get(bound.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException | ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
