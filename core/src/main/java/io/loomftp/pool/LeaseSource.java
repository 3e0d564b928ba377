package io.loomftp.pool;

import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import java.time.Duration;
import java.util.Optional;

/** Leases sessions of one configuration. */
interface LeaseSource {
  /** The next session, within the pool's patience. */
  Lease lease() throws FtpException;

  /** The next session, empty when none became free in that time. */
  Optional<Lease> lease(Duration patience) throws FtpException;

  /** One more lease of the session that this thread has, if it has one. */
  Optional<Lease> leaseOfThisThread();

  /** The most sessions at a time. */
  int size();

  /** Whether it leases nothing any more. */
  boolean isClosed();

  /** The configuration of its sessions. */
  FtpConfig config();
}
