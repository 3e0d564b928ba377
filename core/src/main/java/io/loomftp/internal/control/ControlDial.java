package io.loomftp.internal.control;

import io.loomftp.ErrorKind;
import io.loomftp.FtpConfig;
import io.loomftp.FtpMeasurement;
import io.loomftp.internal.net.BackgroundConnect;
import io.loomftp.internal.net.KeyedSocket;
import io.loomftp.internal.observe.Observer;
import io.loomftp.internal.observe.Span;
import io.loomftp.internal.proxy.Route;
import io.loomftp.internal.proxy.RouteDialer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Establishes the connection of a session, through a proxy where one is configured; a cancellation or an interrupt ends the wait for it. */
final class ControlDial {
  private static final Duration SLICE = Duration.ofMillis(100);

  private ControlDial() {}

  static RouteDialer.Dialed connect(FtpConfig config, int key, OperationBounds bounds) throws IOException {
    Span<FtpMeasurement.Connect> span = Observer.of(config).connect();
    try {
      RouteDialer.Dialed connected = dial(config, key, bounds);
      if (span.isOn()) {
        span.end(
            new FtpMeasurement.Connect(
                config.host(), config.port(), connected.route().serverAddress(), span.elapsed(), Optional.empty()));
      }
      return connected;
    } catch (IOException e) {
      if (span.isOn()) {
        ErrorKind kind = isCalledOff(bounds) ? ErrorKind.ABORTED : ErrorKind.CONNECT;
        span.end(
            new FtpMeasurement.Connect(config.host(), config.port(), Optional.empty(), span.elapsed(), Optional.of(kind)));
      }
      throw e;
    }
  }

  /** Whether the operation was cancelled or its thread interrupted. */
  static boolean isCalledOff(OperationBounds bounds) {
    return bounds.isCancelled() || Thread.currentThread().isInterrupted();
  }

  private static RouteDialer.Dialed dial(FtpConfig config, int key, OperationBounds bounds) throws IOException {
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
