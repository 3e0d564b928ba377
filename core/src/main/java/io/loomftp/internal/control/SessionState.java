package io.loomftp.internal.control;

import io.loomftp.Features;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a session has learned of its server and set there; used by the session's thread alone. */
public final class SessionState {
  private static final int TRAIL = 64;
  private static final int SOON = 8;

  public Features features = Features.NONE;
  /** The argument of the last TYPE that was accepted, null when it is not known. */
  public @Nullable String type;
  /** EPSV was refused or led nowhere where PASV worked. */
  public boolean epsvUseless;
  /** EPRT was refused. */
  public boolean eprtUseless;
  /** The server wants the TLS handshake of data connections before it says 150. */
  public boolean handshakeFirst;
  /** The server refuses to speak TLS 1.2, or to resume its sessions. */
  public boolean noTls12;
  /** What is sent ahead of its time. */
  public final Pipeline pipeline = new Pipeline();

  /** A data connection has resumed the control connection's TLS session. */
  public boolean resumedBefore;
  /** A transfer succeeded though its TLS session was not resumed. */
  public boolean resumptionNotDemanded;
  /** Another folder was entered since the bookmark was set. */
  public boolean moved;
  /** Something was sent of which nobody knows what it left behind on the connection. */
  public boolean stateUnknown;

  /** Data connections since the control connection was replaced; negative when it never was. */
  private int sinceAnew = -1;

  /** The CWDs and CDUPs since login that lead to where we are, an absolute one making those before it forgotten. */
  private final List<String> trail = new ArrayList<>();

  /** A protected data connection came up. */
  public void dataProtected(boolean resumed) {
    resumedBefore |= resumed;
    if (sinceAnew >= 0) {
      sinceAnew++;
    }
  }

  /** The control connection was replaced by a new one. */
  public void connectedAnew() {
    sinceAnew = 0;
  }

  /** Whether the control connection was replaced before, and that did not help for long. */
  public boolean ranOutSoonAfterAnew() {
    return sinceAnew >= 0 && sinceAnew < SOON;
  }

  /** A folder was entered; null is the one above. */
  public void entered(@Nullable String path) {
    if (path != null && path.startsWith("/")) {
      trail.clear();
    }
    trail.add(path == null ? ".." : path);
    moved = true;
  }

  /** The present state is the one of the bookmark. */
  public void marked() {
    moved = false;
    stateUnknown = false;
  }

  /** The folder of the bookmark was entered again, to which this way leads from the one after login. */
  public void movedBack(List<String> way) {
    trail.clear();
    trail.addAll(way);
    moved = false;
  }

  /** Whether the way back has become so long that asking the server is better. */
  public boolean trailIsLong() {
    return trail.size() > TRAIL;
  }

  /** The way from the folder after login to the present one. */
  public List<String> trail() {
    return List.copyOf(trail);
  }
}
