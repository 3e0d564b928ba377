package io.loomftp.internal.control;

import io.loomftp.ErrorKind;
import io.loomftp.FtpClosedException;
import io.loomftp.FtpConfig;
import io.loomftp.FtpConnectException;
import io.loomftp.FtpLoginException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Builds the exceptions for sessions that may not connect or log in now. */
final class PermitExceptions {
  private PermitExceptions() {}

  /** No connection became free in time. */
  static FtpConnectException full(FtpConfig config, ServerCapacity capacity, Duration bound) {
    String message =
        String.format(
            Locale.ROOT,
            "cannot connect to %s: %d connections are open and the server allows %d; none became free within %.1f s: close a"
                + " session, or use a pool",
            config, capacity.present(), capacity.allowed(), bound.toNanos() / 1e9);
    return new FtpConnectException(message, ErrorKind.BUSY, List.of(), null);
  }

  /** The wait for a free connection was aborted or interrupted. */
  static FtpClosedException aborted(FtpConfig config, @Nullable InterruptedException cause) {
    String how = cause == null ? "aborted" : "interrupted";
    String message = "cannot connect to " + config + ": " + how + " while waiting for a free connection";
    return new FtpClosedException(message, ErrorKind.ABORTED, List.of(), cause);
  }

  /** The wait for another session's login was interrupted. */
  static FtpClosedException interruptedAtLogin(InterruptedException cause) {
    return new FtpClosedException(
        "interrupted while another session logs in with the same user", ErrorKind.ABORTED, List.of(), cause);
  }

  /** The same user and password have just been refused to another session. */
  static FtpLoginException refusedElsewhere(FtpLoginException refusal) {
    return new FtpLoginException("the same login in another session", refusal.reply(), refusal.kind(), refusal.transcript());
  }
}
