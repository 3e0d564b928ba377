package io.loomftp;

import java.util.List;

/**
 * The server refused a command with an error reply, or carried it out and its reply lacks the value that was asked for
 * ({@link ErrorKind#PROTOCOL}). The session is usable.
 */
public final class FtpReplyException extends FtpException {
  private static final long serialVersionUID = 1L;

  private final String command;
  private final Reply reply;

  /** For the library: use what the session throws. */
  public FtpReplyException(String command, Reply reply, ErrorKind kind, boolean certain, List<String> transcript) {
    super(command + " refused: " + reply, kind, certain, transcript, null);
    this.command = command;
    this.reply = reply;
  }

  /** For the library: the same refusal, with advice what to do behind the message. */
  public FtpReplyException(FtpReplyException refusal, String advice) {
    super(refusal.getMessage() + "; " + advice, refusal.kind(), refusal.certain(), refusal.transcript(), refusal);
    this.command = refusal.command;
    this.reply = refusal.reply;
  }

  /** For the library: a reply that lacks a value. */
  public FtpReplyException(String command, Reply reply, String missing, List<String> transcript) {
    super(command + ": no " + missing + " in the reply: " + reply, ErrorKind.PROTOCOL, true, transcript, null);
    this.command = command;
    this.reply = reply;
  }

  /** The command line as sent, secrets masked. */
  public String command() {
    return command;
  }

  /** The reply to it. */
  public Reply reply() {
    return reply;
  }

  @Override
  public boolean sessionUsable() {
    return true;
  }
}
