package io.loomftp.internal.file;

import io.loomftp.ErrorKind;
import io.loomftp.FtpException;
import io.loomftp.FtpLocalException;
import io.loomftp.FtpReplyException;
import io.loomftp.FtpTransferException;
import io.loomftp.Reply;
import io.loomftp.Retry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Which failures may pass by themselves, and how long to wait for that. */
final class Patience {
  private static final int NO_ROOM = 452;
  private static final int LAST_DOUBLING = 30;

  private Patience() {}

  /** Whether the same call may succeed later. */
  static boolean mayPass(FtpException failure) {
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
      case BUSY, CONNECT, TIMEOUT, CLOSED, TRUNCATED, IN_DOUBT -> true;
      default -> false;
    };
  }

  /** The pause after so many attempts: twice as long each time, and shortened by chance by up to a half. */
  static Duration pauseAfter(int attempts, Retry retry) {
    int doublings = Math.min(attempts - 1, LAST_DOUBLING);
    long longest = retry.longestPause().toNanos();
    double full = Math.min((double) longest, retry.firstPause().toNanos() * Math.pow(2, doublings));
    return Duration.ofNanos((long) (full * (1 - ThreadLocalRandom.current().nextDouble() / 2)));
  }
}
