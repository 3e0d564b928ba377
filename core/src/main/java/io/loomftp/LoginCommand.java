package io.loomftp;

/**
 * A command that is sent after each login, see {@link FtpConfig.Builder#afterLogin}: {@code SITE NAMEFMT 1},
 * {@code SITE FILETYPE=SEQ}, {@code OPTS MLST size;modify;}, {@code CWD /upload}.
 *
 * @param command the line without its end
 * @param optional whether a refusal (4yz, 5yz) is ignored
 */
public record LoginCommand(String command, boolean optional) {
  /**
   * Checks the command.
   *
   * @throws IllegalArgumentException when it has CR, LF or NUL, or is one that {@link FtpSession#quote} refuses
   */
  public LoginCommand {
    if (command.isEmpty() || command.charAt(0) <= ' ' || command.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
      throw new IllegalArgumentException("a command is one line that begins with a verb, without CR, LF and NUL");
    }
    RawCommands.checkQuotable(command.split(" ", 2)[0]);
  }

  /** A command whose refusal fails the login. */
  public static LoginCommand required(String command) {
    return new LoginCommand(command, false);
  }

  /** A command whose refusal is ignored. */
  public static LoginCommand optional(String command) {
    return new LoginCommand(command, true);
  }

  /** The verb alone: arguments may be secret. */
  @Override
  public String toString() {
    return command.split(" ", 2)[0] + (optional ? " (optional)" : "");
  }
}
