package io.loomftp;

/**
 * Receives what happens in a session, step by step, on the thread that uses the session. For protocol logs, metrics and
 * front ends. It must return soon and must not call the session, whose
 * verbs throw an {@link IllegalStateException} then; what it throws ends the session.
 */
public interface SessionListener {
  /** Ignores everything. */
  SessionListener NONE = new SessionListener() {};

  /**
   * A command was sent. Not called for commands that are sent in the middle of another one: ABOR, the PWD that marks the
   * end of its replies, and the NOOPs of the keep-alive.
   *
   * @param command the line without its end, secrets masked
   */
  default void commandSent(String command) {}

  /**
   * A reply was read, preliminary ones too.
   *
   * @param command the line that it answers, secrets masked; empty for the greeting
   */
  default void replyReceived(String command, Reply reply) {}

  /** A data connection is established, for the transfer command that was or will be sent on the control connection. */
  default void dataConnected(DataConnection connection) {}

  /** The TLS handshake of the data connection is done. */
  default void dataProtected(DataConnection.Protection protection) {}
}
