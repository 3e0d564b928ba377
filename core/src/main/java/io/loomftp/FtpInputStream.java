package io.loomftp;

import io.loomftp.internal.transfer.AsciiReader;
import io.loomftp.internal.transfer.Transfer;
import java.io.InputStream;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The data of a download as it arrives.
 *
 * <p>The end of the stream (-1) is reported only when the data connection ended cleanly and the server's final reply was
 * 2yz; otherwise that read throws an {@link FtpException}. {@link #close()} before the end calls the transfer off and keeps
 * the session. While it is open the session takes no other command.
 *
 * <p>Used by the session's thread; reads are not buffered, so read in blocks.
 */
public final class FtpInputStream extends InputStream {
  private final Transfer transfer;
  private final @Nullable AsciiReader text;
  private boolean closed;

  FtpInputStream(Transfer transfer, boolean text) {
    this.transfer = transfer;
    this.text = text ? new AsciiReader(transfer) : null;
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
    return text == null ? transfer.readPaced(buffer, offset, length) : text.read(buffer, offset, length);
  }

  /** What came of the transfer; empty before its end was read. */
  public Optional<TransferResult> result() {
    return transfer.succeeded();
  }

  /** How TLS protects the data; empty when it does not. */
  public Optional<DataConnection.Protection> protection() {
    return transfer.protection();
  }

  /**
   * Ends the transfer. If the end of the data was not read yet, the transfer is called off (ABOR), and what the server owes
   * is read, so that the session can go on.
   *
   * @throws FtpException when the session was lost over it
   */
  @Override
  public void close() throws FtpException {
    if (!closed) {
      closed = true;
      transfer.closeEarly();
    }
  }
}
