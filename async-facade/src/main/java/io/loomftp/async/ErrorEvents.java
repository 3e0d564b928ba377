package io.loomftp.async;

import io.loomftp.FtpLoginException;
import io.loomftp.FtpReplyException;
import io.loomftp.FtpTransferException;
import io.loomftp.Reply;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds {@code *_error} events from failures. */
final class ErrorEvents {
  /** The messages and numbers of Linux for failed connections, which POE programs check. */
  private static final Map<String, Integer> NUMBERS =
      Map.of(
          "Network is unreachable", 101,
          "Connection timed out", 110,
          "Connection refused", 111,
          "No route to host", 113);

  private ErrorEvents() {}

  /**
   * Builds the event of a failure.
   *
   * @param last the last reply that was read for the command; null where there was none
   */
  static FtpEvent.Failed event(String name, String alias, String argument, Throwable reason, @Nullable Reply last) {
    Reply reply = replyOf(reason, last);
    if (reply != null) {
      return new FtpEvent.Failed(name, alias, reply.code(), reply.text(), argument, reason);
    }
    String systemError = name.equals("connect_error") ? systemError(reason) : "";
    return new FtpEvent.Failed(
        name,
        alias,
        NUMBERS.getOrDefault(systemError, 0),
        systemError.isEmpty() ? EventText.of(reason) : systemError,
        argument,
        reason);
  }

  private static @Nullable Reply replyOf(Throwable reason, @Nullable Reply last) {
    Reply own =
        switch (reason) {
          case FtpReplyException e -> e.reply();
          case FtpLoginException e -> e.reply();
          case FtpTransferException e -> e.reply().orElse(null);
          default -> last;
        };
    return own != null && own.isError() ? own : null;
  }

  private static String systemError(Throwable reason) {
    for (Throwable t = reason; t != null; t = t.getCause()) {
      String message = EventText.of(t);
      if (t instanceof SocketTimeoutException && message.toLowerCase(Locale.ROOT).contains("connect")) {
        return "Connection timed out";
      }
      if (t instanceof ConnectException || t instanceof NoRouteToHostException) {
        return NUMBERS.keySet().stream().filter(message::contains).findFirst().orElse("");
      }
    }
    return "";
  }
}
