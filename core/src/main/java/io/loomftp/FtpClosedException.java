package io.loomftp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connection is gone: the server hung up or said 421, {@link FtpSession#close} was called, or the session's thread was
 * interrupted. Later calls throw it again, with the first reason as the cause.
 */
public final class FtpClosedException extends FtpException {
  private static final long serialVersionUID = 1L;

  /** For the library: use what the session throws. */
  public FtpClosedException(String message, ErrorKind kind, List<String> transcript, @Nullable Throwable cause) {
    super(message, kind, true, transcript, cause);
  }

  @Override
  public boolean sessionUsable() {
    return false;
  }
}
