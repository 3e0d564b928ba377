package io.loomftp.examples.samples;

import io.loomftp.Ftp;
import io.loomftp.FtpConfig;
import io.loomftp.FtpMeasurement;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** How do I trace what a session does, as OpenTelemetry does? Each measurement is the end of a span. */
public final class TraceSpans {
  private TraceSpans() {}

  /**
   * A span in the sense of OpenTelemetry: to export it, give these to a {@code SpanBuilder}.
   *
   * @param error the kind of the failure, or empty
   */
  record Span(String name, Instant start, Duration duration, Map<String, Object> attributes, Optional<String> error) {
    /** The span of a measurement that has a duration. */
    static Optional<Span> of(FtpMeasurement measurement) {
      return switch (measurement) {
        case FtpMeasurement.Connect m -> ended("ftp.connect", m.duration(), m.failure(),
            Map.of("server.address", m.host(), "server.port", m.port()));
        case FtpMeasurement.TlsHandshake m -> ended("ftp.tls", m.duration(), m.failure(),
            Map.of("ftp.channel", m.channel(), "tls.protocol.version", m.protocol(), "tls.resumed", m.resumed()));
        case FtpMeasurement.Command m -> ended("ftp " + m.verb(), m.duration(), Optional.empty(),
            Map.of("ftp.reply.code", m.code()));
        case FtpMeasurement.Transfer m -> ended("ftp.transfer", m.duration(), m.failure(),
            Map.of("ftp.verb", m.verb(), "file.path", m.path(), "ftp.bytes", m.bytes()));
        case FtpMeasurement.PoolWait m -> ended("ftp.pool.wait", m.duration(), m.failure(), Map.of("ftp.pool", m.pool()));
        case FtpMeasurement.Retried m -> ended("ftp.retry", m.pause(), Optional.of(m.reason()), Map.of("ftp.what", m.what()));
        case FtpMeasurement.ReplyRead m -> Optional.empty();
        case FtpMeasurement.Disconnect m -> Optional.empty();
      };
    }

    private static Optional<Span> ended(String name, Duration took, Optional<?> failure, Map<String, Object> attributes) {
      return Optional.of(
          new Span(name, Instant.now().minus(took), took, new TreeMap<>(attributes), failure.map(Object::toString)));
    }
  }

  /** A session reads the file of the address, or {@code /pub/notes.txt} of the embedded server, and prints its spans. */
  public static void main(String... arguments) throws IOException, InterruptedException {
    try (Target target = Target.of(arguments, "/pub/notes.txt")) {
      Queue<Span> spans = new ConcurrentLinkedQueue<>(); // an exporter has a queue as well: metrics must not wait
      FtpConfig traced = target.config().toBuilder().metrics(m -> Span.of(m).ifPresent(spans::add)).build();
      Ftp.run(traced, ftp -> {
        try (var in = ftp.get(target.path())) {
          return in.readAllBytes().length;
        }
      });
      for (Span span : spans) {
        System.out.printf("%s %s %s%n", span.name(), span.attributes(), span.error().orElse("ok"));
      }
    }
  }
}
