package io.loomftp.internal.control;

/** Waits for permits to open sessions with, and is notified when there may be one. */
public interface PermitClient {
  /** A permit may be available; called without the lock of the permits. */
  void permitsMayBeFree();

  /** Closes an idle session, so that others get its permit; called on a thread of its own. */
  void closeIdle();
}
