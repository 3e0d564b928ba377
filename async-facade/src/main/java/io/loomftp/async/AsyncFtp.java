package io.loomftp.async;

import io.loomftp.FtpConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
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
public final class AsyncFtp implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AsyncFtp.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Listeners bus = new Listeners();
  private final Map<String, AsyncFtpSession> sessions = new ConcurrentHashMap<>();
  private volatile boolean closed;

  private AsyncFtp() {}

  /** Creates one without sessions. */
  public static AsyncFtp create() {
    return new AsyncFtp();
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
    AsyncFtpSession session = new AsyncFtpSession(alias, config, bus);
    if (sessions.putIfAbsent(alias, session) != null) {
      throw new IllegalArgumentException("a session of the alias '" + alias + "' exists already");
    }
    session.beforeEnd(() -> sessions.remove(alias, session));
    if (closed) { // by another thread, which may not have seen it
      session.close();
    }
    return session;
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

  /**
   * Registers a listener for events of all sessions, including later ones. Each event is delivered on the events thread of its
   * session, so events of different sessions are delivered concurrently.
   *
   * @param name the name of the events, or {@code all}
   * @throws IllegalArgumentException for an unknown name
   */
  public Subscription on(String name, Consumer<? super FtpEvent> listener) {
    return bus.add(name, FtpEvent.class, listener);
  }

  /** Registers a listener for events of one type: see {@link AsyncFtpSession#on(String, Class, Consumer)}. */
  public <E extends FtpEvent> Subscription on(String name, Class<E> type, Consumer<? super E> listener) {
    return bus.add(name, type, listener);
  }

  /**
   * Closes all sessions and waits until their last events were delivered, ten seconds at most; does not wait when called by a
   * listener.
   */
  @Override
  public void close() {
    closed = true;
    List<AsyncFtpSession> open = sessions();
    open.forEach(AsyncFtpSession::close);
    if (open.stream().anyMatch(AsyncFtpSession::isDelivering)) {
      return;
    }
    CompletableFuture<?> all =
        CompletableFuture.allOf(open.stream().map(AsyncFtpSession::ended).toArray(CompletableFuture[]::new));
    try {
      all.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.warn("not all sessions ended within {}: a listener is still running", PATIENCE, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

}
