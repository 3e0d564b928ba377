package io.loomftp.internal.control;

/** Whether the data connections of one session resume its TLS session. Used by the session's thread alone. */
public final class TlsResumption {
  private static final int SOON = 8;

  private boolean seen;
  /** Data connections since the control connection was replaced; negative when it never was. */
  private int sinceReconnect = -1;

  /** A protected data connection came up. */
  public void connected(boolean resumed) {
    seen |= resumed;
    if (sinceReconnect >= 0) {
      sinceReconnect++;
    }
  }

  /** Whether a data connection of this session has resumed its TLS session. */
  public boolean wasSeen() {
    return seen;
  }

  /** The control connection was replaced, for want of a TLS session that could be resumed. */
  public void reconnected() {
    sinceReconnect = 0;
  }

  /** Whether the control connection was replaced before, and that did not help for long. */
  public boolean ranOutSoon() {
    return sinceReconnect >= 0 && sinceReconnect < SOON;
  }
}
