package io.loomftp.internal.control;

import static io.loomftp.ReplyCode.COMMAND_OKAY;

import io.loomftp.FtpException;
import io.loomftp.Reply;
import io.loomftp.TransferType;
import io.loomftp.internal.wire.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a session has set on its connection: the TYPE and the folder. Used by the session's thread alone. */
public final class SessionState {
  private static final int TRAIL = 64;

  private @Nullable TransferType type;
  private boolean moved;
  private boolean unknown;

  /** The CWDs and CDUPs since login that lead to the present folder; an absolute path replaces those before it. */
  private final List<String> trail = new ArrayList<>();

  /** The folder in the last reply to PWD, null for none; it was the present one after this many steps of the trail. */
  private @Nullable String pwd;

  private int pwdAfter;

  /**
   * The present folder of a session.
   *
   * @param trail the steps from the folder after login
   * @param pwd the folder in the last reply to PWD, null for none
   * @param pwdAfter the steps of the trail at that time
   * @param moved whether the folder changed since the mark
   */
  public record Place(List<String> trail, @Nullable String pwd, int pwdAfter, boolean moved) {}

  /** The type set by the last accepted TYPE; empty when it is unknown. */
  public Optional<TransferType> type() {
    return Optional.ofNullable(type);
  }

  /** The command that sets a type. */
  public static Command typeCommand(TransferType type) {
    return Command.of("TYPE", type == TransferType.ASCII ? "A" : "I");
  }

  /** Sets the type on a connection. */
  public Reply setType(ControlConnection control, TransferType wanted) throws FtpException {
    type = null;
    Reply reply = control.ask(typeCommand(wanted)).expect(COMMAND_OKAY);
    type = wanted;
    return reply;
  }

  /** Records an accepted TYPE. */
  public void typeSet(TransferType accepted) {
    type = accepted;
  }

  /** Records that the type is unknown: TYPE was sent and not answered yet. */
  public void forgetType() {
    type = null;
  }

  /** Records that a folder was entered; null for the parent folder. */
  public void entered(@Nullable String path) {
    if (path != null && path.startsWith("/")) {
      trail.clear();
      pwd = null;
    }
    trail.add(path == null ? ".." : path);
    moved = true;
  }

  /** Records the folder in a reply to PWD. */
  public void pwdRead(String folder) {
    pwd = folder;
    pwdAfter = trail.size();
  }

  /** The present place. */
  public Place place() {
    return new Place(trail(), pwd, pwdAfter, moved);
  }

  /** Records that the session returned to an earlier place. */
  public void returnedTo(Place place) {
    trail.clear();
    trail.addAll(place.trail);
    pwd = place.pwd;
    pwdAfter = place.pwdAfter;
    moved = place.moved;
  }

  /** The ways from the folder after login to the present one, the best first: by the reply to PWD, then step by step. */
  public List<List<String>> returnPaths() {
    String folder = pwd;
    if (folder == null) {
      return List.of(trail());
    }
    List<String> direct = new ArrayList<>(trail.subList(pwdAfter, trail.size()));
    direct.addFirst(folder);
    return List.of(direct, trail());
  }

  /** Records that a command with unknown lasting effects was sent. */
  public void stateUnknown() {
    unknown = true;
  }

  /** Whether a command with unknown lasting effects was sent since the mark. */
  public boolean isStateUnknown() {
    return unknown;
  }

  /** Whether another folder was entered since the mark. */
  public boolean hasMoved() {
    return moved;
  }

  /** Marks the present state as the one to return to. */
  public void marked() {
    moved = false;
    unknown = false;
  }

  /** Whether the trail is so long that asking the server (PWD) is better. */
  public boolean trailIsLong() {
    return trail.size() > TRAIL;
  }

  /** The steps from the folder after login to the present one. */
  public List<String> trail() {
    return List.copyOf(trail);
  }
}
