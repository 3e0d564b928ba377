package io.loomftp.internal.transfer;

import io.loomftp.internal.wire.Command;
import java.util.List;

/**
 * A request for a transfer.
 *
 * @param command the command that starts the transfer
 * @param upload whether the data goes to the server
 * @param restart the offset for a REST before the command, 0 for none
 * @param behind commands that may be sent behind this one, where the server supports that; {@link Transfer#answerTo} has their
 *     replies. They are executed even if the transfer fails, so they must be harmless
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
