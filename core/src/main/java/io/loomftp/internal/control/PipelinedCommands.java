package io.loomftp.internal.control;

import io.loomftp.FtpException;
import io.loomftp.Reply;
import io.loomftp.internal.wire.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The commands that were sent while a transfer runs, and whose reply is whose.
 *
 * <p>Servers answer in order, so the transfer's final reply comes first. Some look at the control connection while data
 * flows, and answer there and then what they read: 450 "transfer in progress", or the 213 of a SIZE. A reply that may be
 * either's is held back until all replies are there, or a 226 or 250 shows that the transfer went well.
 */
public final class PipelinedCommands {
  private final ControlConnection control;
  private final List<Command> commands;
  /** Read, but it is not known yet whose they are. */
  private final List<Reply> held = new ArrayList<>();
  private final List<Reply> answers = new ArrayList<>();
  private boolean odd;

  PipelinedCommands(ControlConnection control, List<Command> commands) {
    this.control = control;
    this.commands = List.copyOf(commands);
  }

  /** None at all. */
  public static PipelinedCommands none(ControlConnection control) {
    return new PipelinedCommands(control, List.of());
  }

  public List<Command> commands() {
    return commands;
  }

  public boolean isEmpty() {
    return commands.isEmpty();
  }

  /** How many replies to them have not been read. */
  public int owed() {
    return commands.size() - answers.size();
  }

  /** Whether a reply was read that may be the transfer's end, or not. */
  public boolean isHolding() {
    return !held.isEmpty();
  }

  /**
   * Takes a reply that is not preliminary.
   *
   * @return the transfer's final reply, once it is known which that is
   */
  public @Nullable Reply sort(Reply reply) {
    if (isEmpty()) {
      return reply;
    }
    if (endsTransfer(reply)) {
      odd |= !held.isEmpty();
      answers.addAll(held);
      held.clear();
      return reply;
    }
    held.add(reply);
    return held.size() > commands.size() ? takeEnd() : null;
  }

  /**
   * All replies are there. Without an error among them the transfer went well, whichever is its own. With one it failed:
   * the error may be that of a command behind it, but a success that may be is never told.
   */
  private Reply takeEnd() {
    Reply end = held.stream().filter(Reply::isError).findFirst().orElse(held.getFirst());
    odd |= !held.getFirst().equals(end);
    return take(end);
  }

  private Reply take(Reply end) {
    held.remove(end);
    answers.addAll(held);
    held.clear();
    return end;
  }

  /**
   * Nothing more came for a while: the first error that was held back is the transfer's. Null when there is none: a reply
   * that may be the answer to a command behind the transfer does not end it, and its own is still to come.
   */
  public @Nullable Reply firstError() {
    odd = true;
    Optional<Reply> error = held.stream().filter(Reply::isError).findFirst();
    return error.isPresent() ? take(error.get()) : null;
  }

  /** What a follower is answered with (200, 213, 227, 229, 253) does not end a transfer; nor does an error by itself. */
  private static boolean endsTransfer(Reply reply) {
    return switch (reply.code()) {
      case 200, 213, 227, 229, 253 -> false;
      default -> reply.isCompletion();
    };
  }

  /**
   * Reads the replies that are still owed, after the transfer's final one.
   *
   * @param patience for each of them
   * @return false when one did not come: the conversation is out of step then
   */
  public boolean readAll(Duration patience) throws FtpException {
    while (owed() > 0) {
      if (!control.hasReply(patience)) {
        odd = true;
        return false;
      }
      answers.add(control.readFinal(commands.get(answers.size()), patience));
    }
    return true;
  }

  /** Whether something was not as with a server that can take it. */
  public boolean wasOdd() {
    return odd;
  }

  /** The reply to one of them; empty where that cannot be told. */
  public Optional<Reply> answerTo(String verb) {
    for (int i = 0; !odd && i < answers.size(); i++) {
      if (commands.get(i).verb().equals(verb)) {
        return Optional.of(answers.get(i));
      }
    }
    return Optional.empty();
  }
}
