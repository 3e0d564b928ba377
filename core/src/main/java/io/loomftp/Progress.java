package io.loomftp;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Is told how far a transfer has come, on the thread that uses the session: with the first data, then at most once in
 * {@link TransferOptions#progressEvery(Duration)}, and once at the end of the data. What it throws calls the transfer off.
 */
@FunctionalInterface
public interface Progress {
  /** Tells nobody. */
  Progress NONE = state -> {};

  /** How far it is now. */
  void moved(State state);

  /**
   * How far a transfer is.
   *
   * @param bytes of the file that are there now, with those that were there before a resumed transfer began
   * @param total size of the whole, where it is known
   * @param bytesPerSecond of late, over about three seconds; 0 before that can be said
   * @param remaining until the end at that rate, where total and rate are known
   */
  record State(long bytes, OptionalLong total, double bytesPerSecond, Optional<Duration> remaining) {}
}
