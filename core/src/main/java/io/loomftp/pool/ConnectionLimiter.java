package io.loomftp.pool;

import io.loomftp.FtpConfig;
import io.loomftp.internal.control.PermitRegistry;
import io.loomftp.internal.control.ConnectionPermits;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Limits concurrent connections to one server, adapting to what the server accepts. Every connection of this JVM counts:
 * those of pools, of single sessions, and of sessions that reconnect.
 *
 * <p>FTP has no command that tells the limit, so it is learnt: when the server refuses a connection with 421, or a login with
 * 530 "too many", the limit becomes the number of sessions open at that time. It is raised by one after a minute, and more
 * rarely each time that fails. At the limit pools wait for a session that is returned; a single session waits for at most the
 * {@linkplain io.loomftp.Timeouts#connect() connect bound}, and then fails with
 * {@link io.loomftp.ErrorKind#BUSY}.
 *
 * <p>Pools also keep a pace, a burst of 16 connections and then 10 a second, and pause after failures, with exponential
 * backoff from 250 ms up to 30 s. Single sessions do not. A user and password that no login has proven are sent by one
 * session at a time, so that a wrong password does not lock the user out.
 *
 * <p>There is one limiter for each host and port, whatever the user. Safe for use by any thread.
 */
public final class ConnectionLimiter {
  private final ConnectionPermits permits;

  ConnectionLimiter(ConnectionPermits permits) {
    this.permits = permits;
  }

  /** The limiter of this configuration's server. */
  public static ConnectionLimiter of(FtpConfig config) {
    return new ConnectionLimiter(PermitRegistry.of(config));
  }

  /** Host and port. */
  public String server() {
    return permits.server();
  }

  /** The number of connections allowed at a time, as far as it is known: learnt, or set by {@link #atMost}. */
  public OptionalInt limit() {
    return permits.limit();
  }

  /** The connections that this JVM has to the server, those being opened and closed included. */
  public int open() {
    return permits.open();
  }

  /**
   * Sets an upper bound for the limit, for a server whose limit is known beforehand.
   *
   * @throws IllegalArgumentException for less than 1
   */
  public void atMost(int connections) {
    permits.atMost(connections);
  }

  ConnectionPermits permits() {
    return permits;
  }

  /** Whether the other is the limiter of the same server. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ConnectionLimiter limiter && limiter.permits == permits;
  }

  @Override
  public int hashCode() {
    return permits.hashCode();
  }

  /** Server, connections and limit. */
  @Override
  public String toString() {
    return "ConnectionLimiter[" + permits + "]";
  }
}
