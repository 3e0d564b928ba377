package io.loomftp.async;

import io.loomftp.FtpOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The data of an upload on its way from those who give it to the session's thread, which writes it. */
final class SendBuffer {
  /** How often an upload that waits for its next data looks whether the server has ended it. */
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
   * @param written called on the session's thread when that was done
   */
  record Piece(ByteBuffer data, Runnable written) {}

  /** Bytes that may be held. */
  int size() {
    return size;
  }

  /** Whether so many more bytes would be too many; under the lock. */
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

  /** No data comes any more. */
  void close() {
    monitor.change(() -> closed = true);
  }

  /** No more data is to be had. */
  void fail(Throwable reason) {
    monitor.change(() -> broken = reason);
  }

  /** Writes everything as it comes, until the window is closed, on the session's thread. */
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
