package io.loomftp;

import java.util.List;

/**
 * The server refused the user name, the password or the account. The session is connected but not logged in: {@link
 * FtpSession#login} may be tried again while the server keeps the connection ({@link Ftp#open}, {@link Ftp#run} and {@link
 * Ftp#start} close it).
 */
public final class FtpLoginException extends FtpException {
  private static final long serialVersionUID = 1L;

  private final Reply reply;

  /** For the library: use what the session throws. */
  public FtpLoginException(String command, Reply reply, ErrorKind kind, List<String> transcript) {
    super(command + " refused: " + reply, kind, true, transcript, null);
    this.reply = reply;
  }

  /** The reply that refused the login. */
  public Reply reply() {
    return reply;
  }

  @Override
  public boolean sessionUsable() {
    return true;
  }
}
