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
 * The commands that were sent during a transfer; assigns the replies to them and to the transfer.
 *
 * <p>Servers answer in order, so the transfer's final reply comes first. Some read the control connection while data
 * flows and answer at once: 450 "transfer in progress", or the 213 of a SIZE. A reply that may belong to either
 * is held back until all replies have arrived, or a 226 or 250 shows that the transfer succeeded.
 */
public final class PipelinedCommands {
  private final ControlConnection control;
  private final List<Command> commands;
  /** Replies that were read and not assigned yet. */
  private final List<Reply> held = new ArrayList<>();
  private final List<Reply> answers = new ArrayList<>();
  private boolean odd;

  PipelinedCommands(ControlConnection control, List<Command> commands) {
    this.control = control;
    this.commands = List.copyOf(commands);
  }

  /** No commands. */
  public static PipelinedCommands none(ControlConnection control) {
    return new PipelinedCommands(control, List.of());
  }

  public List<Command> commands() {
    return commands;
  }

  public boolean isEmpty() {
    return commands.isEmpty();
  }

  /** The number of pending replies to them. */
  public int owed() {
    return commands.size() - answers.size();
  }

  /** Whether a reply is held back that may be the transfer's final one. */
  public boolean isHolding() {
    return !held.isEmpty();
  }

  /**
   * Assigns a reply that is not preliminary.
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
   * All replies have arrived. Without an error among them the transfer succeeded, whichever is its own. With one it is reported
   * as failed: the error may belong to a command behind it, but a success that is not certain is never reported.
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
   * No further reply arrived in time: the first error that was held back is the transfer's. Null when there is none: a reply
   * that may belong to a command behind the transfer does not end it, and its own is still pending.
   */
  public @Nullable Reply firstError() {
    odd = true;
    Optional<Reply> error = held.stream().filter(Reply::isError).findFirst();
    return error.isPresent() ? take(error.get()) : null;
  }

  /** The replies to followers (200, 213, 227, 229, 253) do not end a transfer; nor does an error by itself. */
  private static boolean endsTransfer(Reply reply) {
    return switch (reply.code()) {
      case 200, 213, 227, 229, 253 -> false;
      default -> reply.isCompletion();
    };
  }

  /**
   * Reads the pending replies, after the transfer's final one.
   *
   * @param bound for each of them
   * @return false when one did not arrive: the connection is out of step then
   */
  public boolean readAll(Duration bound) throws FtpException {
    while (owed() > 0) {
      if (!control.hasReply(bound)) {
        odd = true;
        return false;
      }
      answers.add(control.readFinal(commands.get(answers.size()), bound));
    }
    return true;
  }

  /** Whether the replies differed from those of a server that supports it. */
  public boolean wasOdd() {
    return odd;
  }

  /** The reply to one of them; empty where it is unknown. */
  public Optional<Reply> answerTo(String verb) {
    for (int i = 0; !odd && i < answers.size(); i++) {
      if (commands.get(i).verb().equals(verb)) {
        return Optional.of(answers.get(i));
      }
    }
    return Optional.empty();
  }
}
