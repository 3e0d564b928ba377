package io.loomftp.internal.file;

import io.loomftp.internal.net.StallException;
import io.loomftp.internal.net.StallGuard;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the calls of the local source or sink. A blocked read of the caller's stream has no timeout of its own, so when it
 * lasts too long the transfer is aborted at once and the thread is interrupted to end the call.
 */
final class LocalStallGuard {
  private final @Nullable Duration bound;
  private final Runnable abort;
  private final StallGuard guard = new StallGuard(this::expired);
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private @Nullable Thread inside;
  private boolean stalled;

  /**
   * A guard for one transfer.
   *
   * @param bound of one call, if there is one
   * @param abort aborts the transfer, from any thread
   */
  LocalStallGuard(Optional<Duration> bound, Runnable abort) {
    this.bound = bound.orElse(null);
    this.abort = abort;
  }

  /** Runs a call of the source or sink. */
  <T> T watch(StallGuard.Call<T> call) throws LocalFailure {
    Duration most = bound;
    try {
      if (most == null) {
        return call.run();
      }
      enter();
      T result;
      try {
        result = guard.within(most, call);
      } finally {
        leave();
      }
      if (isStalled()) {
        throw new StallException(most, null);
      }
      return result;
    } catch (IOException e) {
      throw new LocalFailure(e, isStalled() || e instanceof StallException);
    }
  }

  private void enter() {
    lock.lock();
    try {
      inside = Thread.currentThread();
    } finally {
      lock.unlock();
    }
  }

  /** Clears the interrupt that was meant for the call alone. */
  private void leave() {
    lock.lock();
    try {
      inside = null;
      if (stalled) {
        Thread.interrupted();
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isStalled() {
    lock.lock();
    try {
      return stalled;
    } finally {
      lock.unlock();
    }
  }

  private void expired() {
    boolean mine;
    lock.lock();
    try {
      Thread thread = inside;
      mine = thread != null;
      if (thread != null) {
        stalled = true;
        thread.interrupt();
      }
    } finally {
      lock.unlock();
    }
    if (mine) {
      abort.run();
    }
  }
}
