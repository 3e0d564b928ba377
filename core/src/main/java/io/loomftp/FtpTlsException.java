package io.loomftp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * TLS was demanded and could not be established, or the server's certificate is not trusted (RFC 4217). No password was
 * sent in clear text.
 */
public final class FtpTlsException extends FtpException {
  private static final long serialVersionUID = 1L;

  /** For the library: use what the session throws. */
  public FtpTlsException(String message, ErrorKind kind, List<String> transcript, @Nullable Throwable cause) {
    super(message, kind, true, transcript, cause);
  }

  @Override
  public boolean sessionUsable() {
    return false;
  }
}
