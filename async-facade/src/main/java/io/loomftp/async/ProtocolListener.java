package io.loomftp.async;

import io.loomftp.DataConnection;
import io.loomftp.Reply;
import io.loomftp.SessionListener;
import org.jspecify.annotations.Nullable;

/** Notifies the running command of the core's steps, and the user's listener too. */
final class ProtocolListener implements SessionListener {
  private final SessionListener users;
  private volatile @Nullable Operation<?> running;

  ProtocolListener(SessionListener users) {
    this.users = users;
  }

  /** Sets the command to which replies belong; null when none runs. */
  void follow(@Nullable Operation<?> operation) {
    running = operation;
  }

  @Override
  public void commandSent(String command) {
    users.commandSent(command);
  }

  @Override
  public void replyReceived(String command, Reply reply) {
    Operation<?> operation = running;
    if (operation != null) {
      int blank = command.indexOf(' ');
      operation.replied(blank < 0 ? command : command.substring(0, blank), reply);
    }
    users.replyReceived(command, reply);
  }

  @Override
  public void dataConnected(DataConnection connection) {
    Operation<?> operation = running;
    if (operation != null) {
      operation.dataConnected();
    }
    users.dataConnected(connection);
  }

  @Override
  public void dataProtected(DataConnection.Protection protection) {
    users.dataProtected(protection);
  }
}
