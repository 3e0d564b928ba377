package io.loomftp.mirror;

import io.loomftp.internal.retry.Backoff;
import io.loomftp.internal.retry.RetryPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A folder that is compared. */
final class PlannedFolder {
  /** The pool paces connections, so there is no pause of its own. */
  private static final RetryPolicy RETRY =
      new RetryPolicy(4, Duration.ofHours(1), new Backoff(Duration.ZERO, Duration.ZERO));

  final @Nullable PlannedFolder parent;
  final String path;
  final int depth;
  /** Whether the destination has no such folder. */
  volatile boolean missing;
  /** Whether making it is planned; guarded by the plan builder's lock. */
  boolean makePlanned;
  private final RetryPolicy.Attempts attempts = RETRY.begin();

  PlannedFolder(@Nullable PlannedFolder parent, String path, int depth, boolean missing) {
    this.parent = parent;
    this.path = path;
    this.depth = depth;
    this.missing = missing;
  }

  static PlannedFolder root() {
    return new PlannedFolder(null, "", 0, false);
  }

  boolean isRoot() {
    return parent == null;
  }

  /** The path of an entry in this folder. */
  String pathOf(String name) {
    return path.isEmpty() ? name : path + "/" + name;
  }

  /** Counts an attempt that failed; called by one thread at a time. */
  boolean mayBeRetried() {
    return attempts.next().isPresent();
  }

  /** The number of the present attempt. */
  int attempt() {
    return attempts.count();
  }
}
