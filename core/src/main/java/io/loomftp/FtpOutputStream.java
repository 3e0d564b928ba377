package io.loomftp;

import io.loomftp.internal.file.StreamedSize;
import io.loomftp.internal.session.UploadCleanup;
import io.loomftp.internal.transfer.LineEnds;
import io.loomftp.internal.transfer.Transfer;
import java.io.OutputStream;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sends the data of an upload.
 *
 * <p>{@link #close()} completes the upload: it ends the data connection, waits for the server's final reply and
 * throws if that is an error. {@link #abort()} cancels the upload instead. Since {@code try} with resources completes what a
 * throwing body left half written, prefer {@link FtpSession#put(String, UploadBody)}, which aborts it then. While it is
 * open the session takes no other command.
 *
 * <p>Used by the session's thread; writes are not buffered, so write in blocks.
 */
public final class FtpOutputStream extends OutputStream {
  private final UploadCleanup uploads;
  private final Transfer transfer;
  private final StreamedSize size;
  private final @Nullable LineEnds text;
  private boolean closed;
  private @Nullable TransferResult result;

  FtpOutputStream(UploadCleanup uploads, Transfer transfer, StreamedSize size, boolean text) {
    this.uploads = uploads;
    this.transfer = transfer;
    this.size = size;
    this.text = text ? new LineEnds() : null;
  }

  @Override
  public void write(int b) throws FtpException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] source, int offset, int length) throws FtpException {
    Objects.checkFromIndexSize(offset, length, source.length);
    if (closed) {
      throw new IllegalStateException(transfer + " is closed");
    }
    if (text == null) {
      transfer.writePaced(source, offset, length);
    } else {
      byte[] wire = text.toWire(source, offset, length);
      transfer.writePaced(wire, 0, wire.length);
    }
  }

  /** The bytes sent so far, as counted on the wire. */
  public long bytes() {
    return transfer.bytes();
  }

  /** How TLS protects the data; empty when it does not. */
  public Optional<DataConnection.Protection> protection() {
    return transfer.protection();
  }

  /** The result of the transfer; empty until it was closed without failure. */
  public Optional<TransferResult> result() {
    return Optional.ofNullable(result);
  }

  /**
   * Aborts the upload and deletes the incomplete remote file where this upload created or emptied it (not after an append
   * or a restart). The session can go on. Does nothing after {@link #close()}.
   *
   * @throws FtpException when the session was lost; the incomplete file may then be left on the server
   */
  public void abort() throws FtpException {
    if (!closed) {
      closed = true;
      uploads.abort(transfer);
    }
  }

  /**
   * Completes the upload, and compares its size where the server gives it (SIZE) and {@link FtpConfig#verifyStreams()} demands
   * that. Where the connection is lost over that, the upload counts as confirmed and not verified.
   *
   * @throws FtpException when the server does not confirm the upload, or the server's file has not all that was sent
   */
  @Override
  public void close() throws FtpException {
    if (!closed) {
      closed = true;
      try {
        transfer.finish();
      } catch (FtpException e) {
        clearAfter(e);
        throw e;
      }
      result = size.compare(transfer);
    }
  }

  /** Deletes the file of an upload that another thread aborted while its confirmation was awaited. */
  private void clearAfter(FtpException failure) {
    if (failure.kind() != ErrorKind.ABORTED) {
      return;
    }
    try {
      uploads.abort(transfer);
    } catch (FtpException e) {
      failure.addSuppressed(e);
    }
  }
}
