package io.loomftp.async;

import io.loomftp.Credentials;
import io.loomftp.ErrorKind;
import io.loomftp.FtpClosedException;
import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.FtpSession;
import io.loomftp.Retry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the commands of a session, one at a time and in the order posted, on the thread {@code ftp-session-N}. Only this thread
 * uses the core's session, except for aborting. Code of the user runs on it only where data passes through it: filters,
 * streams, publishers and subscribers.
 */
final class SessionLoop {
  private static final Logger LOG = LoggerFactory.getLogger(SessionLoop.class);
  private static final AtomicLong NUMBERS = new AtomicLong();

  private final String alias;
  private final long number = NUMBERS.incrementAndGet();
  private final EventLoop events;
  private final Completions completions;
  private final ProtocolListener protocol;
  private final FtpFuture<Void> end;
  private volatile Runnable beforeEnd = () -> {};

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final CommandQueue commands; // guarded by lock, as is what follows
  private @Nullable Thread thread;
  private volatile @Nullable Throwable closing;
  private volatile @Nullable Throwable over;
  private boolean hasEnded;

  private final RunningCommand running;

  private volatile FtpConfig config;
  private volatile Retry reconnect = Retry.none();
  private Optional<Credentials> accepted = Optional.empty();
  private boolean connected;
  private boolean quit;
  private boolean farewell;

  SessionLoop(String alias, FtpConfig config, EventLoop events, CommandQueue.Audience audience) {
    this.alias = alias;
    this.events = events;
    this.completions = new Completions("ftp-futures-" + number + " (" + alias + ")");
    this.running = new RunningCommand("ftp-abort-" + number + " (" + alias + ")");
    this.commands = new CommandQueue(events, completions, audience);
    this.protocol = new ProtocolListener(config.listener());
    this.config = config.toBuilder().listener(protocol).build();
    this.end = new FtpFuture<>(this::awaitEnd, () -> {});
  }

  String alias() {
    return alias;
  }

  EventLoop events() {
    return events;
  }

  Completions completions() {
    return completions;
  }

  /** The settings in force. */
  FtpConfig config() {
    return config;
  }

  /** Completes when the last event was delivered. */
  CompletableFuture<Void> end() {
    return end.copy();
  }

  /** Sets an action to run just before {@link #end()} completes. */
  void beforeEnd(Runnable action) {
    beforeEnd = action;
  }

  /** Sets how a lost connection is established again. */
  void reconnect(Retry policy) {
    reconnect = policy;
  }

  private void ended() {
    lock.lock();
    try {
      if (hasEnded) {
        return;
      }
      hasEnded = true;
    } finally {
      lock.unlock();
    }
    beforeEnd.run();
    completions.add(() -> end.succeed(null));
  }

  boolean isClosing() {
    return closing != null;
  }

  /** Whether a command was posted. */
  boolean hasBegun() {
    lock.lock();
    try {
      return thread != null;
    } finally {
      lock.unlock();
    }
  }

  // --- waiting for futures; any thread ---

  /** Lets the thread wait for a future of this session, where that can end. */
  void await(CompletableFuture<?> future, long nanos) throws InterruptedException {
    if (Thread.currentThread() == thread) {
      throw new IllegalStateException(
          "a filter, stream, publisher or subscriber must not wait for a future of its own session: it would wait for itself");
    }
    if (events.isDelivering()) {
      events.await(future, nanos);
    }
  }

  private void awaitEnd(CompletableFuture<?> future, long nanos) throws InterruptedException {
    if (events.isDelivering()) {
      throw new IllegalStateException("a listener cannot wait for the end of its own session: the end comes after it");
    }
    await(future, nanos);
  }

  // --- posting; any thread ---

  /** Puts a command at the end of the queue, and returns its future. */
  <T> FtpFuture<T> post(Operation<T> operation) {
    enqueue(operation);
    return operation.future();
  }

  /** Puts a command at the end of the queue. */
  void enqueue(Operation<?> operation) {
    Throwable reason;
    lock.lock();
    try {
      reason = over != null ? over : closing;
      if (reason == null) {
        reason = commands.add(operation);
      }
      if (reason == null) {
        startOnce();
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
    if (reason != null) {
      operation.dropped(reason);
    }
  }

  private void startOnce() {
    if (thread == null) {
      events.start("ftp-events-" + number + " (" + alias + ")");
      thread = Thread.ofVirtual().name("ftp-session-" + number + " (" + alias + ")").start(this::run);
    }
  }

  /** Aborts a command that runs; one that is queued is skipped. Called by any thread; does not wait. */
  void stop(Operation<?> operation) {
    wake();
    operation.wake();
    running.abort(operation);
  }

  private void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    events.wake();
  }

  /** Ends the session; everything outstanding fails with this reason at once. Called by any thread; does not wait. */
  void close(String why) {
    FtpSession open = running.session();
    Throwable reason = new FtpClosedException(why, ErrorKind.CLOSED, open == null ? List.of() : open.transcript(), null);
    boolean started;
    List<Operation<?>> outstanding;
    lock.lock();
    try {
      if (closing != null || over != null) {
        return;
      }
      closing = reason;
      started = thread != null;
      over = started ? null : closing;
      outstanding = commands.removeAll();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    outstanding.forEach(operation -> operation.dropped(reason));
    if (!started) {
      ended();
      return;
    }
    events.wake();
    running.cutOff(
        last -> {
          completions.add(() -> last.future().fail(reason));
          last.wake();
        });
  }

  // --- the thread ---

  private void run() {
    Throwable reason = null;
    try {
      for (Operation<?> next = next(); next != null; next = reason == null ? next() : null) {
        Throwable trouble = execute(next);
        reason = lost(trouble);
        if (reason != null && !quit && !isClosing() && reconnect.attempts() > 1) {
          reason = reconnected(reason);
        }
      }
    } catch (RuntimeException | Error e) {
      LOG.error("[{}] the session ends", alias, e);
      reason = e;
    } finally {
      finish(reason);
    }
  }

  /** The next command; null when the session is to be closed. */
  private @Nullable Operation<?> next() {
    lock.lock();
    try {
      while (!isClosing()) {
        Operation<?> next = commands.poll(config);
        if (next == null) {
          try {
            LOG.trace("[{}] looks for a command {} ns early", alias, changed.awaitNanos(commands.nanosToNextLook()));
          } catch (InterruptedException e) {
            LOG.trace("[{}] a late abort of the command before", alias);
          }
        } else if (next.isCancelled()) {
          skip(next);
        } else {
          return next;
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private void skip(Operation<?> cancelled) {
    Throwable reason = new FtpClosedException("aborted before it began", ErrorKind.ABORTED, List.of(), null);
    commands.skipped(cancelled, reason);
    cancelled.dropped(reason);
  }

  /** Runs a command; returns its failure. */
  private @Nullable Throwable execute(Operation<?> operation) {
    running.begin(operation);
    protocol.follow(operation);
    try {
      return operation.execute();
    } catch (RuntimeException | Error e) {
      operation.dropped(e);
      throw e;
    } finally {
      protocol.follow(null);
      running.end();
    }
  }

  /** The reason for which the session ends after this command; null if it continues. */
  private @Nullable Throwable lost(@Nullable Throwable trouble) {
    FtpSession open = running.session();
    if (quit) {
      return trouble == null ? new FtpClosedException("the session was ended by quit", ErrorKind.CLOSED, List.of(), null)
          : trouble;
    }
    if (open == null || open.isOpen()) {
      return null;
    }
    Throwable asked = closing;
    if (asked != null) {
      return asked;
    }
    return trouble != null
        ? trouble
        : new FtpClosedException("the connection was lost", ErrorKind.CLOSED, open.transcript(), null);
  }

  /**
   * Connects and logs in again, with backoff, until a {@code quit} waits. Returns null when that succeeded or was left to the
   * {@code quit}, else the reason for which the session ends.
   */
  private @Nullable Throwable reconnected(Throwable lost) {
    Retry policy = reconnect;
    events.announce(new FtpEvent.Closed(alias, lost));
    connected = false;
    running.hangUp();
    loggedOut();
    long start = System.nanoTime();
    Throwable last = lost;
    for (int failures = 1;; failures++) {
      Optional<Duration> pause = policy.pauseAfter(failures, Duration.ofNanos(System.nanoTime() - start));
      if (pause.isEmpty() || !pauseUnlessClosing(pause.get())) {
        return last;
      }
      if (isQuitting()) {
        loggedIn(last);
        return null;
      }
      Throwable trouble = execute(LoginOperation.reconnect(this, accepted));
      FtpSession open = running.session();
      if (trouble == null && open != null && open.isOpen()) {
        return null;
      }
      running.hangUp(); // of a login that was refused
      last = trouble == null ? last : trouble;
      if (isClosing() || last instanceof FtpException refused && !Retry.isTransient(refused)) {
        return last;
      }
    }
  }

  /** Waits, unless the session is closed or quit; returns whether it is not closed. */
  private boolean pauseUnlessClosing(Duration pause) {
    long left = pause.toNanos();
    lock.lock();
    try {
      while (!isClosing() && !commands.hasQuit() && left > 0) {
        commands.removeCancelled().forEach(this::skip);
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      LOG.trace("[{}] a late interrupt", alias);
    } finally {
      lock.unlock();
    }
    return !isClosing();
  }

  private boolean isQuitting() {
    lock.lock();
    try {
      return commands.hasQuit();
    } finally {
      lock.unlock();
    }
  }

  private void finish(@Nullable Throwable lost) {
    Throwable asked = closing;
    Throwable reason =
        lost != null
            ? lost
            : asked != null ? asked : new FtpClosedException("the session has ended", ErrorKind.CLOSED, List.of(), null);
    running.hangUp();
    List<Operation<?>> outstanding;
    lock.lock();
    try {
      over = reason;
      outstanding = commands.removeAll();
    } finally {
      lock.unlock();
    }
    if (connected && !farewell) {
      events.announce(new FtpEvent.Closed(alias, reason));
    }
    outstanding.forEach(operation -> operation.dropped(reason));
    events.last(this::ended);
    events.awaitEnd();
    ended();
  }

  // --- used by commands, on the session thread ---

  /** The session, which is connected. */
  FtpSession open() {
    FtpSession open = running.session();
    if (open == null) {
      throw new IllegalStateException("session '" + alias + "' is not connected: call connect first");
    }
    return open;
  }

  /** The session if there is one. */
  @Nullable
  FtpSession known() {
    return running.session();
  }

  /** Connects for the running command. */
  FtpSession dial() throws FtpException {
    FtpSession fresh = running.dial(config);
    connected = true;
    return fresh;
  }

  private void loggedOut() {
    lock.lock();
    try {
      commands.loggedOut();
    } finally {
      lock.unlock();
    }
  }

  /** Records how connecting or logging in ended, after its event: held commands run, or are held on. */
  void loggedIn(@Nullable Throwable trouble) {
    lock.lock();
    try {
      commands.loggedIn(trouble);
    } finally {
      lock.unlock();
    }
  }

  /** Records with which credentials the server has accepted the user, for connecting again. */
  void accepted(Credentials credentials) {
    accepted = Optional.of(credentials);
  }

  /** Whether the user is logged in. */
  boolean isLoggedIn() {
    lock.lock();
    try {
      return commands.isLoggedIn();
    } finally {
      lock.unlock();
    }
  }

  /** Records that this command ends the session. */
  void leaving() {
    quit = true;
  }

  /** Records that the server confirmed QUIT. */
  void farewell() {
    farewell = true;
  }

  /** Changes the settings. */
  void adjust(UnaryOperator<FtpConfig.Builder> change) {
    config = change.apply(config.toBuilder()).build();
    FtpSession open = running.session();
    if (open != null) {
      open.adopt(config);
    }
  }

  /** A name for logs and messages. */
  @Override
  public String toString() {
    return alias + " (" + config + ")";
  }
}
