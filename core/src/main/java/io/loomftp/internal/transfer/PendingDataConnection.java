package io.loomftp.internal.transfer;

import io.loomftp.internal.net.DataAcceptor;
import io.loomftp.internal.net.KeyedSocket;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import org.apache.commons.io.IOUtils;
import org.jspecify.annotations.Nullable;

/** A data connection that is being established: connecting in passive mode, listening in active mode. */
final class PendingDataConnection implements Closeable {
  private final @Nullable DataAcceptor listener;
  private final @Nullable InetAddress peer;
  private volatile @Nullable KeyedSocket socket;

  private PendingDataConnection(@Nullable KeyedSocket socket, @Nullable DataAcceptor listener, @Nullable InetAddress peer) {
    this.socket = socket;
    this.listener = listener;
    this.peer = peer;
  }

  static PendingDataConnection passive(KeyedSocket connected) {
    return new PendingDataConnection(connected, null, null);
  }

  /** Waits for {@code peer}, or for any peer where that is null. */
  static PendingDataConnection active(DataAcceptor listener, @Nullable InetAddress peer) {
    return new PendingDataConnection(null, listener, peer);
  }

  boolean isPassive() {
    return listener == null;
  }

  /** Whether the connection is established. */
  boolean isUp() {
    return socket != null;
  }

  /** Waits for the connection within the bound; may be called again after a timeout. */
  KeyedSocket await(Duration bound) throws IOException {
    KeyedSocket connected = socket;
    if (connected == null && listener != null) {
      connected = listener.accept(peer, bound);
      socket = connected;
      listener.close();
    }
    if (connected == null) {
      throw new IOException("no data connection");
    }
    return connected;
  }

  /** Closes with a reset; may be called by any thread. */
  @Override
  public void close() {
    IOUtils.closeQuietly(listener);
    KeyedSocket connected = socket;
    if (connected != null) {
      try {
        connected.closeAbruptly();
      } catch (IOException e) {
        IOUtils.closeQuietly(connected);
      }
    }
  }
}
