package io.loomftp.pool;

import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.FtpSession;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One session of a pool, in use or not. */
final class PooledSession {
  private static final Logger LOG = LoggerFactory.getLogger(PooledSession.class);
  private static final Duration LONGEST_NOOP = Duration.ofSeconds(5);

  private final FtpSession session;

  /** The time since which it is idle; guarded by the pool's lock. */
  long idleSince;
  /** The time at which it was last seen alive; guarded by the pool's lock. */
  long seen;

  PooledSession(FtpSession session, long now) {
    this.session = session;
    this.idleSince = now;
    this.seen = now;
  }

  FtpSession session() {
    return session;
  }

  /**
   * Whether a session that was idle is still usable: its connection is looked at after a moment, and NOOP is sent after a
   * longer time.
   *
   * @param nanos the bound for that
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
}
