package io.loomftp.internal.file;

import io.loomftp.internal.net.StallException;
import io.loomftp.internal.net.StallGuard;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Watches the calls of the source or sink on this side. A blocked read of somebody else's stream cannot be given a bound; so
 * when it lasts too long the transfer is called off at once, and the thread is interrupted to bring the call to an end.
 */
final class LocalStallGuard {
  private final @Nullable Duration bound;
  private final Runnable callOff;
  private final StallGuard guard = new StallGuard(this::expired);
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private @Nullable Thread inside;
  private boolean stalled;

  /**
   * For one transfer.
   *
   * @param bound of one call, if there is one
   * @param callOff ends the transfer, from any thread
   */
  LocalStallGuard(Optional<Duration> bound, Runnable callOff) {
    this.bound = bound.orElse(null);
    this.callOff = callOff;
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

  /** The interrupt that was to end the call must not hit anything else. */
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
      callOff.run();
    }
  }
}
