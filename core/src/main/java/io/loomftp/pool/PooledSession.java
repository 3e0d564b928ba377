package io.loomftp.pool;

import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.FtpSession;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One session of a pool, in use or not, with the permit that it needs. */
final class PooledSession {
  private static final Logger LOG = LoggerFactory.getLogger(PooledSession.class);
  private static final Duration LONGEST_NOOP = Duration.ofSeconds(5);

  private final FtpSession session;
  private final ConnectionLimiter.Permit permit;

  /** Since when nobody uses it; guarded by the roster's lock. */
  long idleSince;
  /** When it was last seen alive; guarded by the roster's lock. */
  long seen;

  PooledSession(FtpSession session, ConnectionLimiter.Permit permit, long now) {
    this.session = session;
    this.permit = permit;
    this.idleSince = now;
    this.seen = now;
  }

  FtpSession session() {
    return session;
  }

  /**
   * Whether a session that was idle is still good: looked at after a moment, asked with NOOP after longer.
   *
   * @param nanos how long that may take
   */
  boolean isFit(PoolSettings settings, FtpConfig config, long nanos) {
    long quiet = settings.clock().getAsLong() - seen;
    if (quiet < settings.checkAfter().toNanos()) {
      return session.isOpen();
    }
    if (!session.isAlive()) {
      return false;
    }
    return quiet < settings.noopAfter().toNanos() || answers(config, nanos);
  }

  private boolean answers(FtpConfig config, long nanos) {
    Duration bound = Duration.ofNanos(Math.max(1, Math.min(nanos, LONGEST_NOOP.toNanos())));
    try {
      session.adopt(config.toBuilder().timeouts(config.timeouts().withReply(bound)).build());
      session.noop();
      return true;
    } catch (FtpException e) {
      LOG.debug("{} to NOOP: {}", session, e.getMessage());
      return session.isOpen();
    } finally {
      session.adopt(config);
    }
  }

  /** Closes the session, with a farewell where it can be, and gives the permit back. */
  void close() {
    try {
      session.close();
    } finally {
      permit.released();
    }
  }
}
