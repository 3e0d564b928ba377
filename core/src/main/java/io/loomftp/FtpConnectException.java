package io.loomftp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * No connection to the server: unknown host, refused, unreachable, or a greeting that says go away. Where a proxy is the reason
 * it is a {@link FtpProxyException}.
 */
public sealed class FtpConnectException extends FtpException permits FtpProxyException {
  private static final long serialVersionUID = 1L;

  /** For the library: use what the session throws. */
  public FtpConnectException(String message, ErrorKind kind, List<String> transcript, @Nullable Throwable cause) {
    super(message, kind, true, transcript, cause);
  }

  @Override
  public final boolean sessionUsable() {
    return false;
  }
}
