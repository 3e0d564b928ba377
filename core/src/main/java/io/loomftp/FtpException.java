package io.loomftp;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The root of all failures of a session. Sealed, so a {@code switch} over its subclasses is exhaustive
 * without a default.
 *
 * <p>The message names the command, its argument and the reply; secrets never appear in it.
 */
public abstract sealed class FtpException extends IOException
    permits FtpReplyException,
    FtpLoginException,
    FtpTransferException,
    FtpLocalException,
    FtpConnectException,
    FtpTlsException,
    FtpProtocolException,
    FtpTimeoutException,
    FtpClosedException,
    FtpInDoubtException {
  private static final long serialVersionUID = 1L;

  private final ErrorKind kind;
  private final boolean certain;
  private final String[] transcript;

  FtpException(String message, ErrorKind kind, boolean certain, List<String> transcript, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.certain = certain;
    this.transcript = transcript.toArray(String[]::new);
  }

  /** The class of the failure, for deciding what to do next. */
  public ErrorKind kind() {
    return kind;
  }

  /** False when the {@link #kind()} was derived from the wording of the reply: FTP has one code for many causes. */
  public boolean certain() {
    return certain;
  }

  /**
   * The last lines of the control conversation before this exception, oldest first, each with the time since the session
   * began; secrets are masked.
   */
  public List<String> transcript() {
    return List.of(transcript);
  }

  /** Whether the session can take the next command. If not, it is closed already. */
  public abstract boolean sessionUsable();
}
