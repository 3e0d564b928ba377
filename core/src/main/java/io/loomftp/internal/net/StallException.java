package io.loomftp.internal.net;

import java.io.InterruptedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A call on a socket lasted longer than its bound; the socket is closed. */
public final class StallException extends InterruptedIOException {
  private static final long serialVersionUID = 1L;

  public StallException(Duration bound, @Nullable Throwable cause) {
    super("nothing moved within " + bound.toMillis() + " ms");
    if (cause != null) {
      initCause(cause);
    }
  }
}
