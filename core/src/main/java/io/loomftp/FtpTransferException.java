package io.loomftp;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A transfer did not complete: the server's final reply was an error, the data was truncated or differs, it was too
 * slow, or the caller aborted it; or it was not begun, since the target must not be replaced or the server lacks a hash that
 * is demanded. All pending replies were read: the session is usable.
 */
public final class FtpTransferException extends FtpException {
  private static final long serialVersionUID = 1L;

  private final @Nullable Reply reply;
  private final long bytes;

  /** For the library: use what the session throws. */
  public FtpTransferException(
      String message,
      @Nullable Reply reply,
      long bytes,
      ErrorKind kind,
      boolean certain,
      List<String> transcript,
      @Nullable Throwable cause) {
    super(message, kind, certain, transcript, cause);
    this.reply = reply;
    this.bytes = bytes;
  }

  /** The server's final reply; it may be a 2yz even where the data was truncated. */
  public Optional<Reply> reply() {
    return Optional.ofNullable(reply);
  }

  /** How many bytes were moved over the data connection before the end. */
  public long bytes() {
    return bytes;
  }

  @Override
  public boolean sessionUsable() {
    return true;
  }
}
