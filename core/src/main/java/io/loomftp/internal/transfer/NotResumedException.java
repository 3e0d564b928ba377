package io.loomftp.internal.transfer;

import io.loomftp.FtpException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The TLS session of the control connection could not be resumed; another control connection may help. */
public final class NotResumedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final @Nullable FtpException refusal;

  NotResumedException(@Nullable FtpException refusal) {
    super(refusal);
    this.refusal = refusal;
  }

  /** The refusal of the server; empty when nothing was sent. */
  public Optional<FtpException> refusal() {
    return Optional.ofNullable(refusal);
  }
}
