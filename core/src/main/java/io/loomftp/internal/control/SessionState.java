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

  /** The CWDs and CDUPs since login that lead to where we are, an absolute one making those before it forgotten. */
  private final List<String> trail = new ArrayList<>();

  /** The folder that the last PWD told, null for none; it was the present one after this many steps of the trail. */
  private @Nullable String told;

  private int toldAfter;

  /**
   * Where a session is.
   *
   * @param trail leads there from the folder after login
   * @param told what PWD told, null for nothing
   * @param toldAfter so many steps of the trail
   * @param moved since the mark
   */
  public record Place(List<String> trail, @Nullable String told, int toldAfter, boolean moved) {}

  /** The type that the last accepted TYPE set; empty when it is not known. */
  public Optional<TransferType> type() {
    return Optional.ofNullable(type);
  }

  /** The command that sets a type. */
  public static Command typing(TransferType type) {
    return Command.of("TYPE", type == TransferType.ASCII ? "A" : "I");
  }

  /** Sets the type on a connection. */
  public Reply setType(ControlConnection control, TransferType wanted) throws FtpException {
    type = null;
    Reply reply = control.ask(typing(wanted)).expect(COMMAND_OKAY);
    type = wanted;
    return reply;
  }

  /** TYPE was accepted. */
  public void typeSet(TransferType accepted) {
    type = accepted;
  }

  /** TYPE was sent, and it is not known yet what came of it. */
  public void forgetType() {
    type = null;
  }

  /** A folder was entered; null is the one above. */
  public void entered(@Nullable String path) {
    if (path != null && path.startsWith("/")) {
      trail.clear();
      told = null;
    }
    trail.add(path == null ? ".." : path);
    moved = true;
  }

  /** PWD told the present folder. */
  public void told(String folder) {
    told = folder;
    toldAfter = trail.size();
  }

  /** Where the session is now. */
  public Place place() {
    return new Place(trail(), told, toldAfter, moved);
  }

  /** The session is back at a place where it was before. */
  public void backAt(Place place) {
    trail.clear();
    trail.addAll(place.trail);
    told = place.told;
    toldAfter = place.toldAfter;
    moved = place.moved;
  }

  /** The ways from the folder after login to the present one, the best first: by what PWD told, then step by step. */
  public List<List<String>> waysBack() {
    String folder = told;
    if (folder == null) {
      return List.of(trail());
    }
    List<String> direct = new ArrayList<>(trail.subList(toldAfter, trail.size()));
    direct.addFirst(folder);
    return List.of(direct, trail());
  }

  /** Something was sent of which nobody knows what it left behind on the connection. */
  public void stateUnknown() {
    unknown = true;
  }

  /** Whether something was sent since the mark of which nobody knows what it left behind. */
  public boolean isStateUnknown() {
    return unknown;
  }

  /** Whether another folder was entered since the mark. */
  public boolean hasMoved() {
    return moved;
  }

  /** The present state is the one to come back to. */
  public void marked() {
    moved = false;
    unknown = false;
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
