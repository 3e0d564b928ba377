package io.loomftp.internal.proxy;

import io.loomftp.internal.net.Dialer;
import io.loomftp.internal.net.KeyedSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The way without a proxy: all connections go to the address that the first one has reached.
 *
 * @param server address and port of the control connection
 * @param local the address to connect from, or null
 * @param key of all the session's sockets
 */
record DirectRoute(InetSocketAddress server, @Nullable InetAddress local, int key) implements Route {
  @Override
  public Optional<InetAddress> serverAddress() {
    return Optional.of(server.getAddress());
  }

  @Override
  public KeyedSocket connect(int port, Duration bound) throws IOException {
    return connect(server.getAddress(), port, bound);
  }

  @Override
  public KeyedSocket connect(InetAddress host, int port, Duration bound) throws IOException {
    return Dialer.connect(new InetSocketAddress(host, port), local, key, bound);
  }

  @Override
  public String toString() {
    return server.toString();
  }
}
