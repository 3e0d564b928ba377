package io.loomftp.internal.file;

import io.loomftp.Retry;
import io.loomftp.internal.retry.Backoff;
import io.loomftp.internal.retry.RetryPolicy;

/** Converts {@link Retry} to a {@link RetryPolicy}. */
public final class FileRetry {
  private FileRetry() {}

  /** The policy for one transfer. */
  public static RetryPolicy policy(Retry retry) {
    return new RetryPolicy(retry.attempts(), retry.total(), new Backoff(retry.firstPause(), retry.longestPause()));
  }
}
