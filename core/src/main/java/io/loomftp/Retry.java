package io.loomftp;

import io.loomftp.internal.retry.Backoff;
import java.time.Duration;
import java.util.Optional;

/**
 * How often and how long a transfer is retried after a transient failure: the server was busy (421, 425, 426, 450, 451), no
 * connection could be established, a timeout expired, the connection was lost or the data truncated. Permanent failures are
 * never retried: refused logins (530), refused paths (55x), a full disk (452, 552), local failures, and what the caller
 * aborted.
 *
 * <p>Retries use exponential backoff: the pause before the second attempt is {@code firstPause} and doubles up to {@code
 * longestPause}; a random jitter shortens each by up to a half, so that many clients do not return at the same moment. No
 * attempt begins after {@code total}; one that is running then is not ended (see {@link Timeouts#operation()}).
 *
 * @param attempts with the first, at least 1
 * @param total for all attempts and pauses, from the start of the first
 * @param firstPause before the second attempt
 * @param longestPause between any two
 */
public record Retry(int attempts, Duration total, Duration firstPause, Duration longestPause) {
  private static final int NO_ROOM = 452;

  /** Checks that the number and the duration of attempts are bounded. */
  public Retry {
    if (attempts < 1) {
      throw new IllegalArgumentException("at least one attempt, not " + attempts);
    }
    if (total.isNegative() || firstPause.isNegative() || longestPause.compareTo(firstPause) < 0) {
      throw new IllegalArgumentException(
          "no bounds for retrying: total " + total + ", pauses from " + firstPause + " to " + longestPause);
    }
  }

  /** One attempt. */
  public static Retry none() {
    return new Retry(1, Duration.ZERO, Duration.ZERO, Duration.ZERO);
  }

  /** Five attempts within ten minutes, pauses from one second to one minute. */
  public static Retry standard() {
    return new Retry(5, Duration.ofMinutes(10), Duration.ofSeconds(1), Duration.ofMinutes(1));
  }

  /** A copy with another number of attempts, the first included. */
  public Retry withAttempts(int attempts) {
    return new Retry(attempts, total, firstPause, longestPause);
  }

  /**
   * Whether a failure is transient: the same call may succeed later. For those who repeat a piece of work of their own.
   *
   * @param failure of a verb, a connect or a login
   */
  public static boolean isTransient(FtpException failure) {
    if (failure instanceof FtpLocalException || failure.kind() == ErrorKind.ABORTED) {
      return false;
    }
    Optional<Reply> reply =
        switch (failure) {
          case FtpReplyException refused -> Optional.of(refused.reply());
          case FtpTransferException broken -> broken.reply();
          default -> Optional.empty();
        };
    if (reply.isPresent() && reply.get().isError()) {
      return reply.get().isTransientError() && reply.get().code() != NO_ROOM && failure.kind() != ErrorKind.NOT_FOUND;
    }
    return switch (failure.kind()) {
      case BUSY, CONNECT, TIMEOUT, CLOSED, TRUNCATED, CHANGED, IN_DOUBT -> true;
      default -> false;
    };
  }

  /**
   * The pause before the next attempt, with jitter; empty when there is none.
   *
   * @param failures the attempts that failed so far, at least 1
   * @param spent the time since the start of the first
   */
  public Optional<Duration> pauseAfter(int failures, Duration spent) {
    Duration pause = new Backoff(firstPause, longestPause).pause(failures);
    return failures < attempts && spent.plus(pause).compareTo(total) <= 0 ? Optional.of(pause) : Optional.empty();
  }
}
