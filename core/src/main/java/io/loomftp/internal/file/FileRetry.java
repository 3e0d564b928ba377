package io.loomftp.internal.file;

import io.loomftp.ErrorKind;
import io.loomftp.FtpException;
import io.loomftp.FtpLocalException;
import io.loomftp.FtpReplyException;
import io.loomftp.FtpTransferException;
import io.loomftp.Reply;
import io.loomftp.Retry;
import io.loomftp.internal.retry.Backoff;
import io.loomftp.internal.retry.RetryPolicy;
import java.util.Optional;

/** Decides which failures of a transfer are retried, and converts {@link Retry} to a {@link RetryPolicy}. */
public final class FileRetry {
  private static final int NO_ROOM = 452;

  private FileRetry() {}

  /** The policy for one transfer. */
  public static RetryPolicy policy(Retry retry) {
    return new RetryPolicy(retry.attempts(), retry.total(), new Backoff(retry.firstPause(), retry.longestPause()));
  }

  /** Whether the same call may succeed later. */
  public static boolean mayPass(FtpException failure) {
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
}
