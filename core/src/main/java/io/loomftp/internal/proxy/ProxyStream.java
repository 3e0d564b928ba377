package io.loomftp.internal.proxy;

import io.loomftp.internal.net.Dialer;
import io.loomftp.internal.net.KeyedSocket;
import io.loomftp.internal.net.StallGuard;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The bytes exchanged with a proxy before the connection is the server's. Reads not one byte more than is asked for: what
 * follows belongs to the server.
 */
final class ProxyStream {
  private final KeyedSocket socket;
  private final InputStream in;
  private final StallGuard guard;
  private final String proxy;
  private final Duration bound;
  private final long deadline;

  /**
   * A stream over a connected socket.
   *
   * @param bound the time for the whole exchange, for messages
   * @param deadline its end, in {@link System#nanoTime}
   */
  ProxyStream(KeyedSocket socket, String proxy, Duration bound, long deadline) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
    this.guard = new StallGuard(socket);
    this.proxy = proxy;
    this.bound = bound;
    this.deadline = deadline;
  }

  KeyedSocket socket() {
    return socket;
  }

  /** The proxy as a URL, without a user. */
  String proxy() {
    return proxy;
  }

  /** Sends all bytes. */
  void send(byte[] bytes) throws IOException {
    try {
      guard.run(left(), () -> socket.getOutputStream().write(bytes));
    } catch (IOException e) {
      throw ProxyException.broken(proxy, "closed the connection: " + e.getMessage(), e);
    }
  }

  /** The next byte, 0 to 255. */
  int read() throws IOException {
    byte[] one = read(1);
    return one[0] & 0xFF;
  }

  /** The next bytes, exactly this number. */
  byte[] read(int length) throws IOException {
    byte[] bytes = new byte[length];
    for (int at = 0; at < length;) {
      int n = readSome(bytes, at);
      if (n < 0) {
        throw ProxyException.broken(proxy, "closed the connection before it had answered", null);
      }
      at += n;
    }
    return bytes;
  }

  private int readSome(byte[] bytes, int at) throws IOException {
    socket.setSoTimeout(Dialer.millis(left()));
    try {
      return in.read(bytes, at, bytes.length - at);
    } catch (SocketTimeoutException e) {
      throw late(e);
    } catch (IOException e) {
      throw ProxyException.broken(proxy, "broke the connection before it had answered: " + e.getMessage(), e);
    }
  }

  private Duration left() throws ProxyException {
    long left = deadline - System.nanoTime();
    if (left <= 0) {
      throw late(null);
    }
    return Duration.ofNanos(left);
  }

  private ProxyException late(@Nullable Throwable cause) {
    return ProxyException.broken(proxy, "did not answer within " + bound.toMillis() + " ms", cause);
  }
}
