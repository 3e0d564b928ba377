package io.loomftp.async;

import io.loomftp.ErrorKind;
import io.loomftp.Ftp;
import io.loomftp.FtpClosedException;
import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.FtpSession;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the commands of a session, one at a time and in the order posted, on the thread {@code ftp-session-N}. Only this
 * thread uses the core's session, except for aborting, and it runs no code of the user.
 */
final class SessionLoop {
  private static final Logger LOG = LoggerFactory.getLogger(SessionLoop.class);
  private static final AtomicLong NUMBERS = new AtomicLong();

  /** The number of undelivered events up to which the next command is begun. */
  private static final int MOST_WAITING = 1024;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private final String alias;
  private final long number = NUMBERS.incrementAndGet();
  private final SessionMonitor monitor;
  private final EventLoop events;
  private final ProtocolListener protocol;
  private final CompletableFuture<Void> end = new CompletableFuture<>();

  private volatile Runnable beforeEnd = () -> {};

  /** Guarded by the monitor's lock. */
  private final ArrayDeque<Operation<?>> commands = new ArrayDeque<>();

  private @Nullable Thread thread;
  private volatile @Nullable Throwable closing;
  private volatile @Nullable Throwable over;

  /** Held while another thread aborts the running command, so that the next one is never aborted. */
  private final ReentrantLock stopping = new ReentrantLock();

  private volatile @Nullable Operation<?> running;
  private volatile boolean dialing;
  private volatile @Nullable FtpSession session;

  private volatile FtpConfig config;
  private boolean connected;
  private boolean quit;
  private boolean farewell;

  SessionLoop(String alias, FtpConfig config, SessionMonitor monitor, EventLoop events) {
    this.alias = alias;
    this.monitor = monitor;
    this.events = events;
    this.protocol = new ProtocolListener(config.listener());
    this.config = config.toBuilder().listener(protocol).build();
  }

  String alias() {
    return alias;
  }

  EventLoop events() {
    return events;
  }

  SessionMonitor monitor() {
    return monitor;
  }

  /** The settings in force. */
  FtpConfig config() {
    return config;
  }

  /** Completes when the last event was delivered. */
  CompletableFuture<Void> end() {
    return end;
  }

  /** Sets an action to run just before {@link #end()} completes. */
  void beforeEnd(Runnable action) {
    beforeEnd = action;
  }

  private void ended() {
    beforeEnd.run();
    end.complete(null);
  }

  boolean isClosing() {
    return closing != null;
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
    monitor.lock();
    try {
      reason = over != null ? over : closing;
      if (reason == null) {
        commands.add(operation);
        startOnce();
        monitor.signal();
      }
    } finally {
      monitor.unlock();
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
    monitor.change(() -> {});
    if (operation.equals(running)) {
      Thread.ofVirtual().name("ftp-abort-" + number + " (" + alias + ")").start(() -> stopRunning(operation));
    }
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
          } else if (operation.equals(running) && open != null) {
            open.abort();
          }
        } finally {
          stopping.unlock();
        }
        if (monitor.await(() -> !operation.equals(running), pause)) {
          return;
        }
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

  /** Ends the session; outstanding commands fail with this reason. Called by any thread; does not wait. */
  void close(String why) {
    FtpSession open = session;
    List<String> transcript = open == null ? List.of() : open.transcript();
    boolean started;
    monitor.lock();
    try {
      if (closing != null || over != null) {
        return;
      }
      closing = new FtpClosedException(why, ErrorKind.CLOSED, transcript, null);
      started = thread != null;
      over = started ? null : closing;
      monitor.signal();
    } finally {
      monitor.unlock();
    }
    if (!started) {
      ended();
      return;
    }
    stopping.lock();
    try {
      if (dialing) {
        interrupt();
        return;
      }
      open = running == null ? null : session;
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
      for (Operation<?> next = next(); next != null && reason == null; next = reason == null ? next() : null) {
        execute(next);
        reason = lost(next);
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
    while (true) {
      Operation<?> next;
      monitor.lock();
      try {
        monitor.await(() -> isClosing() || (!commands.isEmpty() && events.waiting() < MOST_WAITING));
        next = isClosing() ? null : commands.poll();
      } finally {
        monitor.unlock();
      }
      if (next == null || !next.isCancelled()) {
        return next;
      }
      Operation<?> skipped = next;
      var reason = new FtpClosedException("aborted before it began", ErrorKind.ABORTED, List.of(), null);
      events.add(new EventLoop.Announce(() -> null, () -> skipped.dropped(reason)));
    }
  }

  private <T> void execute(Operation<T> operation) {
    stopping.lock();
    try {
      running = operation;
    } finally {
      stopping.unlock();
    }
    protocol.follow(operation);
    try {
      operation.ended(operation.run());
    } catch (Exception | Error e) {
      operation.ended(e);
    } finally {
      protocol.follow(null);
      stopping.lock();
      try {
        running = null;
      } finally {
        stopping.unlock();
      }
    }
    events.add(new EventLoop.Announce(operation::endEvent, operation::finish));
  }

  /** The reason for which the session ends after this command; null if it continues. */
  private @Nullable Throwable lost(Operation<?> last) {
    FtpSession open = session;
    if (quit) {
      Throwable trouble = last.trouble();
      return trouble == null ? new FtpClosedException("the session was ended by quit", ErrorKind.CLOSED, List.of(), null)
          : trouble;
    }
    if (open == null || open.isOpen()) {
      return null;
    }
    Throwable asked = closing;
    Throwable trouble = last.trouble();
    if (asked != null) {
      return asked;
    }
    return trouble != null
        ? trouble
        : new FtpClosedException("the connection was lost", ErrorKind.CLOSED, open.transcript(), null);
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
    List<Operation<?>> outstanding = new ArrayList<>();
    monitor.change(
        () -> {
          over = reason;
          outstanding.addAll(commands);
          commands.clear();
        });
    if (connected && !farewell) {
      events.announce(new FtpEvent.Closed(alias, reason));
    }
    events.add(new EventLoop.Announce(() -> null, () -> outstanding.forEach(operation -> operation.dropped(reason))));
    events.add(new EventLoop.Last(this::ended));
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
