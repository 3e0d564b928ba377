package io.loomftp.internal.wire;

import java.io.IOException;

/** The server violated the protocol; the connection is out of step. */
public final class BadReplyException extends IOException {
  private static final long serialVersionUID = 1L;

  private final boolean limit;

  /** A violation of the protocol. */
  public BadReplyException(String message) {
    this(message, false);
  }

  /** A violation of the protocol, or a bound that was exceeded. */
  public BadReplyException(String message, boolean limit) {
    super(message);
    this.limit = limit;
  }

  /** Whether a bound was exceeded. */
  public boolean isLimit() {
    return limit;
  }
}
