package io.loomftp;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * One thing that a session or a pool has done, with the time it took; delivered when it is over, to what
 * {@link FtpConfig.Builder#metrics} was given. {@link FtpMetrics} counts them.
 *
 * <p>No measurement has a secret: of a command there is the verb alone, and what was sent as a password is masked in paths.
 * User names and paths are not secrets.
 */
public sealed interface FtpMeasurement {
  /** Which of the two connections of FTP. */
  enum Channel {
    /** Commands and replies. */
    CONTROL,
    /** Files and listings. */
    DATA
  }

  /** The way that data takes. */
  enum Direction {
    /** From the server: files and listings. */
    DOWN,
    /** To the server. */
    UP
  }

  /** How a transfer or a wait ended. */
  enum Outcome {
    /** As it should: the server has confirmed the transfer, the session was leased. */
    DONE,
    /** The caller aborted it, or did not read it to its end. */
    ABORTED,
    /** It failed. */
    FAILED,
    /** No session became free in time; of pools alone. */
    TIMED_OUT
  }

  /**
   * A control connection was established, or could not be: name resolution and TCP, without the greeting and TLS.
   *
   * @param address empty where no connection was established
   * @param failure empty where one was
   */
  record Connect(String host, int port, Optional<InetAddress> address, Duration duration, Optional<ErrorKind> failure)
      implements FtpMeasurement {}

  /** A control connection that was established has ended, in any way. */
  record Disconnect(String host, int port) implements FtpMeasurement {}

  /**
   * A TLS handshake ended.
   *
   * @param protocol the version, in JSSE's name; empty after a failure
   * @param cipherSuite in JSSE's name; empty after a failure
   * @param resumed whether the TLS session of the control connection was resumed
   */
  record TlsHandshake(
      Channel channel, String protocol, String cipherSuite, boolean resumed, Duration duration, Optional<ErrorKind> failure)
      implements FtpMeasurement {}

  /**
   * A command was answered, or will not be. Replies are attributed to commands in the order in which these were sent.
   *
   * @param verb without an argument
   * @param code of the final reply; 0 when none came before the connection ended
   * @param latency from sending it to its first reply, or to the end of the connection
   * @param duration from sending it to its final reply: for a transfer's command all of the transfer
   */
  record Command(String verb, int code, Duration latency, Duration duration) implements FtpMeasurement {}

  /** A reply was read: of any kind, also the greeting and those to no command. */
  record ReplyRead(int code) implements FtpMeasurement {}

  /**
   * A transfer over a data connection ended; each attempt is one, and so is each listing.
   *
   * @param verb such as {@code RETR}
   * @param path the argument of the command, what was sent as a password masked; empty where it has none
   * @param bytes moved
   * @param duration from negotiating the data connection to the final reply
   * @param setup of this, until data could flow: the data connection, the first reply and, with TLS, the handshake; empty when
   *     it never came to that
   * @param firstByte of the duration, until the first block was read or written; empty when none was
   * @param failure empty when it is done
   */
  record Transfer(
      String verb, String path, Direction direction, long bytes, Duration duration, Optional<Duration> setup,
      Optional<Duration> firstByte, Outcome outcome, Optional<ErrorKind> failure)
      implements FtpMeasurement {
    /** Bytes per second of the whole duration. */
    public long bytesPerSecond() {
      return (long) (bytes * 1e9 / Math.max(1, duration.toNanos()));
    }
  }

  /**
   * A thread asked a pool for a session, which it did not hold already.
   *
   * @param pool user, host and port as in a URL
   * @param duration until it got one, or did not
   */
  record PoolWait(String pool, Duration duration, Outcome outcome, Optional<ErrorKind> failure) implements FtpMeasurement {}

  /**
   * Something will be tried again, unless it is called off before that.
   *
   * @param what such as {@code RETR huge.iso to /data/huge.iso}, what was sent as a password masked
   * @param attempt the number of the attempt that follows; the first retry is attempt 2
   * @param pause before it
   * @param reason the kind of the failure before it
   */
  record Retried(String what, int attempt, Duration pause, ErrorKind reason) implements FtpMeasurement {}
}
