package io.loomftp.examples.benchmarks;

import io.loomftp.testkit.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Transfers of one file with curl, each a process of its own that connects and logs in.
 *
 * @param program curl
 * @param endpoint the server
 */
record Curl(ExternalProgram program, Endpoint endpoint) {
  /** Its name. */
  static final String NAME = "curl";

  private static final Path NOTHING = Path.of("/dev/null");
  private static final Duration BOUND = Duration.ofMinutes(10);

  /** A rival that fetches the large file: in the round that warms up into a file, later into {@code /dev/null}. */
  Rival getToNothing(Data data, LocalCopies copies) {
    Path copy = copies.file(Data.LARGE);
    AtomicBoolean keeping = new AtomicBoolean();
    Rival rival = Rival.external(NAME, () -> get(keeping.get() ? copy : NOTHING));
    return rival
        .before(
            warmUp -> {
              copies.clear();
              keeping.set(warmUp);
            })
        .check(
            () -> {
              if (keeping.get()) {
                LocalCopies.verify(copy, data.large());
              } else if (!rival.ran().output().equals(String.valueOf(Files.size(data.large())))) {
                throw new IOException("curl counted other bytes: " + rival.ran().output());
              }
            });
  }

  /** Fetches the large file into a file. */
  ExternalProgram.Run get(Path target) throws IOException, InterruptedException {
    return transfer("-o", target.toString(), endpoint.url(Data.LARGE));
  }

  /** Stores a file. */
  ExternalProgram.Run put(Path source, String path) throws IOException, InterruptedException {
    return transfer("-T", source.toString(), endpoint.url(path));
  }

  /** Its output is the number of bytes fetched. */
  private ExternalProgram.Run transfer(String... what) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of(
        "-q", "-s", "-S", "-u", endpoint.user() + ":" + endpoint.password(), "-w", "%{size_download}"));
    if (endpoint.tls()) {
      arguments.addAll(List.of("--ssl-reqd", "--tlsv1.3", "--cacert", Certificates.authorityPem().toString()));
    }
    arguments.addAll(List.of(what));
    return program.run(arguments, BOUND).orThrow();
  }
}
