package io.loomftp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The local side failed: no such file, disk full, target not writable, or the caller's own stream threw. The cause is the
 * exception of the file system or of the caller. The transfer was aborted; the session is usable unless the abort failed.
 */
public final class FtpLocalException extends FtpException {
  private static final long serialVersionUID = 1L;

  private final boolean sessionUsable;

  /** For the library: use what the session throws. */
  public FtpLocalException(
      String message, ErrorKind kind, boolean sessionUsable, List<String> transcript, @Nullable Throwable cause) {
    super(message, kind, true, transcript, cause);
    this.sessionUsable = sessionUsable;
  }

  @Override
  public boolean sessionUsable() {
    return sessionUsable;
  }
}
