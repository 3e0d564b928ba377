package io.loomftp.internal.net;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Accepts the one connection of a peer. Any thread may close it. */
public interface DataAcceptor extends Closeable {
  /**
   * Accepts the connection of the peer.
   *
   * @param peer the only address to accept, or null for any
   * @throws SocketTimeoutException when the peer did not connect within the bound; may be called again
   */
  KeyedSocket accept(@Nullable InetAddress peer, Duration bound) throws IOException;
}
