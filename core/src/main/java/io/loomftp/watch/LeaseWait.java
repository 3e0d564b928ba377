package io.loomftp.watch;

import io.loomftp.FtpException;
import io.loomftp.internal.retry.Cancellation;
import io.loomftp.pool.FtpPool;
import io.loomftp.pool.Lease;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Waits for a session of a pool until one is free or the operation is cancelled. The pool ends a wait when its thread is
 * interrupted; so a cancellation interrupts the thread while it is in the pool, and at no other time.
 */
final class LeaseWait {
  private final FtpPool pool;
  private final Cancellation cancellation;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Thread waiting; // guarded by lock, as is what follows
  private boolean interrupted;

  LeaseWait(FtpPool pool, Cancellation cancellation) {
    this.pool = pool;
    this.cancellation = cancellation;
  }

  /** The lease. A session that is free at the moment of the cancellation is returned to the pool. */
  @SuppressWarnings("try") // closed, and not used otherwise
  Lease lease(String path) throws FtpException {
    try (Cancellation.Registration interrupting = cancellation.onCancel(this::interrupt)) {
      enter(path);
      Lease lease;
      try {
        lease = pool.lease();
      } finally {
        leave();
      }
      if (cancellation.isCancelled()) {
        lease.close();
        throw FolderScan.closed(path);
      }
      return lease;
    }
  }

  private void enter(String path) throws FtpException {
    lock.lock();
    try {
      if (cancellation.isCancelled()) {
        throw FolderScan.closed(path);
      }
      waiting = Thread.currentThread();
    } finally {
      lock.unlock();
    }
  }

  private void interrupt() {
    lock.lock();
    try {
      Thread thread = waiting;
      if (thread != null) {
        interrupted = true;
        thread.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  private void leave() {
    lock.lock();
    try {
      waiting = null;
      if (interrupted) {
        Thread.interrupted(); // it was for the pool alone
      }
    } finally {
      lock.unlock();
    }
  }
}
