package io.loomftp.async;

import io.loomftp.ErrorKind;
import io.loomftp.Ftp;
import io.loomftp.FtpClosedException;
import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.FtpSession;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The command that runs, and the core's session that it uses. Other threads abort it here: this command, and never the one
 * behind it.
 */
final class RunningCommand {
  private static final Logger LOG = LoggerFactory.getLogger(RunningCommand.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private final String abortThread;

  /** Held while another thread aborts the running command, so that the next one is never aborted. */
  private final ReentrantLock lock = new ReentrantLock();

  private volatile @Nullable Thread thread;
  private volatile @Nullable Operation<?> operation;
  private volatile boolean dialing;
  private volatile @Nullable FtpSession session;
  private volatile boolean closing;

  /**
   * No command yet.
   *
   * @param abortThread the name of threads that abort one
   */
  RunningCommand(String abortThread) {
    this.abortThread = abortThread;
  }

  /** The core's session; null while there is none. */
  @Nullable
  FtpSession session() {
    return session;
  }

  // --- the session thread ---

  /** Begins a command, on the present thread. */
  void begin(Operation<?> next) {
    lock.lock();
    try {
      thread = Thread.currentThread();
      operation = next;
    } finally {
      lock.unlock();
    }
  }

  /** Ends it: no abort reaches it, or its thread, from now on. */
  void end() {
    lock.lock();
    try {
      operation = null;
      boolean interruptedLate = Thread.interrupted(); // by the abort of this command
      LOG.trace("a command has ended, interrupted: {}", interruptedLate);
    } finally {
      lock.unlock();
    }
  }

  /** Connects for the running command. */
  FtpSession dial(FtpConfig config) throws FtpException {
    Operation<?> dialer = operation;
    lock.lock();
    try {
      dialing = dialer != null && !dialer.isCancelled();
    } finally {
      lock.unlock();
    }
    FtpSession fresh = null;
    boolean interrupted;
    try {
      fresh = dialing ? Ftp.connect(config) : null;
    } finally {
      lock.lock();
      try {
        dialing = false;
        interrupted = Thread.interrupted() || dialer == null || dialer.isCancelled();
        session = interrupted ? null : fresh;
      } finally {
        lock.unlock();
      }
    }
    if (fresh == null || interrupted) {
      if (fresh != null) {
        fresh.close();
      }
      throw new FtpClosedException("connecting was aborted", ErrorKind.ABORTED, List.of(), null);
    }
    return fresh;
  }

  /** Closes the session and forgets it. */
  void hangUp() {
    FtpSession open = session;
    session = null;
    if (open != null) {
      open.close();
    }
  }

  // --- any thread ---

  /** Aborts a command if it is the one that runs, again and again until it has ended. Does not wait. */
  void abort(Operation<?> unwanted) {
    if (unwanted.equals(operation)) {
      Thread.ofVirtual().name(abortThread).start(() -> abortUntilEnded(unwanted));
    }
  }

  /** Repeated, since a transfer can be aborted only after it has begun. */
  private void abortUntilEnded(Operation<?> unwanted) {
    Duration pause = FIRST_PAUSE;
    try {
      while (unwanted.equals(operation)) {
        lock.lock();
        try {
          FtpSession open = session;
          if (unwanted.equals(operation) && dialing) {
            interrupt();
          } else if (unwanted.equals(operation) && open != null && !closing) {
            open.abort();
          }
        } finally {
          lock.unlock();
        }
        TimeUnit.NANOSECONDS.sleep(pause.toNanos());
        unwanted.interruptUsers(); // a stream of the user that waits, of which the core knows nothing
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the running command with its connection, and passes it on before; leaves an idle session alone. */
  void cutOff(Consumer<Operation<?>> before) {
    FtpSession open;
    lock.lock();
    try {
      Operation<?> last = operation;
      if (last == null) {
        return;
      }
      closing = true;
      before.accept(last);
      abort(last);
      if (dialing) {
        interrupt();
        return;
      }
      open = session;
    } finally {
      lock.unlock();
    }
    if (open != null) {
      open.close();
    }
  }

  private void interrupt() {
    Thread known = thread;
    if (known != null) {
      known.interrupt();
    }
  }
}
