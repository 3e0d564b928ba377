package io.loomftp.internal.file;

import java.io.IOException;

/**
 * The source or sink on this side failed, or took too long: not yet what the caller is told, since the transfer still runs.
 */
final class LocalFailure extends Exception {
  private static final long serialVersionUID = 1L;

  /** What it threw. */
  final IOException reason;

  /** Whether it took too long. */
  final boolean stalled;

  LocalFailure(IOException reason, boolean stalled) {
    super(reason);
    this.reason = reason;
    this.stalled = stalled;
  }
}
