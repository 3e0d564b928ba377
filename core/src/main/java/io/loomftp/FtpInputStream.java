package io.loomftp;

import io.loomftp.internal.transfer.AsciiReader;
import io.loomftp.internal.transfer.Transfer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The data of a download as it arrives.
 *
 * <p>The end of the stream (-1) is reported only when the data connection ended cleanly and the server's final reply was
 * 2yz; otherwise that read throws an {@link FtpException}. {@link #close()} before the end aborts the transfer and keeps the
 * session. While it is open the session takes no other command.
 *
 * <p>Used by the session's thread; reads are not buffered, so read in blocks.
 */
public final class FtpInputStream extends InputStream {
  private static final int BLOCK = 128 << 10;

  private final Transfer transfer;
  private final @Nullable AsciiReader text;
  private final @Nullable Range range;
  private long left = Long.MAX_VALUE;
  private boolean closed;

  /** The wanted bytes of the file, and the transcript for the exception if they do not arrive. */
  record Range(long from, long to, Supplier<List<String>> transcript) {}

  FtpInputStream(Transfer transfer, boolean text) {
    this.transfer = transfer;
    this.text = text ? new AsciiReader(transfer) : null;
    this.range = null;
  }

  /** For a transfer that begins at the start of a range. */
  FtpInputStream(Transfer transfer, Range range) {
    this.transfer = transfer;
    this.text = null;
    this.range = range;
    this.left = range.to - range.from;
  }

  @Override
  public int read() throws FtpException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws FtpException {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    if (closed) {
      throw new IllegalStateException(transfer + " is closed");
    }
    if (length == 0) {
      return 0;
    }
    if (range != null) {
      return readRange(range, buffer, offset, length);
    }
    return text == null ? transfer.readPaced(buffer, offset, length) : text.read(buffer, offset, length);
  }

  private int readRange(Range wanted, byte[] buffer, int offset, int length) throws FtpException {
    if (left == 0) {
      transfer.closeEarly();
      return -1;
    }
    int n = transfer.readPaced(buffer, offset, (int) Math.min(length, left));
    if (n < 0) {
      throw new FtpTransferException(
          transfer + ": the file ends at byte " + (wanted.to - left) + ", before the end of the range at " + wanted.to,
          result().flatMap(TransferResult::reply).orElse(null),
          wanted.to - wanted.from - left,
          ErrorKind.TRUNCATED,
          true,
          wanted.transcript.get(),
          null);
    }
    left -= n;
    return n;
  }

  /** At least how many bytes a read returns without waiting for the server; an estimate of 0 or 1 for TLS, 0 for text. */
  @Override
  public int available() {
    return closed || text != null ? 0 : (int) Math.min(left, transfer.available());
  }

  /** Copies what is left in blocks of 128 KiB. */
  @Override
  public long transferTo(OutputStream out) throws IOException {
    byte[] block = new byte[BLOCK];
    long moved = 0;
    for (int n = read(block, 0, block.length); n >= 0; n = read(block, 0, block.length)) {
      out.write(block, 0, n);
      moved += n;
    }
    return moved;
  }

  /** The result of the transfer; empty until its end was read. */
  public Optional<TransferResult> result() {
    return transfer.succeeded();
  }

  /** How TLS protects the data; empty when it does not. */
  public Optional<DataConnection.Protection> protection() {
    return transfer.protection();
  }

  /**
   * Ends the transfer. If the end of the data was not read yet, the transfer is aborted (ABOR) and all pending replies
   * are read, so that the session can go on.
   *
   * @throws FtpException when the session was lost
   */
  @Override
  public void close() throws FtpException {
    if (!closed) {
      closed = true;
      transfer.closeEarly();
    }
  }
}
