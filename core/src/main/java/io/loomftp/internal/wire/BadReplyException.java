package io.loomftp.internal.wire;

import java.io.IOException;

/** What came cannot be read as FTP; the connection is out of step from here on. */
public final class BadReplyException extends IOException {
  private static final long serialVersionUID = 1L;

  private final boolean limit;

  /** What was wrong. */
  public BadReplyException(String message) {
    this(message, false);
  }

  /** What was wrong, and whether it was just too much. */
  public BadReplyException(String message, boolean limit) {
    super(message);
    this.limit = limit;
  }

  /** Whether a bound was broken. */
  public boolean isLimit() {
    return limit;
  }
}
