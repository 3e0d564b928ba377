package io.loomftp.internal.transfer;

import io.loomftp.ErrorKind;
import io.loomftp.FtpException;
import io.loomftp.FtpMeasurement;
import io.loomftp.FtpMeasurement.Direction;
import io.loomftp.FtpMeasurement.Outcome;
import io.loomftp.internal.control.ControlConnection;
import io.loomftp.internal.observe.Span;
import io.loomftp.internal.wire.Command;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Measures one transfer, if anybody wants that. The first end counts; used by the session's thread, {@link #failed} by any. */
final class TransferObserver {
  private final ControlConnection control;
  private final TransferRequest request;
  private final DataLine line;
  private final Span<FtpMeasurement.Transfer> span;
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile @Nullable Duration setup;
  private volatile @Nullable Duration firstByte;

  TransferObserver(ControlConnection control, TransferRequest request, DataLine line) {
    this.control = control;
    this.request = request;
    this.line = line;
    this.span = control.observer().transfer();
  }

  boolean isOn() {
    return span.isOn();
  }

  /** Data can flow. */
  void opened() {
    if (span.isOn()) {
      setup = span.elapsed();
    }
  }

  /** A block was read or written. */
  void moved() {
    if (span.isOn() && firstByte == null) {
      firstByte = span.elapsed();
    }
  }

  /** The server has confirmed the transfer. */
  void succeeded() {
    end(Outcome.DONE, null);
  }

  /** The transfer was aborted, without an exception. */
  void aborted() {
    end(Outcome.ABORTED, ErrorKind.ABORTED);
  }

  /** The transfer has failed, or was aborted. */
  void failed(Throwable reason) {
    ErrorKind kind =
        switch (reason) {
          case FtpException e -> e.kind();
          case NotResumedException e -> ErrorKind.TLS;
          default -> ErrorKind.OTHER;
        };
    failed(kind);
  }

  /** The transfer has failed, or was aborted. */
  void failed(ErrorKind kind) {
    end(kind == ErrorKind.ABORTED ? Outcome.ABORTED : Outcome.FAILED, kind);
  }

  private void end(Outcome outcome, @Nullable ErrorKind failure) {
    if (!span.isOn() || !ended.compareAndSet(false, true)) {
      return;
    }
    Command command = request.command();
    String argument = command.secret() || command.argument() == null ? "" : command.argument();
    span.end(
        new FtpMeasurement.Transfer(
            command.verb(),
            Command.printable(control.masked(argument)),
            request.upload() ? Direction.UP : Direction.DOWN,
            line.bytes(),
            span.elapsed(),
            Optional.ofNullable(setup),
            Optional.ofNullable(firstByte),
            outcome,
            Optional.ofNullable(failure)));
  }
}
