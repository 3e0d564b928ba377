package io.loomftp.internal.transfer;

import io.loomftp.internal.net.DataChannel;
import java.io.Closeable;
import org.jspecify.annotations.Nullable;

/** The data connection of one transfer, from its first socket on, and the bytes that went over it. Any thread may close it. */
final class DataLine implements Closeable {
  private volatile @Nullable PendingDataConnection pending;
  private volatile @Nullable DataChannel channel;
  private volatile boolean closed;
  private long moved;
  private long offered;

  /** A connection is on its way. */
  void begun(PendingDataConnection connection) {
    pending = connection;
    if (closed) {
      connection.close();
    }
  }

  /** Data can flow. */
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

  /** Where data flows; null before it can. */
  @Nullable
  DataChannel channel() {
    return channel;
  }

  boolean isClosed() {
    return closed;
  }

  /** So many bytes arrived, or were written. */
  void moved(int bytes) {
    moved += bytes;
  }

  /** So many bytes are about to be written. */
  void offered(int bytes) {
    offered += bytes;
  }

  /** Bytes moved so far. */
  long bytes() {
    return moved;
  }

  /** Bytes of an upload that may have left this side: those of a write that failed count too. */
  long offered() {
    return offered;
  }

  /** Breaks the connection off, so that the peer sees it. */
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
