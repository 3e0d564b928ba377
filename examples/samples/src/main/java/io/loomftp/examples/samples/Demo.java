package io.loomftp.examples.samples;

import io.loomftp.Ftp;
import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.TlsPolicy;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The demo: a tour of the library on a server inside this program, or, with an address as argument, a listing of a server
 * elsewhere. Its exit code is 0 if every check passed, 1 if not, 2 for an invalid argument.
 */
public final class Demo {
  private Demo() {}

  /** Takes no argument, or an address such as {@code ftpes://user@ftp.example.org/pub}. */
  public static void main(String... arguments) throws InterruptedException {
    System.exit(run(new PrintStream(System.out, true, StandardCharsets.UTF_8), arguments));
  }

  static int run(PrintStream out, String... arguments) throws InterruptedException {
    boolean elsewhere = arguments.length > 0 && !arguments[0].isBlank();
    try {
      if (elsewhere) {
        list(out, Address.of(arguments[0].strip()));
      } else {
        tour(out);
      }
      return 0;
    } catch (IllegalArgumentException e) {
      out.println(e.getMessage());
      return 2;
    } catch (FtpException e) {
      out.println(e.getMessage());
      e.transcript().forEach(line -> out.println("  " + line));
      return 1;
    } catch (IOException e) {
      out.println(e.getMessage());
      return 1;
    }
  }

  private static void list(PrintStream out, Address address) throws IOException, InterruptedException {
    if (address.config().tls() instanceof TlsPolicy.None) {
      out.println("In clear text: ftpes:// or ftps:// in place of ftp:// asks for TLS.");
    }
    long entries = Ftp.run(address.config(), ftp -> ListFolder.print(out, ftp, address.path()));
    out.printf("%d entries%n", entries);
  }

  private static void tour(PrintStream out) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    Narrator narrator = new Narrator(out);
    try (EmbeddedServer server = EmbeddedServer.start()) {
      narrator.say("LoomFTP shows itself on a server inside this program, localhost:" + server.port() + ".");
      narrator.say("Indented: the call, then what went over the wire (> sent, < received), then what was checked.");
      FtpConfig config =
          FtpConfig.builder(EmbeddedServer.HOST)
              .port(server.port())
              .credentials(EmbeddedServer.USER, EmbeddedServer.PASSWORD)
              .tls(TlsPolicy.explicit().withContext(TrustOwnCa.contextTrusting(server.ca().pem())))
              .build();
      new Tour(config, server.local(), narrator).all();
    }
    narrator.say("");
    narrator.say(narrator.checks() + " checks, all passed, in " + (System.nanoTime() - begin) / 1_000_000 + " ms.");
  }
}
