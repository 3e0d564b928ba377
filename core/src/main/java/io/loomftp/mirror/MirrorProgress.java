package io.loomftp.mirror;

import io.loomftp.pool.FtpPool;
import java.time.Duration;
import java.util.Optional;

/**
 * Is told how far a mirror has come; by several threads, but by one at a time, and with the sessions waiting: it should be
 * quick. What it throws calls the whole mirror off, and is thrown by {@link MirrorPlan#apply(FtpPool, MirrorProgress)}.
 */
public interface MirrorProgress {
  /** Tells nobody. */
  MirrorProgress NONE = new MirrorProgress() {};

  /** Called once for each action that was done or has failed; not for those that the plan only tells. */
  default void finished(MirrorResult result) {}

  /** Called five times in a second at most while files are moved, and once at the end of all transfers. */
  default void moved(State state) {}

  /**
   * How far it is.
   *
   * @param files that were transferred or have failed
   * @param totalFiles that are to be transferred
   * @param bytes moved so far, what was moved in vain included
   * @param totalBytes of all files, as far as their sizes are known
   * @param bytesPerSecond over the whole time
   * @param remaining time, judged by the rate; empty while there is none
   */
  record State(
      long files, long totalFiles, long bytes, long totalBytes, double bytesPerSecond, Optional<Duration> remaining) {}
}
