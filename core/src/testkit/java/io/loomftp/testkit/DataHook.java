package io.loomftp.testkit;

import java.io.IOException;

/** Called by a scripted server while it sends or receives a file; may change its files. */
@FunctionalInterface
public interface DataHook {
  /** The moment in a transfer. */
  enum Moment {
    /** Before a block is sent or after one was received; first before any byte. */
    DATA,
    /** The data connection is closed, the final reply not yet sent. */
    REPLY
  }

  /**
   * Runs on the thread that moves the data; an exception ends the transfer with 426.
   *
   * @param bytes moved so far by this transfer
   */
  void at(Conversation c, Moment moment, long bytes) throws IOException, InterruptedException;
}
