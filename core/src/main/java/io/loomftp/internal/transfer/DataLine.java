package io.loomftp.internal.transfer;

import io.loomftp.internal.net.DataChannel;
import java.io.Closeable;
import org.jspecify.annotations.Nullable;

/** The data connection of one transfer, from its first socket on, with counts of the bytes moved. Any thread may close it. */
final class DataLine implements Closeable {
  private volatile @Nullable PendingDataConnection pending;
  private volatile @Nullable DataChannel channel;
  private volatile boolean closed;
  private long moved;
  private long offered;

  /** Sets the connection that is being established. */
  void begun(PendingDataConnection connection) {
    pending = connection;
    if (closed) {
      connection.close();
    }
  }

  /** Sets the channel when data can flow. */
  void opened(DataChannel open) {
    channel = open;
    if (closed) {
      open.closeAbruptly();
    }
  }

  @Nullable
  PendingDataConnection pending() {
    return pending;
  }

  /** The channel; null before data can flow. */
  @Nullable
  DataChannel channel() {
    return channel;
  }

  boolean isClosed() {
    return closed;
  }

  /** Counts bytes that arrived or were written. */
  void moved(int bytes) {
    moved += bytes;
  }

  /** Counts bytes that are about to be written. */
  void offered(int bytes) {
    offered += bytes;
  }

  /** Bytes moved so far. */
  long bytes() {
    return moved;
  }

  /** Bytes of an upload that may have been sent, including those of a failed write. */
  long offered() {
    return offered;
  }

  /** Resets the connection, so that the peer sees that the data is incomplete. */
  @Override
  public void close() {
    closed = true;
    PendingDataConnection connection = pending;
    if (connection != null) {
      connection.close();
    }
    DataChannel open = channel;
    if (open != null) {
      open.closeAbruptly();
    }
  }
}
