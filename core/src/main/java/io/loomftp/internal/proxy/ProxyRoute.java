package io.loomftp.internal.proxy;

import io.loomftp.internal.net.KeyedSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The way through a SOCKS or HTTP proxy. All connections go to the same address of the proxy, since servers compare the
 * addresses that control and data connections come from, and name the server as the control connection did.
 */
public final class ProxyRoute implements Route {
  private final Hop hop;
  private final InetSocketAddress at;
  private final Target server;
  private final @Nullable InetAddress local;
  private final int key;

  ProxyRoute(Hop hop, InetSocketAddress at, Target server, @Nullable InetAddress local, int key) {
    this.hop = hop;
    this.at = at;
    this.server = server;
    this.local = local;
    this.key = key;
  }

  /** The address that the server was given by; empty where it was given by name, which the proxy resolves. */
  @Override
  public Optional<InetAddress> serverAddress() {
    return Optional.ofNullable(server.literal());
  }

  @Override
  public KeyedSocket connect(int port, Duration bound) throws IOException {
    return connect(new Target(server.host(), server.literal(), port), bound);
  }

  @Override
  public KeyedSocket connect(InetAddress host, int port, Duration bound) throws IOException {
    return connect(Target.of(host, port), bound);
  }

  private KeyedSocket connect(Target target, Duration bound) throws IOException {
    return hop.talk(at, local, key, bound, stream -> {
      hop.handshake().connect(stream, target);
      return stream.socket();
    });
  }

  /** Whether {@link #listen} is possible with a proxy of this kind. */
  public boolean mayListen() {
    return hop.handshake() instanceof Socks5;
  }

  /**
   * Makes the proxy listen for one connection of the server.
   *
   * @throws UnsupportedOperationException when it is no proxy of SOCKS 5
   */
  public BoundPort listen(Duration bound) throws IOException {
    if (!(hop.handshake() instanceof Socks5 socks)) {
      throw new UnsupportedOperationException("only SOCKS 5 has BIND");
    }
    return hop.talk(at, local, key, bound, stream -> {
      InetSocketAddress address = socks.bind(stream, server);
      if (address.isUnresolved() || address.getPort() == 0) {
        throw ProxyException.broken(hop.url(), "listens at " + address + ", which the server cannot be told", null);
      }
      boolean anywhere = address.getAddress().isAnyLocalAddress();
      return new BoundPort(
          stream.socket(), hop.url(), anywhere ? new InetSocketAddress(at.getAddress(), address.getPort()) : address);
    });
  }

  /** The proxy as a URL. */
  public String proxy() {
    return hop.url();
  }

  @Override
  public String toString() {
    return server + " through the proxy " + hop.url();
  }
}
