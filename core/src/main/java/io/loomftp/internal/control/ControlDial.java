package io.loomftp.internal.control;

import io.loomftp.FtpConfig;
import io.loomftp.internal.net.BackgroundConnect;
import io.loomftp.internal.net.Dialer;
import io.loomftp.internal.net.KeyedSocket;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;

/** Establishes the TCP connection of a session; a cancellation or an interrupt ends the wait for it. */
final class ControlDial {
  private static final Duration SLICE = Duration.ofMillis(100);

  private ControlDial() {}

  static KeyedSocket connect(FtpConfig config, int key, OperationBounds bounds) throws IOException {
    Duration most = bounds.cut(config.timeouts().connect());
    try (BackgroundConnect connect =
        BackgroundConnect.begin(
            () -> Dialer.connect(config.host(), config.port(), config.localAddress().orElse(null), key, most), most)) {
      while (true) {
        KeyedSocket connected = connect.await(SLICE);
        if (connected != null) {
          return connected;
        }
        if (bounds.isCancelled()) {
          throw new InterruptedIOException("aborted");
        }
      }
    }
  }
}
