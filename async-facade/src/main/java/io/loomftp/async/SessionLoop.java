package io.loomftp.async;

import io.loomftp.ErrorKind;
import io.loomftp.Ftp;
import io.loomftp.FtpClosedException;
import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.FtpSession;
import io.loomftp.Retry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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

  private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

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

  /** Held while another thread aborts the running command, so that the next one is never aborted. */
  private final ReentrantLock stopping = new ReentrantLock();

  private volatile @Nullable Operation<?> running;
  private volatile boolean dialing;
  private volatile @Nullable FtpSession session;

  private volatile FtpConfig config;
  private volatile Retry reconnect = Retry.none();
  private boolean connected;
  private boolean quit;
  private boolean farewell;

  SessionLoop(String alias, FtpConfig config, EventLoop events, CommandQueue.Audience audience) {
    this.alias = alias;
    this.events = events;
    this.completions = new Completions("ftp-futures-" + number + " (" + alias + ")");
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
    if (operation.equals(running)) {
      startAbort(operation);
    }
  }

  private void startAbort(Operation<?> operation) {
    Thread.ofVirtual().name("ftp-abort-" + number + " (" + alias + ")").start(() -> stopRunning(operation));
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

  /** Aborts it again until it has ended, since a transfer can be aborted only after it has begun. */
  private void stopRunning(Operation<?> operation) {
    Duration pause = FIRST_PAUSE;
    try {
      while (operation.equals(running)) {
        stopping.lock();
        try {
          FtpSession open = session;
          if (operation.equals(running) && dialing) {
            interrupt();
          } else if (operation.equals(running) && open != null && !isClosing()) {
            open.abort();
          }
        } finally {
          stopping.unlock();
        }
        TimeUnit.NANOSECONDS.sleep(pause.toNanos());
        operation.interruptUsers(); // a stream of the user that waits, of which the core knows nothing
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void interrupt() {
    Thread known = thread;
    if (known != null) {
      known.interrupt();
    }
  }

  /** Ends the session; everything outstanding fails with this reason at once. Called by any thread; does not wait. */
  void close(String why) {
    FtpSession open = session;
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
    stopping.lock();
    try {
      Operation<?> last = running;
      if (last != null) {
        completions.add(() -> last.future().fail(reason));
        last.wake();
        startAbort(last);
      }
      if (dialing) {
        interrupt();
        return;
      }
      open = last == null ? null : session;
    } finally {
      stopping.unlock();
    }
    if (open != null) {
      open.close();
    }
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
          Throwable reason = new FtpClosedException("aborted before it began", ErrorKind.ABORTED, List.of(), null);
          commands.skipped(next, reason);
          next.dropped(reason);
        } else {
          return next;
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Runs a command; returns its failure. */
  private @Nullable Throwable execute(Operation<?> operation) {
    stopping.lock();
    try {
      running = operation;
    } finally {
      stopping.unlock();
    }
    protocol.follow(operation);
    try {
      return operation.execute();
    } catch (RuntimeException | Error e) {
      operation.dropped(e);
      throw e;
    } finally {
      protocol.follow(null);
      stopping.lock();
      try {
        running = null;
        boolean interruptedLate = Thread.interrupted(); // by the abort of this command
        LOG.trace("[{}] {} has ended, interrupted: {}", alias, operation.name(), interruptedLate);
      } finally {
        stopping.unlock();
      }
    }
  }

  /** The reason for which the session ends after this command; null if it continues. */
  private @Nullable Throwable lost(@Nullable Throwable trouble) {
    FtpSession open = session;
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

  /** Connects and logs in again, with backoff; returns null when that succeeded, else the reason for which the session ends. */
  private @Nullable Throwable reconnected(Throwable lost) {
    Retry policy = reconnect;
    events.announce(new FtpEvent.Closed(alias, lost));
    connected = false;
    session = null;
    loggedOut();
    long start = System.nanoTime();
    Duration pause = policy.firstPause();
    Throwable last = lost;
    for (int attempt = 1; attempt < policy.attempts(); attempt++) {
      if (!pauseUnlessClosing(pause) || System.nanoTime() - start > policy.total().toNanos()) {
        return last;
      }
      Throwable trouble = execute(LoginOperation.connect(this));
      FtpSession open = session;
      if (trouble == null && open != null && open.isOpen()) {
        return null;
      }
      last = trouble == null ? last : trouble;
      session = null;
      pause = pause.multipliedBy(2).compareTo(policy.longestPause()) < 0 ? pause.multipliedBy(2) : policy.longestPause();
    }
    return last;
  }

  private boolean pauseUnlessClosing(Duration pause) {
    long left = pause.toNanos();
    lock.lock();
    try {
      while (!isClosing() && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      LOG.trace("[{}] a late interrupt", alias);
    } finally {
      lock.unlock();
    }
    return !isClosing();
  }

  private void finish(@Nullable Throwable lost) {
    Throwable asked = closing;
    Throwable reason =
        lost != null
            ? lost
            : asked != null ? asked : new FtpClosedException("the session has ended", ErrorKind.CLOSED, List.of(), null);
    FtpSession open = session;
    if (open != null) {
      open.close();
    }
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
    FtpSession open = session;
    if (open == null) {
      throw new IllegalStateException("session '" + alias + "' is not connected: call connect first");
    }
    return open;
  }

  /** The session if there is one. */
  @Nullable
  FtpSession known() {
    return session;
  }

  /** Connects. */
  FtpSession dial(Operation<?> operation) throws FtpException {
    stopping.lock();
    try {
      dialing = !operation.isCancelled();
    } finally {
      stopping.unlock();
    }
    FtpSession fresh = null;
    boolean interrupted;
    try {
      fresh = dialing ? Ftp.connect(config) : null;
    } finally {
      stopping.lock();
      try {
        dialing = false;
        interrupted = Thread.interrupted() || operation.isCancelled();
        session = interrupted ? null : fresh;
      } finally {
        stopping.unlock();
      }
    }
    if (fresh == null || interrupted) {
      if (fresh != null) {
        fresh.close();
      }
      throw new FtpClosedException("connecting was aborted", ErrorKind.ABORTED, List.of(), null);
    }
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
    FtpSession open = session;
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
