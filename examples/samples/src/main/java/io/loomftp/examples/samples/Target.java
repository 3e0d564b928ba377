package io.loomftp.examples.samples;

import io.loomftp.FtpConfig;
import io.loomftp.TlsPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.file.PathUtils;
import org.jspecify.annotations.Nullable;

/** The server of a sample: the one whose address is its argument, else an embedded one that is stopped afterwards. */
final class Target implements AutoCloseable {
  private final FtpConfig config;
  private final String path;
  private final Path local;
  private final @Nullable EmbeddedServer embedded;

  private Target(FtpConfig config, String path, Path local, @Nullable EmbeddedServer embedded) {
    this.config = config;
    this.path = path;
    this.local = local;
    this.embedded = embedded;
  }

  /**
   * Reads the arguments.
   *
   * @param arguments an {@link Address} or nothing
   * @param path the remote path to work with on the embedded server
   */
  static Target of(String[] arguments, String path) throws IOException, InterruptedException {
    if (arguments.length > 0 && !arguments[0].isBlank()) {
      Address address = Address.of(arguments[0].strip());
      return new Target(address.config(), address.path(), Files.createTempDirectory("loomftp-samples"), null);
    }
    EmbeddedServer server = EmbeddedServer.start();
    FtpConfig config =
        FtpConfig.builder(EmbeddedServer.HOST)
            .port(server.port())
            .credentials(EmbeddedServer.USER, EmbeddedServer.PASSWORD)
            .build();
    return new Target(config, path, server.local(), server);
  }

  /** The configuration; clear text unless the address demands TLS. */
  FtpConfig config() {
    return config;
  }

  /** The remote path to work with. */
  String path() {
    return path;
  }

  /** The remote path of that name in the folder to work with. */
  String in(String name) {
    return path.isEmpty() || path.endsWith("/") ? path + name : path + "/" + name;
  }

  /** A local file in a temporary folder that is deleted at the end. */
  Path local(String name) {
    return local.resolve(name);
  }

  /** The policy, which trusts the authority of the embedded server where that is used. */
  TlsPolicy.Secured trusting(TlsPolicy.Secured policy) throws IOException {
    return embedded == null ? policy : policy.withContext(TrustOwnCa.contextTrusting(embedded.ca().pem()));
  }

  /** The authority's certificate: the file named by the environment variable {@code LOOMFTP_CA}, or the embedded one's. */
  Path authority() {
    if (embedded != null) {
      return embedded.ca().pem();
    }
    String file = System.getenv("LOOMFTP_CA");
    if (file == null) {
      throw new IllegalArgumentException("LOOMFTP_CA must name the PEM file of the authority");
    }
    return Path.of(file);
  }

  @Override
  public void close() throws IOException {
    if (embedded == null) {
      PathUtils.deleteDirectory(local);
    } else {
      embedded.close();
    }
  }
}
