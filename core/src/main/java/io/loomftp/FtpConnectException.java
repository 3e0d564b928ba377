package io.loomftp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * No connection to the server: unknown host, refused, unreachable, or a greeting that says go away.
 */
public final class FtpConnectException extends FtpException {
  private static final long serialVersionUID = 1L;

  /** For the library: use what the session throws. */
  public FtpConnectException(String message, ErrorKind kind, List<String> transcript, @Nullable Throwable cause) {
    super(message, kind, true, transcript, cause);
  }

  @Override
  public boolean sessionUsable() {
    return false;
  }
}
