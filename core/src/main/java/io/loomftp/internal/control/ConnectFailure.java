package io.loomftp.internal.control;

import io.loomftp.ErrorKind;
import io.loomftp.FtpClosedException;
import io.loomftp.FtpConnectException;
import io.loomftp.FtpException;
import io.loomftp.FtpLoginException;
import io.loomftp.FtpProxyException;
import io.loomftp.FtpTimeoutException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Classifies a failure to open a session by what it means for further connections. */
public enum ConnectFailure {
  /** The server reports that its limit of connections is reached. */
  TOO_MANY,
  /** The server answers 421 or another transient refusal without a reason. */
  BUSY,
  /** No connection was established, or a proxy refused it, or it was lost during login. */
  UNREACHABLE,
  /** The user or the password is refused. */
  LOGIN,
  /** The client aborted the attempt, which means nothing about the server. */
  CALLED_OFF,
  /** Anything else; it is unrelated to the number of connections. */
  OTHER;

  /** "Too many", "the limit", "no more than"... */
  private static final List<String> TOO_MUCH =
      List.of("too many", "maximum", "max ", "limit", "no more than", "not more than", "more than", "restricted to",
          "exceed", "simultaneous", "concurrent", "already connected", "already logged", "users logged in",
          "is full");

  /** ... of these. */
  private static final List<String> OF_CONNECTIONS =
      List.of("connect", "session", "user", "client", "login", "logged", "logon", "server is full", "instance");

  /** Many of these concern passwords or disks, not connections. */
  private static final List<String> OF_ATTEMPTS =
      List.of("fail", "attempt", "incorrect", "invalid", "wrong", "passw", "tries", "bad ", "quota", "disk", "expired");

  private static final Pattern REPLY = Pattern.compile("\\b[45]\\d\\d[ -].*", Pattern.DOTALL);

  /** Classifies the exception that was thrown while a session was opened. */
  public static ConnectFailure of(FtpException e) {
    if (e.kind() == ErrorKind.ABORTED) {
      return CALLED_OFF;
    }
    return switch (e) {
      case FtpLoginException refused when saysTooMany(refused.reply().text()) -> TOO_MANY;
      case FtpLoginException refused -> refused.kind() == ErrorKind.BUSY ? BUSY : LOGIN;
      case FtpProxyException refused -> UNREACHABLE;
      case FtpConnectException refused when saysTooMany(words(refused)) -> TOO_MANY;
      case FtpConnectException refused -> refused.kind() == ErrorKind.BUSY ? BUSY : UNREACHABLE;
      case FtpClosedException gone when gone.kind() == ErrorKind.BUSY -> saysTooMany(words(gone)) ? TOO_MANY : BUSY;
      case FtpClosedException gone -> UNREACHABLE;
      case FtpTimeoutException late -> UNREACHABLE;
      default -> OTHER;
    };
  }

  /** The server's reply within the message, without the user's name and the client's own words. */
  private static String words(FtpException e) {
    String message = String.valueOf(e.getMessage());
    Matcher reply = REPLY.matcher(message);
    return reply.find() ? reply.group() : "";
  }

  /** Whether the text of a reply reports too many connections. */
  public static boolean saysTooMany(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return TOO_MUCH.stream().anyMatch(lower::contains)
        && OF_CONNECTIONS.stream().anyMatch(lower::contains)
        && OF_ATTEMPTS.stream().noneMatch(lower::contains);
  }
}
