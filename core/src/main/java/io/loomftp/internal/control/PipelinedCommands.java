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
 * The commands that were sent right behind a transfer's own, and whose reply is whose.
 *
 * <p>Servers answer in order, so the transfer's final reply comes first. Some look at the control connection while data
 * flows, and refuse there and then what they read (450 "transfer in progress"): an error before the transfer's end may
 * therefore be either's. It is held back until all replies are there, or a 226 or 250 shows that the transfer went well.
 */
public final class PipelinedCommands {
  private final ControlConnection control;
  private final List<Command> commands;
  /** Read, but it is not known yet whose they are. */
  private final List<Reply> held = new ArrayList<>();
  private final List<Reply> answers = new ArrayList<>();
  private boolean odd;

  public PipelinedCommands(ControlConnection control, List<Command> commands) {
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

  /** Whether an error was read that may be the transfer's end, or not. */
  public boolean isHolding() {
    return !held.isEmpty();
  }

  /**
   * Takes a reply that is not preliminary.
   *
   * @param begun whether the server has said that data flows
   * @return the transfer's final reply, once it is known which that is
   */
  public @Nullable Reply sort(Reply reply, boolean begun) {
    if (held.isEmpty() && (isEmpty() || !begun || endsTransfer(reply))) {
      return reply;
    }
    if (endsTransfer(reply)) {
      odd = true;
      answers.addAll(held);
      held.clear();
      return reply;
    }
    held.add(reply);
    return held.size() > commands.size() ? firstError() : null;
  }

  /** Nothing more came: the first error that was held back was the transfer's. */
  public @Nullable Reply firstError() {
    Reply found = held.stream().filter(Reply::isError).findFirst().orElse(null);
    if (found != null) {
      odd |= held.indexOf(found) > 0;
      held.remove(found);
      answers.addAll(held);
      held.clear();
    }
    return found;
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
   * @param patience for each of them; when one does not come the conversation is brought in step without it
   */
  public void readAll(Duration patience, Duration bound) throws FtpException {
    while (owed() > 0) {
      if (!control.hasReply(patience)) {
        odd = true;
        int missing = owed();
        answers.clear();
        AbortResync.afterInterjections(control, missing, bound);
        return;
      }
      answers.add(control.readFinal(commands.get(answers.size()), bound));
    }
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
