package io.loomftp.internal.control;

import io.loomftp.Reply;
import io.loomftp.internal.wire.Command;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Masks secrets that were sent, also where the server echoes them. Safe for use by any thread. */
final class SecretMask {
  private static final int SHORTEST_IN_REPLY = 3;
  private static final int SHORTEST_ANYWHERE = 4;
  private static final String MASK = "***";

  private final List<String> secrets = new CopyOnWriteArrayList<>();

  /** Remembers the secrets of a command that is about to be sent. */
  void remember(Command command) {
    command.secrets().stream().filter(secret -> secret.length() >= SHORTEST_ANYWHERE).forEach(secrets::add);
  }

  /** The text with every secret that was sent masked. */
  String masked(@Nullable String text) {
    String shown = String.valueOf(text);
    for (String secret : secrets) {
      shown = shown.replace(secret, MASK);
    }
    return shown;
  }

  /** The reply to a command with that command's secrets masked. */
  static Reply masked(Command command, Reply reply) {
    List<String> lines = reply.lines();
    for (String secret : command.secrets()) {
      if (secret.length() >= SHORTEST_IN_REPLY) {
        lines = lines.stream().map(line -> line.replace(secret, MASK)).toList();
      }
    }
    return lines.equals(reply.lines()) ? reply : new Reply(reply.code(), lines);
  }
}
