package io.loomftp.examples.samples;

import io.loomftp.FtpMeasurement.Direction;
import io.loomftp.FtpMeasurement.Outcome;
import io.loomftp.FtpMetrics;
import io.loomftp.LatencyHistogram;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Publishes an {@link FtpMetrics} through Micrometer. A registry asks for the values when it is read or scraped. */
record FtpMeters(FtpMetrics metrics) implements MeterBinder {
  private static final double[] QUANTILES = {0.5, 0.95, 0.99};

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("ftp.sessions.open", metrics, m -> m.snapshot().sessionsOpen()).register(registry);
    count(registry, "ftp.sessions", "result", "opened", FtpMetrics.Snapshot::sessionsOpened);
    count(registry, "ftp.sessions", "result", "failed", FtpMetrics.Snapshot::connectFailures);
    count(registry, "ftp.retries", "of", "all", FtpMetrics.Snapshot::retries);
    count(registry, "ftp.tls.handshakes", "resumed", "true", FtpMetrics.Snapshot::resumedHandshakes);
    count(registry, "ftp.tls.handshakes", "resumed", "false", s -> s.handshakes() - s.resumedHandshakes());
    count(registry, "ftp.bytes", "direction", "down", FtpMetrics.Snapshot::bytesDown);
    count(registry, "ftp.bytes", "direction", "up", FtpMetrics.Snapshot::bytesUp);
    for (int digit = 1; digit <= 5; digit++) {
      int first = digit;
      count(registry, "ftp.replies", "code", digit + "xx", s -> s.replies().getOrDefault(first, 0L));
    }
    for (Direction direction : Direction.values()) {
      for (Outcome outcome : Outcome.values()) {
        String name = "ftp.transfers." + direction.name().toLowerCase(Locale.ROOT);
        count(registry, name, "outcome", outcome.name().toLowerCase(Locale.ROOT), s -> s.transfers(direction, outcome));
      }
    }
    time(registry, "ftp.connect", FtpMetrics.Snapshot::connectLatency);
    time(registry, "ftp.tls.handshake", FtpMetrics.Snapshot::handshakeLatency);
    time(registry, "ftp.command", FtpMetrics.Snapshot::commandLatency);
    time(registry, "ftp.transfer", FtpMetrics.Snapshot::transferLatency);
    time(registry, "ftp.pool.wait", FtpMetrics.Snapshot::poolWaitLatency);
  }

  private void count(MeterRegistry registry, String name, String tag, String value, ToDoubleFunction<FtpMetrics.Snapshot> count) {
    FunctionCounter.builder(name, metrics, m -> count.applyAsDouble(m.snapshot())).tag(tag, value).register(registry);
  }

  private void time(MeterRegistry registry, String name, Function<FtpMetrics.Snapshot, LatencyHistogram> of) {
    FunctionTimer.builder(
        name, metrics, m -> of.apply(m.snapshot()).count(), m -> of.apply(m.snapshot()).total().toNanos(), TimeUnit.NANOSECONDS)
        .register(registry);
    for (double share : QUANTILES) {
      TimeGauge.builder(
          name + ".quantile", metrics, TimeUnit.NANOSECONDS, m -> of.apply(m.snapshot()).quantile(share).toNanos())
          .tag("quantile", Double.toString(share))
          .register(registry);
    }
  }
}
