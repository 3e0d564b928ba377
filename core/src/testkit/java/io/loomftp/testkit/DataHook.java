package io.loomftp.testkit;

import java.io.IOException;

/** Is called by a scripted server while it sends or receives a file, and may change its files then. */
@FunctionalInterface
public interface DataHook {
  /** Where in a transfer the server is. */
  enum Moment {
    /** Before the next block is sent, or after one was received; the first time before any byte. */
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
