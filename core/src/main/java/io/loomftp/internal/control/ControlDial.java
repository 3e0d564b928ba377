package io.loomftp.internal.control;

import io.loomftp.FtpConfig;
import io.loomftp.internal.net.BackgroundConnect;
import io.loomftp.internal.net.KeyedSocket;
import io.loomftp.internal.proxy.Route;
import io.loomftp.internal.proxy.RouteDialer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** Establishes the connection of a session, through a proxy where one is configured; a cancellation or an interrupt ends the wait for it. */
final class ControlDial {
  private static final Duration SLICE = Duration.ofMillis(100);

  private ControlDial() {}

  static RouteDialer.Dialed connect(FtpConfig config, int key, OperationBounds bounds) throws IOException {
    Duration most = bounds.cut(config.timeouts().connect());
    AtomicReference<Route> route = new AtomicReference<>();
    try (BackgroundConnect connect =
        BackgroundConnect.begin(
            () -> {
              RouteDialer.Dialed dialed = RouteDialer.dial(config, key, most);
              route.set(dialed.route());
              return dialed.socket();
            },
            most)) {
      while (true) {
        KeyedSocket connected = connect.await(SLICE);
        if (connected != null) {
          return new RouteDialer.Dialed(Objects.requireNonNull(route.get()), connected);
        }
        if (bounds.isCancelled()) {
          throw new InterruptedIOException("aborted");
        }
      }
    }
  }
}
