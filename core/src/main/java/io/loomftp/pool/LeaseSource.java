package io.loomftp.pool;

import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import java.time.Duration;
import java.util.Optional;

/** Leases sessions of one configuration. */
interface LeaseSource {
  /** Leases the next session, within the pool's patience. */
  Lease lease() throws FtpException;

  /** Leases the next session; empty when none became free in that time. */
  Optional<Lease> lease(Duration patience) throws FtpException;

  /** One more lease of the session that this thread holds, if it holds one. */
  Optional<Lease> leaseOfThisThread();

  /** The most sessions at a time. */
  int size();

  /** Whether it is closed. */
  boolean isClosed();

  /** The configuration of its sessions. */
  FtpConfig config();
}
