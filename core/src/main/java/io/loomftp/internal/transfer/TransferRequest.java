package io.loomftp.internal.transfer;

import io.loomftp.internal.wire.Command;
import java.util.List;

/**
 * What is to be transferred.
 *
 * @param command the command that starts the transfer
 * @param upload whether the data goes to the server
 * @param restart the offset for a REST before the command, 0 for none
 * @param behind what may be sent behind the command, where the server takes that: {@link Transfer#answerTo} has the replies
 *     then. It is carried out even if the transfer fails, so it must do no harm
 */
public record TransferRequest(Command command, boolean upload, long restart, List<Command> behind) {
  /** Copies the list. */
  public TransferRequest {
    behind = List.copyOf(behind);
  }

  @Override
  public String toString() {
    return command.toString();
  }
}
