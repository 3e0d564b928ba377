package io.loomftp.examples.benchmarks;

import io.loomftp.testkit.Certificates;
import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The server of {@link ManySessions}, in a program of its own. Prints its port and the SHA-256 of its certificate, and ends at
 * the end of its standard input.
 */
public final class ManySessionsServer {
  private ManySessionsServer() {}

  /** The argument is {@code plain} or {@code tls}. */
  public static void main(String[] args) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
    ScriptedServer server = ScriptedServer.start().dataPatience(Duration.ofMinutes(2));
    server.file(ManySessions.FILE, ManySessions.content());
    String pin = "-";
    if (args[0].equals("tls")) {
      server.tls(Certificates.server());
      pin = Certificates.fingerprint(Certificates.Identity.SERVER);
    }
    out.println(server.port() + " " + pin);
    while (System.in.read() >= 0) {
      // nothing is expected
    }
    System.exit(0); // the sessions go with the process
  }
}
