package io.loomftp.examples.benchmarks;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A sink for the content of one file. In the round that warms up it compares every byte with the original; in those that
 * count it counts bytes, so that the comparison is not measured.
 */
final class CheckedSink extends OutputStream {
  private final Path original;
  private final long size;
  private InputStream expected = InputStream.nullInputStream();
  private boolean comparing;
  private long taken;

  CheckedSink(Path original) throws IOException {
    this.original = original;
    size = Files.size(original);
  }

  /** Begins a round. */
  void begin(boolean compare) throws IOException {
    expected.close();
    taken = 0;
    comparing = compare;
    expected = compare ? new BufferedInputStream(Files.newInputStream(original)) : InputStream.nullInputStream();
  }

  /** Checks that the whole file came. */
  void verify() throws IOException {
    expected.close();
    if (taken != size) {
      throw new EOFException(taken + " bytes came, not " + size);
    }
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    taken += length;
    if (comparing) {
      byte[] right = expected.readNBytes(length);
      if (!Arrays.equals(right, 0, right.length, bytes, offset, offset + length)) {
        throw new IOException("a wrong byte came before byte " + taken);
      }
    }
  }
}
