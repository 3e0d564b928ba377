package io.loomftp.internal.session;

import io.loomftp.Features;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a session has learned of its server and set there; used by the session's thread alone. */
final class SessionState {
  private static final int TRAIL = 64;
  private static final int SOON = 8;

  Features features = Features.NONE;
  /** The argument of the last TYPE that was accepted, null when it is not known. */
  @Nullable String type;
  /** EPSV was refused or led nowhere where PASV worked. */
  boolean epsvUseless;
  /** EPRT was refused. */
  boolean eprtUseless;
  /** The server wants the TLS handshake of data connections before it says 150. */
  boolean handshakeFirst;
  /** The server refuses to speak TLS 1.2, or to resume its sessions. */
  boolean noTls12;
  /** What is sent ahead of its time. */
  final Pipeline pipeline = new Pipeline();

  /** A data connection has resumed the control connection's TLS session. */
  boolean resumedBefore;
  /** A transfer succeeded though its TLS session was not resumed. */
  boolean resumptionNotDemanded;
  /** Another folder was entered since the bookmark was set. */
  boolean moved;
  /** Something was sent of which nobody knows what it left behind on the connection. */
  boolean strayed;

  /** Data connections since the control connection was replaced; negative when it never was. */
  private int sinceAnew = -1;

  /** The CWDs and CDUPs since login that lead to where we are, an absolute one making those before it forgotten. */
  private final List<String> trail = new ArrayList<>();

  /** A protected data connection came up. */
  void dataProtected(boolean resumed) {
    resumedBefore |= resumed;
    if (sinceAnew >= 0) {
      sinceAnew++;
    }
  }

  /** The control connection was replaced by a new one. */
  void connectedAnew() {
    sinceAnew = 0;
  }

  /** Whether the control connection was replaced before, and that did not help for long. */
  boolean ranOutSoonAfterAnew() {
    return sinceAnew >= 0 && sinceAnew < SOON;
  }

  /** A folder was entered; null is the one above. */
  void entered(@Nullable String path) {
    if (path != null && path.startsWith("/")) {
      trail.clear();
    }
    trail.add(path == null ? ".." : path);
    moved = true;
  }

  /** The present state is the one of the bookmark. */
  void marked() {
    moved = false;
    strayed = false;
  }

  /** The folder of the bookmark was entered again, to which this way leads from the one after login. */
  void movedBack(List<String> way) {
    trail.clear();
    trail.addAll(way);
    moved = false;
  }

  /** Whether the way back has become so long that asking the server is better. */
  boolean trailIsLong() {
    return trail.size() > TRAIL;
  }

  /** The way from the folder after login to the present one. */
  List<String> trail() {
    return List.copyOf(trail);
  }
}
