package io.loomftp.internal.transfer;

import java.util.Arrays;

/**
 * Converts the line ends of {@code TYPE A}, CRLF, to local ones, LF, and back, block by block (RFC 959 section
 * 3.1.1.1). A CR that is not followed by LF is left as it is.
 */
public final class LineEnds {
  private boolean heldCr;
  private int last;

  /** One object serves one text in one direction. */
  public LineEnds() {}

  /**
   * Converts CRLF to LF, in place. A CR at the end is held back until the next block shows what follows it.
   *
   * @param block with room for one byte more than {@code length}
   * @return the number of bytes that are left
   */
  public int toLocal(byte[] block, int length) {
    int out = 0;
    boolean cr = heldCr;
    byte[] source = block;
    if (cr) {
      source = Arrays.copyOf(block, length);
    }
    for (int i = 0; i < length; i++) {
      byte b = source[i];
      if (cr && b != '\n') {
        block[out++] = '\r';
      }
      cr = b == '\r';
      if (!cr) {
        block[out++] = b;
      }
    }
    heldCr = cr;
    return out;
  }

  /** Puts a CR that is still held back at the end of the text into the block; returns the number of bytes. */
  public int rest(byte[] block) {
    if (!heldCr) {
      return 0;
    }
    heldCr = false;
    block[0] = '\r';
    return 1;
  }

  /** Converts LF to CRLF; a CRLF is kept. */
  public byte[] toWire(byte[] source, int offset, int length) {
    int bare = 0;
    int before = last;
    for (int i = offset; i < offset + length; i++) {
      bare += source[i] == '\n' && before != '\r' ? 1 : 0;
      before = source[i];
    }
    byte[] wire = new byte[length + bare];
    int at = 0;
    for (int i = offset; i < offset + length; i++) {
      if (source[i] == '\n' && last != '\r') {
        wire[at++] = '\r';
      }
      wire[at++] = source[i];
      last = source[i];
    }
    return wire;
  }
}
