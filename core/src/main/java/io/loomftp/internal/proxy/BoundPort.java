package io.loomftp.internal.proxy;

import io.loomftp.internal.net.DataAcceptor;
import io.loomftp.internal.net.Dialer;
import io.loomftp.internal.net.KeyedSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.apache.commons.io.IOUtils;
import org.jspecify.annotations.Nullable;

/**
 * A port of a SOCKS 5 proxy that listens for one connection (BIND, RFC 1928 section 4). The connection to the proxy becomes the
 * one that was accepted.
 */
public final class BoundPort implements DataAcceptor {
  /** The bound for the rest of a reply that has begun to arrive. */
  private static final Duration REST = Duration.ofSeconds(5);

  private final KeyedSocket socket;
  private final String proxy;
  private final InetSocketAddress address;
  private volatile boolean handedOver;

  BoundPort(KeyedSocket socket, String proxy, InetSocketAddress address) {
    this.socket = socket;
    this.proxy = proxy;
    this.address = address;
  }

  /** The address and port at which the proxy listens. */
  public InetSocketAddress address() {
    return address;
  }

  /** The connection to the proxy, on which it reports that the peer has connected. */
  public KeyedSocket socket() {
    return socket;
  }

  @Override
  public KeyedSocket accept(@Nullable InetAddress peer, Duration bound) throws IOException {
    socket.setSoTimeout(Dialer.millis(bound));
    int version = socket.getInputStream().read();
    if (version < 0) {
      throw ProxyException.broken(proxy, "closed the connection before the server had connected to it", null);
    }
    var stream = new ProxyStream(socket, proxy, REST, System.nanoTime() + REST.toNanos());
    InetSocketAddress connected = Socks5.accepted(stream, version);
    if (peer != null && !connected.isUnresolved() && !peer.equals(connected.getAddress())) {
      throw ProxyException.broken(proxy, "accepted a connection from " + connected + ", not from the server", null);
    }
    handedOver = true;
    return socket;
  }

  /** Closes the connection unless it was handed over. */
  @Override
  public void close() {
    if (!handedOver) {
      IOUtils.closeQuietly(socket);
    }
  }
}
