package io.loomftp.pool;

import io.loomftp.ErrorKind;
import io.loomftp.FtpClosedException;
import io.loomftp.FtpConfig;
import io.loomftp.FtpConnectException;
import io.loomftp.FtpException;
import io.loomftp.FtpLoginException;
import io.loomftp.FtpProxyException;
import io.loomftp.FtpTimeoutException;
import io.loomftp.FtpTlsException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Builds the exceptions thrown when no session is available. */
final class PoolExceptions {
  private PoolExceptions() {}

  /** No session became free in time; lists the threads that hold them. */
  static FtpTimeoutException late(FtpConfig config, Duration patience, PoolState state, @Nullable FtpException last) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT, "no session of %s became free within %.1f s: %d of %d are in use", config,
            patience.toNanos() / 1e9, state.leased(), state.size()));
    state.limit().ifPresent(limit -> text.append(", the server allows ").append(limit));
    if (state.opening() > 0) {
      text.append(", ").append(state.opening()).append(" are being opened");
    }
    text.append(", ").append(state.waiting()).append(" other threads wait: return leases sooner, or wait for longer");
    state.holders().forEach(holder -> text.append("\n  ").append(holder));
    if (last != null) {
      text.append("\n  the last attempt to open one failed: ").append(last.getMessage());
    }
    return new FtpTimeoutException(text.toString(), ErrorKind.TIMEOUT, List.of(), last);
  }

  static FtpClosedException closed(FtpConfig config) {
    return new FtpClosedException("the pool of " + config + " is closed", ErrorKind.CLOSED, List.of(), null);
  }

  /** A copy for another thread: an exception belongs to one. */
  static FtpException copy(FtpException failure) {
    String message = String.valueOf(failure.getMessage());
    return switch (failure) {
      case FtpLoginException refused ->
          new FtpLoginException("the login", refused.reply(), refused.kind(), refused.transcript());
      case FtpTlsException untrusted -> new FtpTlsException(message, untrusted.kind(), untrusted.transcript(), untrusted);
      case FtpClosedException closed -> new FtpClosedException(message, closed.kind(), closed.transcript(), closed);
      case FtpProxyException refused ->
          new FtpProxyException(
              message, refused.proxy(), refused.reply().orElse(null), refused.kind(), refused.transcript(), refused);
      default -> new FtpConnectException(message, failure.kind(), failure.transcript(), failure);
    };
  }
}
