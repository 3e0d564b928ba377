package io.loomftp.internal.control;

/** Records whether the data connections of a session resume its TLS session. Used by the session's thread alone. */
public final class TlsResumption {
  private static final int SOON = 8;

  private boolean seen;
  /** Data connections since the control connection was replaced; negative when it never was. */
  private int sinceReconnect = -1;

  /** Records a protected data connection. */
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

  /** Records that the control connection was replaced because no TLS session could be resumed. */
  public void reconnected() {
    sinceReconnect = 0;
  }

  /** Whether the control connection was replaced shortly before, without lasting effect. */
  public boolean ranOutSoon() {
    return sinceReconnect >= 0 && sinceReconnect < SOON;
  }
}
