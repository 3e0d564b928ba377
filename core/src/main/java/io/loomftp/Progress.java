package io.loomftp;

import java.util.OptionalLong;

/** Is told how far a transfer has come, on the thread that uses the session. What it throws calls the transfer off. */
@FunctionalInterface
public interface Progress {
  /** Tells nobody. */
  Progress NONE = (bytes, total) -> {};

  /**
   * Called after each block and once at the end.
   *
   * @param bytes moved so far, counted from the start of the file
   * @param total size of the whole, where it is known
   */
  void moved(long bytes, OptionalLong total);
}
