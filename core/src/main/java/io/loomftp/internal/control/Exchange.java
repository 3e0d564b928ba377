package io.loomftp.internal.control;

import io.loomftp.ErrorKind;
import io.loomftp.FtpException;
import io.loomftp.FtpProtocolException;
import io.loomftp.FtpReplyException;
import io.loomftp.Reply;
import io.loomftp.ReplyCode;
import io.loomftp.internal.wire.Command;

/** A command and its final reply. */
public final class Exchange {
  private final ConnectionEnd end;
  private final Command command;
  private final Reply reply;

  Exchange(ConnectionEnd end, Command command, Reply reply) {
    this.end = end;
    this.command = command;
    this.reply = reply;
  }

  public Command command() {
    return command;
  }

  public Reply reply() {
    return reply;
  }

  /**
   * The reply, if it is of the same kind as the expected one: the first digit decides (RFC 1123 section 4.1.2.11).
   *
   * @throws FtpReplyException for 4yz and 5yz
   * @throws FtpProtocolException for a success that the command cannot have
   */
  public Reply expect(ReplyCode expected) throws FtpException {
    if (reply.firstDigit() == expected.code() / 100) {
      return reply;
    }
    throw refused();
  }

  /** Whether the server does not support the command; the caller may try an older one. */
  public boolean isUnknown() {
    return reply.code() == 500 || reply.code() == 502;
  }

  /** The exception for the reply. */
  public FtpException refused() {
    if (reply.isError()) {
      ReplyClassifier refusal = ReplyClassifier.of(command.verb(), reply);
      return new FtpReplyException(
          command.toString(), reply, refusal.kind(), refusal.certain(), end.lines());
    }
    return end.fail(
        new FtpProtocolException(
            command + ": " + reply + " is no valid reply to it", ErrorKind.PROTOCOL, end.lines(), null));
  }
}
