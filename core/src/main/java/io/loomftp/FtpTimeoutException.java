package io.loomftp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A timeout of {@link Timeouts} expired; the message names it. The connection is out of step and closed.
 */
public final class FtpTimeoutException extends FtpException {
  private static final long serialVersionUID = 1L;

  /** For the library: use what the session throws. */
  public FtpTimeoutException(String message, ErrorKind kind, List<String> transcript, @Nullable Throwable cause) {
    super(message, kind, true, transcript, cause);
  }

  @Override
  public boolean sessionUsable() {
    return false;
  }
}
