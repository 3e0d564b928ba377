package io.loomftp.internal.transfer;

import io.loomftp.FtpException;

/** Reads the text of a download in {@code TYPE A} with local line ends. */
public final class AsciiReader {
  private static final int SIZE = 8 << 10;

  private final Transfer transfer;
  private final LineEnds ends = new LineEnds();
  private final byte[] block = new byte[SIZE + 1];
  private int at;
  private int end;

  /** A reader for one download. */
  public AsciiReader(Transfer transfer) {
    this.transfer = transfer;
  }

  /** Reads as {@link java.io.InputStream#read(byte[], int, int)} does; -1 when the transfer succeeded. */
  public int read(byte[] buffer, int offset, int length) throws FtpException {
    while (at == end) {
      int n = transfer.readPaced(block, 0, SIZE);
      at = 0;
      end = n < 0 ? ends.rest(block) : ends.toLocal(block, n);
      if (n < 0 && end == 0) {
        return -1;
      }
    }
    int given = Math.min(length, end - at);
    System.arraycopy(block, at, buffer, offset, given);
    at += given;
    return given;
  }
}
