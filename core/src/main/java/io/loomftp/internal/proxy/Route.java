package io.loomftp.internal.proxy;

import io.loomftp.internal.net.KeyedSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/** The way to a server, directly or through a proxy, that all connections of a session take. Safe for use by any thread. */
public sealed interface Route permits DirectRoute, ProxyRoute {
  /** The server's address; empty when only the proxy knows it. */
  Optional<InetAddress> serverAddress();

  /** Connects to another port of the server. */
  KeyedSocket connect(int port, Duration bound) throws IOException;

  /** Connects to another host. */
  KeyedSocket connect(InetAddress host, int port, Duration bound) throws IOException;

  /** The server, and the proxy if there is one, for messages. */
  @Override
  String toString();
}
