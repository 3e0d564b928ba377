package io.loomftp.internal.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.ErrorKind;
import io.loomftp.FtpLoginException;
import io.loomftp.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replies of servers for too many connections, and replies for other reasons. */
class ConnectFailureTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
          "There are too many connected users, please try later.",
          "There are too many connections from your internet address.",
          "Sorry, the maximum number of clients (10) from your host are already connected.",
          "Sorry, maximum number of allowed clients (3) already connected.",
          "Too many connections (5) from this IP",
          "50 users (the maximum) are already logged in, sorry",
          "Too many users are connected, please try again later.",
          "Maximum login limit has been reached.",
          "Your account is restricted to 2 simultaneous logins.",
          "Connection limit exceeded",
          "Too many connections, please retry later.",
          "Sorry, no more than 5 connections per user are allowed.",
          "Maximum session limit reached.",
          "There are already 10 users logged in.",
      })
  void tooManyIsRecognised(String text) {
    assertTrue(ConnectFailure.saysTooMany(text));
    assertEquals(ConnectFailure.TOO_MANY, ConnectFailure.of(refused(530, text, ErrorKind.LOGIN)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
          "Login incorrect.",
          "Not logged in.",
          "User cannot log in.",
          "Too many failed login attempts.",
          "Maximum login attempts (3) exceeded, user locked.",
          "Sorry, the maximum number of tries was reached, no login.",
          "Authentication failed for user alice.",
          "Password expired: user over limit.",
          "User alice: access denied.",
      })
  void wrongPasswordIsNotTooMany(String text) {
    assertFalse(ConnectFailure.saysTooMany(text));
    assertEquals(ConnectFailure.LOGIN, ConnectFailure.of(refused(530, text, ErrorKind.LOGIN)));
  }

  private static FtpLoginException refused(int code, String text, ErrorKind kind) {
    return new FtpLoginException("PASS ***", Reply.of(code, text), kind, List.of());
  }

  @Test
  void temporaryRefusalOfTheLoginIsNoWrongPassword() {
    assertEquals(ConnectFailure.BUSY, ConnectFailure.of(refused(450, "Try later.", ErrorKind.BUSY)));
  }
}
