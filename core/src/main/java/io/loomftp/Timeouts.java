package io.loomftp;

import io.loomftp.internal.retry.LongestWait;
import java.time.Duration;
import java.util.Optional;

/**
 * The bounds of all waits. All are positive; none can be switched off, but each can be long: more than ten years count as ten.
 *
 * @param connect establishing the TCP connection, all addresses of the host together, and through a proxy the whole exchange with it;
 *     30 s
 * @param handshake each TLS handshake; 30 s
 * @param reply a whole reply of the server, from the command to the last line; 60 s
 * @param accept in active mode, waiting for the server to connect; 30 s
 * @param dataRead no byte arriving on the data connection; 60 s
 * @param dataWrite no byte leaving on the data connection; 60 s
 * @param close QUIT and TLS close_notify each, and the pending replies after an abort; 5 s
 * @param operation a whole call, for streams and listings from opening to close; empty by default: only the others bound it
 */
public record Timeouts(
    Duration connect,
    Duration handshake,
    Duration reply,
    Duration accept,
    Duration dataRead,
    Duration dataWrite,
    Duration close,
    Optional<Duration> operation) {
  /** Checks that all are positive. */
  public Timeouts {
    positive(connect, "connect");
    positive(handshake, "handshake");
    positive(reply, "reply");
    positive(accept, "accept");
    positive(dataRead, "dataRead");
    positive(dataWrite, "dataWrite");
    positive(close, "close");
    operation.ifPresent(d -> positive(d, "operation"));
    connect = LongestWait.cut(connect);
    handshake = LongestWait.cut(handshake);
    reply = LongestWait.cut(reply);
    accept = LongestWait.cut(accept);
    dataRead = LongestWait.cut(dataRead);
    dataWrite = LongestWait.cut(dataWrite);
    close = LongestWait.cut(close);
    operation = operation.map(LongestWait::cut);
  }

  /** The defaults named above. */
  public static Timeouts defaults() {
    Duration half = Duration.ofSeconds(30);
    Duration minute = Duration.ofSeconds(60);
    return new Timeouts(half, half, minute, half, minute, minute, Duration.ofSeconds(5), Optional.empty());
  }

  /** One bound for every wait; for {@code close} only where it is shorter than the default. */
  public static Timeouts of(Duration each) {
    Duration close = defaults().close.compareTo(each) < 0 ? defaults().close : each;
    return new Timeouts(each, each, each, each, each, each, close, Optional.empty());
  }

  /** A copy with another bound for connecting. */
  public Timeouts withConnect(Duration connect) {
    return new Timeouts(connect, handshake, reply, accept, dataRead, dataWrite, close, operation);
  }

  /** A copy with another bound for TLS handshakes. */
  public Timeouts withHandshake(Duration handshake) {
    return new Timeouts(connect, handshake, reply, accept, dataRead, dataWrite, close, operation);
  }

  /** A copy with another bound for replies. */
  public Timeouts withReply(Duration reply) {
    return new Timeouts(connect, handshake, reply, accept, dataRead, dataWrite, close, operation);
  }

  /** A copy with another bound for the server to connect in active mode. */
  public Timeouts withAccept(Duration accept) {
    return new Timeouts(connect, handshake, reply, accept, dataRead, dataWrite, close, operation);
  }

  /** A copy with another bound for reading and writing data without progress. */
  public Timeouts withData(Duration data) {
    return new Timeouts(connect, handshake, reply, accept, data, data, close, operation);
  }

  /** A copy with another bound for closing. */
  public Timeouts withClose(Duration close) {
    return new Timeouts(connect, handshake, reply, accept, dataRead, dataWrite, close, operation);
  }

  /** A copy with a bound for each whole call. */
  public Timeouts withOperation(Duration operation) {
    return new Timeouts(connect, handshake, reply, accept, dataRead, dataWrite, close, Optional.of(operation));
  }

  private static void positive(Duration d, String name) {
    if (d.isZero() || d.isNegative()) {
      throw new IllegalArgumentException(name + " must be positive: " + d);
    }
  }
}
