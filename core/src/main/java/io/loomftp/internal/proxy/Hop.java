package io.loomftp.internal.proxy;

import io.loomftp.internal.net.Dialer;
import io.loomftp.internal.net.KeyedSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.apache.commons.io.IOUtils;
import org.jspecify.annotations.Nullable;

/**
 * A proxy.
 *
 * @param handshake how it is talked to
 * @param host its name or address
 * @param port its port
 */
record Hop(Handshake handshake, String host, int port) {
  /** The proxy as a URL. */
  String url() {
    return url(handshake.scheme(), host, port);
  }

  static String url(String scheme, String host, int port) {
    return scheme + "://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }

  /** What is said to the proxy on a new connection. */
  @FunctionalInterface
  interface Talk<T> {
    T with(ProxyStream stream) throws IOException;
  }

  /**
   * Connects to the proxy and talks to it, all within the bound; the connection is closed when that fails.
   *
   * @param at an address of the proxy that is known, or null
   */
  <T> T talk(@Nullable InetSocketAddress at, @Nullable InetAddress local, int key, Duration bound, Talk<T> talk)
      throws IOException {
    long deadline = System.nanoTime() + bound.toNanos();
    KeyedSocket socket;
    try {
      socket = at == null ? Dialer.connect(host, port, local, key, bound) : Dialer.connect(at, local, key, bound);
    } catch (IOException e) {
      throw ProxyException.unreachable(url(), e);
    }
    boolean done = false;
    socket.tunnelled();
    try {
      T result = talk.with(new ProxyStream(socket, url(), bound, deadline));
      done = true;
      return result;
    } finally {
      if (!done) {
        IOUtils.closeQuietly(socket);
      }
    }
  }
}
