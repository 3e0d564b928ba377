package io.loomftp.mirror;

import io.loomftp.ErrorKind;
import io.loomftp.FtpTransferException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Bounds how many entries both trees may have together. Safe for use by any thread. */
final class EntryBudget {
  private final long most;
  private final AtomicLong taken = new AtomicLong();

  EntryBudget(long most) {
    this.most = most;
  }

  /**
   * Counts entries of either side.
   *
   * @throws FtpTransferException of the kind {@link ErrorKind#LIMIT} when there are too many
   */
  void take(long entries) throws FtpTransferException {
    if (taken.addAndGet(entries) > most) {
      throw new FtpTransferException(
          "planning the mirror failed: both trees together have more than " + most
              + " entries; raise the limit with Mirror.entries",
          null, 0, ErrorKind.LIMIT, true, List.of(), null);
    }
  }

  /** Takes back what an attempt counted that is repeated. */
  void giveBack(long entries) {
    taken.addAndGet(-entries);
  }
}
