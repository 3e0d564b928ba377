package io.loomftp.pool;

import io.loomftp.FtpException;
import io.loomftp.Retry;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;

/** Counts the attempts at one transfer, whichever of its parts they are for. Guarded by its owner. */
final class Attempts {
  private static final int MOST_DOUBLINGS = 20;

  private final Retry retry;
  private final long begin = System.nanoTime();
  private int count = 1;

  Attempts(Retry retry) {
    this.retry = retry;
  }

  /** How many there were, the present one included. */
  int count() {
    return count;
  }

  /** After how many nanoseconds there may be another, which counts from now on; empty for not at all. */
  OptionalLong another(FtpException failure) {
    if (!mayPass(failure) || count >= retry.attempts() || System.nanoTime() - begin > retry.total().toNanos()) {
      return OptionalLong.empty();
    }
    double doubled = retry.firstPause().toNanos() * Math.pow(2, Math.min(count - 1, MOST_DOUBLINGS));
    long pause = Math.min(retry.longestPause().toNanos(), (long) doubled);
    count++;
    return OptionalLong.of(pause - ThreadLocalRandom.current().nextLong(pause / 2 + 1));
  }

  private static boolean mayPass(FtpException failure) {
    return switch (failure.kind()) {
      case BUSY, CONNECT, TIMEOUT, CLOSED, TRUNCATED, IN_DOUBT -> true;
      default -> false;
    };
  }
}
