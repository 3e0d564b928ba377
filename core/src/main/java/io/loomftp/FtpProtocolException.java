package io.loomftp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The server violated the protocol or exceeded a bound of {@link Limits}; the connection is out of step and closed.
 */
public final class FtpProtocolException extends FtpException {
  private static final long serialVersionUID = 1L;

  /** For the library: use what the session throws. */
  public FtpProtocolException(String message, ErrorKind kind, List<String> transcript, @Nullable Throwable cause) {
    super(message, kind, true, transcript, cause);
  }

  @Override
  public boolean sessionUsable() {
    return false;
  }
}
