package io.loomftp.internal.control;

/** Waits for permits to open sessions with, and is notified when there may be one. */
public interface PermitClient {
  /** There may be a permit now; called without the lock of the permits. */
  void permitsMayBeFree();

  /** Closes a session that nobody uses, so that others get its permit; called on a thread of its own. */
  void closeIdle();
}
