package io.loomftp.async;

import io.loomftp.FtpOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The posted data of an upload, until the session's thread has written it. */
final class SendBuffer {
  /** The interval at which an upload that waits for data checks whether the server has ended it. */
  private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

  private static final byte[] NOTHING = {};

  private final int size;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Piece> pieces = new ArrayDeque<>(); // guarded by lock, as is what follows
  private long held;
  private boolean closed;
  private boolean begun;
  private boolean over;
  private @Nullable Throwable broken;

  SendBuffer(int size) {
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

  /** Whether this many more bytes exceed the window. */
  boolean isFullWith(long more) {
    return holds(() -> held + more > size);
  }

  boolean hasBegun() {
    return holds(() -> begun);
  }

  /** Whether it takes no more data. */
  boolean isOver() {
    return holds(() -> over);
  }

  private boolean holds(BooleanSupplier condition) {
    lock.lock();
    try {
      return condition.getAsBoolean();
    } finally {
      lock.unlock();
    }
  }

  /** Adds data; returns whether it was still taken. */
  boolean add(Piece piece) {
    return change(
        () -> {
          pieces.add(piece);
          held += piece.data.remaining();
        });
  }

  /** The upload has begun: pieces are written from now on. */
  void begin() {
    change(() -> begun = true);
  }

  /** Marks the end of the data. */
  void close() {
    change(() -> closed = true);
  }

  /** Fails the upload: the source failed. */
  void fail(Throwable reason) {
    change(() -> broken = reason);
  }

  /** No more data is taken. */
  void end() {
    change(() -> over = true);
  }

  /** Lets waiting threads look again. */
  void wake() {
    change(() -> {});
  }

  private boolean change(Runnable change) {
    lock.lock();
    try {
      boolean taken = !over;
      change.run();
      changed.signalAll();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the window has room, the condition holds, or the upload is over. */
  void awaitRoom(BooleanSupplier enough) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!over && !enough.getAsBoolean()) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Writes data as it arrives until the end, on the session's thread; fails when none comes for the given time. */
  void writeTo(FtpOutputStream out, int blockSize, Duration mostIdle, TransferOperation<?> operation) throws IOException {
    for (Piece piece = take(out, mostIdle, operation); piece != null; piece = take(out, mostIdle, operation)) {
      int bytes = piece.data.remaining();
      write(piece.data.duplicate(), out, blockSize);
      change(() -> held -= bytes);
      piece.written.run();
    }
  }

  private @Nullable Piece take(FtpOutputStream out, Duration mostIdle, TransferOperation<?> operation) throws IOException {
    long start = System.nanoTime();
    while (!await(() -> !pieces.isEmpty() || closed || broken != null || operation.isCancelled())) {
      out.write(NOTHING, 0, 0); // throws if the server has ended the transfer
      if (System.nanoTime() - start > mostIdle.toNanos()) {
        throw operation.idle(mostIdle, out.bytes());
      }
    }
    lock.lock();
    try {
      if (operation.isCancelled()) {
        throw operation.abortedAfter(out.bytes());
      }
      if (broken != null) {
        throw new IOException("the source of the upload failed: " + broken, broken);
      }
      return pieces.poll();
    } finally {
      lock.unlock();
    }
  }

  private boolean await(BooleanSupplier condition) throws IOException {
    long left = CHECK_INTERVAL.toNanos();
    lock.lock();
    try {
      while (!condition.getAsBoolean()) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for data", e);
    } finally {
      lock.unlock();
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
