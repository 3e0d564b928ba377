package io.loomftp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All data was moved, but the connection was lost before the server's final reply: the transfer may or may not have
 * succeeded. Compare the file over a new session before repeating the transfer. The session is closed.
 */
public final class FtpInDoubtException extends FtpException {
  private static final long serialVersionUID = 1L;

  private final long bytes;

  /** For the library: use what the session throws. */
  public FtpInDoubtException(String message, long bytes, List<String> transcript, @Nullable Throwable cause) {
    super(message, ErrorKind.IN_DOUBT, false, transcript, cause);
    this.bytes = bytes;
  }

  /** How many bytes were moved over the data connection. */
  public long bytes() {
    return bytes;
  }

  @Override
  public boolean sessionUsable() {
    return false;
  }
}
