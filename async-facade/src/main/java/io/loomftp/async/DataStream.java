package io.loomftp.async;

import io.loomftp.FtpInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The data of a download for its filter: counts it, remembers its failure, and ends when the transfer is cancelled. */
final class DataStream extends InputStream {
  /** Blocks start small, since most files and listings are, and double while they are filled. */
  private static final int FIRST_BLOCK = 8 << 10;

  private final FtpInputStream in;
  private final TransferOperation<?> operation;
  private final int mostBlock;
  private int nextSize;
  private long count;
  private @Nullable IOException failure;

  DataStream(FtpInputStream in, TransferOperation<?> operation, int mostBlock) {
    this.in = in;
    this.operation = operation;
    this.mostBlock = mostBlock;
    this.nextSize = Math.min(FIRST_BLOCK, mostBlock);
  }

  /** The bytes read so far. */
  long count() {
    return count;
  }

  /** Throws what reading threw, also where the filter has swallowed it. */
  void check() throws IOException {
    if (failure != null) {
      throw failure;
    }
  }

  /** Reads the rest and drops it. */
  void drain() throws IOException {
    byte[] rest = new byte[FIRST_BLOCK];
    int n = 0;
    while (n >= 0) {
      n = read(rest, 0, rest.length);
    }
  }

  /** Reads a block into memory of its own; null at the end. */
  @Nullable
  ByteBuffer nextBlock() throws IOException {
    byte[] block = new byte[nextSize];
    int n = read(block, 0, block.length);
    if (n < 0) {
      return null;
    }
    if (n == nextSize) {
      nextSize = Math.min(2 * nextSize, mostBlock);
    }
    return n < block.length / 2 ? ByteBuffer.wrap(Arrays.copyOf(block, n)) : ByteBuffer.wrap(block, 0, n);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    int n = 0;
    while (n == 0) {
      n = read(one, 0, 1);
    }
    return n < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    check();
    try {
      if (operation.isCancelled()) {
        throw operation.abortedAfter(count);
      }
      EventLoop events = operation.session().events();
      if (events.isHolding() && in.available() == 0) {
        events.flush();
      }
      int n = in.read(target, offset, length);
      count += Math.max(0, n);
      return n;
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  @Override
  public int available() throws IOException {
    return in.available();
  }
}
