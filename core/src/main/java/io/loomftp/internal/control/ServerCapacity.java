package io.loomftp.internal.control;

import io.loomftp.FtpException;
import java.time.Duration;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the connections to one server and learns from those that fail how many it accepts at a time ({@link LearntLimit})
 * and at what rate they may be made ({@link ConnectPace}). Guarded by its owner.
 */
final class ServerCapacity {
  private static final Logger LOG = LoggerFactory.getLogger(ServerCapacity.class);
  private static final long FORGOTTEN_AFTER = Duration.ofHours(1).toNanos();
  /** The time that a server may need to notice that a session has ended. */
  private static final long SERVER_LAG = Duration.ofSeconds(2).toNanos();

  private final String server;
  private final LearntLimit limit;
  private final ConnectPace pace;
  private int opening;
  private int open;
  private long lastRelease;
  private long lastUse;

  ServerCapacity(String server, ConnectRate rate, long now) {
    this.server = server;
    limit = new LearntLimit(rate.raiseAfter());
    pace = new ConnectPace(rate.burst(), rate.perSecond(), now);
    lastRelease = now - SERVER_LAG;
    lastUse = now;
  }

  OptionalInt known() {
    return limit.known();
  }

  int allowed() {
    return limit.allowed();
  }

  void atMost(int connections) {
    limit.cap(connections);
  }

  /** The present connections, those being opened and closed included. */
  int present() {
    return open + opening;
  }

  /** Whether the limit is reached. */
  boolean isFull(long now) {
    lastUse = now;
    if (limit.raiseIfDue(present(), now)) {
      LOG.debug("{}: trying {} sessions", server, limit.allowed());
    }
    return present() >= limit.allowed();
  }

  /** The nanoseconds until the next trial; {@link Long#MAX_VALUE} when only a closed connection helps. */
  long untilRaise(long now) {
    return limit.untilRaise(now);
  }

  /** Takes a connection from the pace; returns 0, or the nanoseconds to wait before the next one is allowed. */
  long pause(long now) {
    return pace.take(now);
  }

  /** Counts a connection that is about to be established. */
  void begin() {
    opening++;
  }

  /** Counts an open session whose greeting was read at that time. */
  void opened(long greeted) {
    opening--;
    open++;
    pace.succeeded();
    limit.accepted(open, greeted);
  }

  /** Removes a connection that was begun and perhaps opened. */
  void over(boolean wasOpen) {
    if (wasOpen) {
      open--;
    } else {
      opening--;
    }
  }

  /** Records that the client closed an open session. */
  void released(long now) {
    lastRelease = now;
  }

  /**
   * Learns from a connection that failed.
   *
   * @param begun the time at which it was begun
   */
  void learn(ConnectFailure failure, FtpException e, long begun, long now) {
    switch (failure) {
      case LOGIN, CALLED_OFF -> {}
      case TOO_MANY -> turnedAway(open == 0 && opening <= 1, e, begun, now);
      case BUSY -> turnedAway(open == 0, e, begun, now);
      case UNREACHABLE, OTHER -> pace.failed(begun, now);
    }
  }

  private void turnedAway(boolean saysNothingOfUs, FtpException e, long begun, long now) {
    boolean serverLags = open < limit.allowed() && now - lastRelease < SERVER_LAG && !pace.hasPaused(begun);
    if (!serverLags && !saysNothingOfUs) {
      int before = limit.allowed();
      limit.refused(open, now);
      if (limit.allowed() < before) {
        LOG.debug("{} allows {} sessions at a time: {}", server, limit.allowed(), e.getMessage());
      }
    }
    if (open < limit.allowed()) {
      pace.failed(begun, now);
    }
  }

  /** Whether it is unused, and was for an hour. */
  boolean isForgotten(long now) {
    return present() == 0 && now - lastUse > FORGOTTEN_AFTER;
  }

  void forget() {
    limit.forget();
    pace.succeeded();
  }
}
