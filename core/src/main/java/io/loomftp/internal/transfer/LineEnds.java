package io.loomftp.internal.transfer;

import java.util.Arrays;

/**
 * Turns the line ends of {@code TYPE A}, CRLF, into those of this side, LF, and back, block by block (RFC 959 section
 * 3.1.1.1). A CR that is not followed by LF is left as it is.
 */
public final class LineEnds {
  private boolean heldCr;
  private int last;

  /** Both ways start at the beginning of a text; one object serves one text in one direction. */
  public LineEnds() {}

  /**
   * CRLF to LF, in place. A CR at the very end is held back until the next block shows what follows it.
   *
   * @param block with room for one byte more than {@code length}
   * @return how many bytes are left
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

  /** At the end of the text: puts what is still held back into the block; how many bytes that is. */
  public int rest(byte[] block) {
    if (!heldCr) {
      return 0;
    }
    heldCr = false;
    block[0] = '\r';
    return 1;
  }

  /** LF to CRLF; a CRLF stays what it is. */
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
