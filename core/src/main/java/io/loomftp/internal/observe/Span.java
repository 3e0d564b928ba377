package io.loomftp.internal.observe;

import io.loomftp.FtpMeasurement;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Something that has begun and is observed; ended once, by any thread. When it is not observed, all such are one and the same
 * object.
 *
 * @param <M> what is measured
 */
public final class Span<M extends FtpMeasurement> {
  private static final Span<FtpMeasurement> OFF = new Span<>(null, null);

  private final @Nullable Consumer<FtpMeasurement> delivery;
  private final EventSource.@Nullable Begun event;
  private final long start;

  private Span(@Nullable Consumer<FtpMeasurement> delivery, EventSource.@Nullable Begun event) {
    this.delivery = delivery;
    this.event = event;
    this.start = delivery == null ? 0 : System.nanoTime();
  }

  /** One that is observed by an event, or by whom measurements are delivered to, or both. */
  static <M extends FtpMeasurement> Span<M> begun(Consumer<FtpMeasurement> delivery, EventSource.@Nullable Begun event) {
    return new Span<>(delivery, event);
  }

  /** One that nobody observes. */
  @SuppressWarnings("unchecked") // it delivers nothing
  static <M extends FtpMeasurement> Span<M> off() {
    return (Span<M>) OFF;
  }

  /** Whether anybody observes it; if not, nothing needs to be measured. */
  public boolean isOn() {
    return delivery != null;
  }

  /** The time since it began. */
  public Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** It is over. */
  public void end(M measurement) {
    if (event != null) {
      event.end(measurement);
    }
    if (delivery != null) {
      delivery.accept(measurement);
    }
  }
}
