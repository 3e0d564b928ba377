package io.loomftp.async;

import io.loomftp.FtpConfig;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Pulls the data of one transfer through its filter, on the events thread, as it arrives. */
final class DataFeed {
  private final EventLoop loop;
  private final Operation<?> operation;
  private final DataFilter filter;
  private final FtpConfig config;
  private final String alias;
  private final BlockStream blocks = new BlockStream();
  private @Nullable Iterator<?> items;

  DataFeed(EventLoop loop, Operation<?> operation, DataFilter filter, FtpConfig config, String alias) {
    this.loop = loop;
    this.operation = operation;
    this.filter = filter;
    this.config = config;
    this.alias = alias;
  }

  /** The next event; null when no item is left, after which no data of this transfer is in the queue any more. */
  @Nullable
  FtpEvent next() {
    if (!operation.isCancelled()) {
      try {
        Iterator<?> left = items;
        if (left == null) {
          left = Objects.requireNonNull(filter.items(blocks, config), "a filter returned null for its items");
          items = left;
        }
        if (left.hasNext()) {
          Object item = Objects.requireNonNull(left.next(), "a filter returned a null item");
          return new FtpEvent.Data(operation.name() + "_data", alias, item, operation.argument());
        }
      } catch (RuntimeException | Error e) {
        if (!blocks.broken) {
          operation.failByUserCode(e);
        }
      }
    }
    drain();
    return null;
  }

  /** Drops the rest of the data up to its end. */
  private void drain() {
    EventLoop.Block rest = loop.takeBlock();
    while (rest != null) {
      rest = loop.takeBlock();
    }
  }

  /** The data as a stream that waits for blocks. */
  final class BlockStream extends InputStream {
    private byte[] block = {};
    private int at;
    private boolean broken;

    /** The next block; null at the end. */
    byte @Nullable [] nextBlock() throws IOException {
      EventLoop.Block next = loop.takeBlock();
      if (next != null && !operation.isCancelled()) {
        return next.bytes();
      }
      if (next == null && loop.isComplete()) {
        return null;
      }
      broken = true;
      throw new IOException("the transfer of " + operation.argument() + " did not complete");
    }

    private boolean fill() throws IOException {
      while (at == block.length) {
        byte[] next = nextBlock();
        if (next == null) {
          return false;
        }
        block = next;
        at = 0;
      }
      return true;
    }

    @Override
    public int read() throws IOException {
      return fill() ? block[at++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, target.length);
      if (length == 0) {
        return 0;
      }
      if (!fill()) {
        return -1;
      }
      int n = Math.min(length, block.length - at);
      System.arraycopy(block, at, target, offset, n);
      at += n;
      return n;
    }

    @Override
    public int available() {
      return block.length - at;
    }
  }
}
