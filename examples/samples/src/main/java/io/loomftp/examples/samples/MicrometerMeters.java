package io.loomftp.examples.samples;

import io.loomftp.Ftp;
import io.loomftp.FtpConfig;
import io.loomftp.FtpMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** How do I publish metrics through Micrometer? With {@link FtpMeters}, some forty lines to copy. */
public final class MicrometerMeters {
  private static final int SESSIONS = 3;

  private MicrometerMeters() {}

  /** Three sessions read the file of the address, or {@code /pub/notes.txt} of the embedded server. */
  public static void main(String... arguments) throws IOException, InterruptedException {
    try (Target target = Target.of(arguments, "/pub/notes.txt")) {
      FtpMetrics metrics = new FtpMetrics();
      FtpConfig measured = target.config().toBuilder().metrics(metrics).build();
      SimpleMeterRegistry registry = new SimpleMeterRegistry();
      new FtpMeters(metrics).bindTo(registry);
      for (int i = 0; i < SESSIONS; i++) {
        Ftp.run(measured, ftp -> {
          try (var in = ftp.get(target.path())) {
            return in.readAllBytes().length;
          }
        });
      }
      System.out.printf("sessions %.0f, open %.0f%n",
          registry.get("ftp.sessions").tag("result", "opened").functionCounter().count(),
          registry.get("ftp.sessions.open").gauge().value());
      System.out.printf("downloads %.0f, bytes %.0f%n",
          registry.get("ftp.transfers.down").tag("outcome", "done").functionCounter().count(),
          registry.get("ftp.bytes").tag("direction", "down").functionCounter().count());
      System.out.printf("commands %.0f, median %.3f ms%n",
          registry.get("ftp.command").functionTimer().count(),
          registry.get("ftp.command.quantile").tag("quantile", "0.5").timeGauge().value(TimeUnit.MILLISECONDS));
    }
  }
}
