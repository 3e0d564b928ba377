package io.loomftp.examples.samples;

import io.loomftp.Credentials;
import io.loomftp.FtpConfig;
import io.loomftp.TlsPolicy;
import java.io.Console;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.function.Supplier;

/**
 * An address such as {@code ftp://user@ftp.example.org/pub}, read as a configuration and a remote path.
 *
 * <p>{@code ftp} is clear text, {@code ftpes} explicit TLS (AUTH TLS), {@code ftps} implicit TLS. Without a user it is
 * anonymous. A password in the address is refused, since other people on the machine can see it there.
 *
 * @param config the configuration of the server
 * @param path the remote path, empty for the folder after login
 */
record Address(FtpConfig config, String path) {
  static final String PASSWORD_VARIABLE = "LOOMFTP_PASSWORD";

  /** Reads an address; the password comes from the environment variable {@code LOOMFTP_PASSWORD}, or from a prompt. */
  static Address of(String text) throws IOException {
    return of(text, System.getenv(), System::console);
  }

  static Address of(String text, Map<String, String> environment, Supplier<? extends Console> console) throws IOException {
    URI uri = URI.create(text);
    if (uri.getScheme() == null || uri.getHost() == null) {
      throw new IllegalArgumentException("not an address such as ftp://user@ftp.example.org/pub");
    }
    FtpConfig.Builder config = FtpConfig.builder(uri.getHost()).tls(tls(uri.getScheme()));
    if (uri.getPort() >= 0) {
      config.port(uri.getPort());
    }
    String user = uri.getUserInfo();
    if (user != null && user.contains(":")) {
      throw new IllegalArgumentException("no password in the address, please: put it into " + PASSWORD_VARIABLE);
    }
    config.credentials(
        user == null ? Credentials.anonymous() : Credentials.of(user, password(user, environment, console)));
    return new Address(config.build(), uri.getPath().equals("/") ? "" : uri.getPath());
  }

  private static TlsPolicy tls(String scheme) {
    return switch (scheme) {
      case "ftp" -> TlsPolicy.none();
      case "ftpes" -> TlsPolicy.explicit();
      case "ftps" -> TlsPolicy.implicit();
      default -> throw new IllegalArgumentException("not ftp, ftpes or ftps: " + scheme);
    };
  }

  private static char[] password(String user, Map<String, String> environment, Supplier<? extends Console> console)
      throws IOException {
    String given = environment.get(PASSWORD_VARIABLE);
    if (given != null) {
      return given.toCharArray();
    }
    Console terminal = console.get();
    char[] typed = terminal == null ? null : terminal.readPassword("Password of %s: ", user);
    if (typed == null) {
      throw new IOException("no password: there is no terminal to ask at, and " + PASSWORD_VARIABLE + " is not set");
    }
    return typed;
  }
}
