package io.loomftp.pool;

import io.loomftp.ErrorKind;
import io.loomftp.FtpClosedException;
import io.loomftp.FtpConnectException;
import io.loomftp.FtpException;
import io.loomftp.FtpLoginException;
import io.loomftp.FtpTimeoutException;
import java.util.List;
import java.util.Locale;

/** What a session that could not be opened says of the server. */
enum ConnectFailure {
  /** It has as many sessions as it wants: its own words. */
  TOO_MANY,
  /** It said 421 or another "not now" without saying why. */
  BUSY,
  /** No connection, or one that was lost on the way. */
  UNREACHABLE,
  /** It does not know this user and password. */
  LOGIN,
  /** Anything else, which has nothing to do with how many we are. */
  OTHER;

  /** "Too many", "the limit", "no more than"... */
  private static final List<String> MUCH =
      List.of("too many", "maximum", "max ", "limit", "no more than", "not more than", "more than", "restricted to",
          "exceed", "simultaneous", "concurrent", "already connected", "already logged", "users logged in",
          "is full");

  /** ... of these. */
  private static final List<String> OF_US =
      List.of("connect", "session", "user", "client", "login", "logged", "logon", "server is full", "instance");

  /** Many of these are a matter of passwords, not of connections. */
  private static final List<String> OF_TRIES =
      List.of("fail", "attempt", "incorrect", "invalid", "wrong", "passw", "tries", "bad ", "quota", "disk", "expired");

  static ConnectFailure of(FtpException e) {
    return switch (e) {
      case FtpLoginException refused when saysTooMany(refused.reply().text()) -> TOO_MANY;
      case FtpLoginException refused -> refused.kind() == ErrorKind.BUSY ? BUSY : LOGIN;
      case FtpConnectException turnedAway when saysTooMany(words(turnedAway)) -> TOO_MANY;
      case FtpConnectException turnedAway -> turnedAway.kind() == ErrorKind.BUSY ? BUSY : UNREACHABLE;
      case FtpClosedException gone when gone.kind() == ErrorKind.BUSY -> saysTooMany(words(gone)) ? TOO_MANY : BUSY;
      case FtpClosedException gone -> UNREACHABLE;
      case FtpTimeoutException late -> UNREACHABLE;
      default -> OTHER;
    };
  }

  /** The message without the configuration or the command in front: a user's name is not the server's word. */
  private static String words(FtpException e) {
    String message = String.valueOf(e.getMessage());
    int colon = message.indexOf(": ");
    return colon < 0 ? message : message.substring(colon + 2);
  }

  static boolean saysTooMany(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return MUCH.stream().anyMatch(lower::contains)
        && OF_US.stream().anyMatch(lower::contains)
        && OF_TRIES.stream().noneMatch(lower::contains);
  }
}
