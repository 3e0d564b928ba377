package io.loomftp.internal.file;

import io.loomftp.FtpException;
import io.loomftp.TransferOptions;
import io.loomftp.internal.net.StallException;
import io.loomftp.internal.net.StallGuard;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Enforces a minimum rate of the network. Only the time during which a call waits for the network counts; in each period of
 * it the minimum must be moved.
 */
final class MinimumRate {
  private final TransferOptions.@Nullable Slowest least;
  private final StallGuard guard;
  private long waited;
  private long moved;

  /**
   * The minimum rate of one transfer.
   *
   * @param abort aborts the transfer, from any thread
   */
  MinimumRate(TransferOptions.@Nullable Slowest least, Runnable abort) {
    this.least = least;
    this.guard = new StallGuard(abort::run);
  }

  /** The transfer was too slow and is aborted. */
  static final class TooSlow extends Exception {
    private static final long serialVersionUID = 1L;

    TooSlow(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** A call that moves bytes and returns how many, negative at the end. */
  @FunctionalInterface
  interface Moving {
    int move() throws FtpException;
  }

  /** Runs a call and measures its time. */
  int watch(Moving call) throws FtpException, TooSlow {
    TransferOptions.Slowest wanted = least;
    if (wanted == null) {
      return call.move();
    }
    long over = wanted.over().toNanos();
    long left = over - waited + (isEnough(wanted) ? over : 0);
    long start = System.nanoTime();
    int n;
    try {
      n = guard.within(Duration.ofNanos(Math.max(1, left)), call::move);
    } catch (StallException e) {
      throw new TooSlow(message(wanted), e.getCause());
    } catch (FtpException e) {
      throw e;
    } catch (IOException e) {
      throw new IllegalStateException(e); // the call throws nothing else
    }
    waited += System.nanoTime() - start;
    moved += Math.max(0, n);
    if (waited >= over && n >= 0) {
      if (!isEnough(wanted)) {
        throw new TooSlow(message(wanted), null);
      }
      waited = 0;
      moved = 0;
    }
    return n;
  }

  private boolean isEnough(TransferOptions.Slowest wanted) {
    return moved >= wanted.bytesPerSecond() * (wanted.over().toNanos() / 1e9);
  }

  private String message(TransferOptions.Slowest wanted) {
    return "slower than " + wanted.bytesPerSecond() + " bytes/s: " + moved + " bytes were moved in " + wanted.over()
        + " of waiting for the network";
  }
}
