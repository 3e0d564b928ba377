package io.loomftp.async;

import io.loomftp.FtpOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The posted data of an upload, until the session's thread has written it. */
final class SendBuffer {
  /** The interval at which an upload that waits for data checks whether the server has ended it. */
  private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

  private static final byte[] NOTHING = {};

  private final SessionMonitor monitor;
  private final int size;
  private final ArrayDeque<Piece> pieces = new ArrayDeque<>();
  private long held;
  private boolean closed;
  private @Nullable Throwable broken;

  SendBuffer(SessionMonitor monitor, int size) {
    this.monitor = monitor;
    this.size = size;
  }

  /**
   * Data to be written.
   *
   * @param data from its position on
   * @param written called on the session's thread when it was written
   */
  record Piece(ByteBuffer data, Runnable written) {}

  /** The most bytes that may be held. */
  int size() {
    return size;
  }

  /** Whether this many more bytes exceed the window; called under the lock. */
  boolean isFullWith(long more) {
    return held + more > size;
  }

  /** Adds data. */
  void add(Piece piece) {
    monitor.change(
        () -> {
          pieces.add(piece);
          held += piece.data.remaining();
        });
  }

  /** Marks the end of the data. */
  void close() {
    monitor.change(() -> closed = true);
  }

  /** Fails the upload: the source failed. */
  void fail(Throwable reason) {
    monitor.change(() -> broken = reason);
  }

  /** Writes data as it arrives until the end, on the session's thread. */
  void writeTo(FtpOutputStream out, int blockSize, TransferOperation<?> operation) throws IOException {
    while (true) {
      Piece piece = take(out, operation);
      if (piece == null) {
        return;
      }
      int bytes = piece.data.remaining();
      write(piece.data.duplicate(), out, blockSize);
      monitor.change(() -> held -= bytes);
      piece.written.run();
    }
  }

  private @Nullable Piece take(FtpOutputStream out, TransferOperation<?> operation) throws IOException {
    try {
      while (!monitor.await(() -> !pieces.isEmpty() || closed || broken != null || operation.isCancelled(), CHECK_INTERVAL)) {
        out.write(NOTHING, 0, 0); // throws if the server has ended the transfer
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for data", e);
    }
    monitor.lock();
    try {
      if (operation.isCancelled()) {
        throw operation.abortedAfter(out.bytes());
      }
      if (broken != null) {
        throw new IOException("the source of the upload failed: " + broken, broken);
      }
      return pieces.poll();
    } finally {
      monitor.unlock();
    }
  }

  private static void write(ByteBuffer data, FtpOutputStream out, int blockSize) throws IOException {
    if (data.hasArray()) {
      int at = data.arrayOffset() + data.position();
      for (int left = data.remaining(); left > 0; left -= blockSize) {
        out.write(data.array(), at, Math.min(left, blockSize));
        at += blockSize;
      }
      return;
    }
    byte[] block = new byte[Math.min(blockSize, data.remaining())];
    while (data.hasRemaining()) {
      int n = Math.min(block.length, data.remaining());
      data.get(block, 0, n);
      out.write(block, 0, n);
    }
  }
}
