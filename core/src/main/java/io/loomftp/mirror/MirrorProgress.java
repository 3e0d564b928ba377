package io.loomftp.mirror;

import java.time.Duration;
import java.util.Optional;

/**
 * Receives the progress of a mirror run. It is called by several threads, one at a time, in order and never under a lock; the
 * session that calls it waits, so it should be quick. An exception that it throws ends the run and is thrown by
 * {@code MirrorPlan.apply}.
 */
public interface MirrorProgress {
  /** Ignores the progress. */
  MirrorProgress NONE = new MirrorProgress() {};

  /** Called once for each action that is done or has failed; not for those that the plan skips or refuses. */
  default void finished(MirrorResult result) {}

  /** Called at most five times a second while files are transferred, and once at the end of all transfers. */
  default void moved(State state) {}

  /**
   * How far the transfers are.
   *
   * @param files transferred or failed
   * @param totalFiles to transfer
   * @param bytes moved so far, including those of failed attempts
   * @param totalBytes of all files whose size is known
   * @param bytesPerSecond over the last seconds
   * @param remaining time at that rate; empty while the rate is not known
   */
  record State(
      long files, long totalFiles, long bytes, long totalBytes, double bytesPerSecond, Optional<Duration> remaining) {}
}
