package io.loomftp.internal.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Detects a server that accepts REST but sends the file from its beginning. Arriving data is compared with the beginning of the
 * partial file. While it is equal it is held back; the first difference proves that the server started at the offset, and what
 * was held back is written.
 */
final class RestartGuard extends OutputStream {
  private static final int BLOCK = 64 << 10;

  private final PartialFile part;
  private final long from;
  private final OutputStream out;
  private final InputStream beginning;
  private long held;
  private boolean repeated = true;

  /**
   * A guard for one transfer.
   *
   * @param from length of the partial file, the offset of REST
   * @param out writes behind that
   */
  RestartGuard(PartialFile part, long from, OutputStream out) throws IOException {
    this.part = part;
    this.from = from;
    this.out = out;
    this.beginning = part.content();
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] block, int offset, int length) throws IOException {
    if (repeated && isBeginning(block, offset, length)) {
      held += length;
      return;
    }
    accept();
    out.write(block, offset, length);
  }

  private boolean isBeginning(byte[] block, int offset, int length) throws IOException {
    byte[] expected = beginning.readNBytes((int) Math.min(length, from - held));
    int compared = expected.length;
    return java.util.Arrays.equals(expected, 0, compared, block, offset, offset + compared);
  }

  /** Accepts that the server started at the offset: writes what was held back. */
  void accept() throws IOException {
    if (!repeated) {
      return;
    }
    repeated = false;
    long left = held;
    try (InputStream again = part.content()) {
      while (left > 0) {
        byte[] block = again.readNBytes((int) Math.min(left, BLOCK));
        if (block.length == 0) {
          throw new IOException("the partial file has become shorter");
        }
        out.write(block, 0, block.length);
        left -= block.length;
      }
    }
  }

  /** Whether all arrived data equals the beginning of the file. */
  boolean isRepeated() {
    return repeated && held > 0;
  }

  /** Whether all of the partial file arrived again. */
  boolean isWholeRepeated() {
    return repeated && held >= from;
  }

  @Override
  public void close() throws IOException {
    beginning.close();
  }
}
