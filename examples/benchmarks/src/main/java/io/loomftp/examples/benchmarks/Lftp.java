package io.loomftp.examples.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Mirrors with lftp, each a process of its own that connects and logs in.
 *
 * @param program lftp
 * @param endpoint the server
 */
record Lftp(ExternalProgram program, Endpoint endpoint) {
  /** Its name. */
  static final String NAME = "lftp mirror";

  private static final Duration BOUND = Duration.ofMinutes(20);
  private static final String TLS =
      "set ftp:ssl-force yes; set ftp:ssl-protect-data yes; set ftp:ssl-protect-list yes; set ssl:verify-certificate no; ";

  /** Mirrors a folder of the server into an empty one here. */
  ExternalProgram.Run mirror(String folder, Path target, int sessions) throws IOException, InterruptedException {
    String commands = "set cmd:fail-exit yes; set ftp:prefer-epsv yes; " + (endpoint.tls() ? TLS : "set ftp:ssl-allow no; ")
        + "mirror -P" + sessions + " " + folder + " " + target + "; exit";
    return program.run(
        List.of("--norc", "-u", endpoint.user() + "," + endpoint.password(), "-e", commands, endpoint.url("")), BOUND).orThrow();
  }
}
