package io.loomftp.async;

import io.loomftp.FtpConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Data in blocks as they arrive. */
final class Blocks implements Iterator<ByteBuffer> {
  private final InputStream data;
  private final int size;
  private @Nullable ByteBuffer ahead;

  Blocks(InputStream data, FtpConfig config) {
    this.data = data;
    this.size = config.blockSize();
  }

  @Override
  public boolean hasNext() {
    if (ahead == null) {
      try {
        ByteBuffer block = data instanceof DataStream blocks ? blocks.nextBlock() : read();
        ahead = block == null ? null : block.asReadOnlyBuffer();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return ahead != null;
  }

  private @Nullable ByteBuffer read() throws IOException {
    byte[] block = new byte[size];
    int n = data.read(block);
    return n < 0 ? null : ByteBuffer.wrap(Arrays.copyOf(block, n));
  }

  @Override
  public ByteBuffer next() {
    ByteBuffer block = hasNext() ? ahead : null;
    if (block == null) {
      throw new NoSuchElementException("the data is at its end");
    }
    ahead = null;
    return block;
  }
}
