package io.loomftp;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Receives the progress of a transfer, on the thread that uses the session: with the first data, then at most once in
 * {@link TransferOptions#progressEvery(Duration)}, and once at the end of the data. The transfer is aborted when it throws.
 */
@FunctionalInterface
public interface Progress {
  /** Ignores the progress. */
  Progress NONE = state -> {};

  /** Called with the present state. */
  void moved(State state);

  /**
   * The progress of a transfer.
   *
   * @param bytes present of the file, including those that were present before a resumed transfer began
   * @param total size of the whole, where it is known
   * @param bytesPerSecond over about the last three seconds; 0 before that is known
   * @param remaining until the end at that rate, where total and rate are known
   */
  record State(long bytes, OptionalLong total, double bytesPerSecond, Optional<Duration> remaining) {}
}
