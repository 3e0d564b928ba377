package io.loomftp.internal.control;

import io.loomftp.ErrorKind;
import io.loomftp.FtpConfig;
import io.loomftp.FtpMeasurement;
import io.loomftp.internal.net.BackgroundConnect;
import io.loomftp.internal.net.Dialer;
import io.loomftp.internal.net.KeyedSocket;
import io.loomftp.internal.observe.Observer;
import io.loomftp.internal.observe.Span;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;

/** Establishes the TCP connection of a session; a cancellation or an interrupt ends the wait for it. */
final class ControlDial {
  private static final Duration SLICE = Duration.ofMillis(100);

  private ControlDial() {}

  static KeyedSocket connect(FtpConfig config, int key, OperationBounds bounds) throws IOException {
    Span<FtpMeasurement.Connect> span = Observer.of(config).connect();
    try {
      KeyedSocket connected = dial(config, key, bounds);
      if (span.isOn()) {
        span.end(
            new FtpMeasurement.Connect(
                config.host(), config.port(), Optional.of(connected.getInetAddress()), span.elapsed(), Optional.empty()));
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

  private static KeyedSocket dial(FtpConfig config, int key, OperationBounds bounds) throws IOException {
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
