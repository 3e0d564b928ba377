package io.loomftp;

import io.loomftp.testkit.Certificates;
import io.loomftp.testkit.ScriptedServer;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Fixtures of the tests of this package. */
final class SessionFixture {
  /** Long enough for everything that is expected to go well, on a machine that is busy. */
  static final Duration GENEROUS = Duration.ofSeconds(10);

  /** Short enough to wait for where nothing is expected to come. */
  static final Duration SHORT = Duration.ofMillis(500);

  private SessionFixture() {}

  /** Alice, without TLS. */
  static FtpConfig.Builder plain(ScriptedServer server) {
    return FtpConfig.builder("localhost")
        .port(server.port())
        .credentials("alice", "secret")
        .timeouts(Timeouts.of(GENEROUS));
  }

  /** Alice, with explicit TLS of any version. */
  static FtpConfig.Builder secured(ScriptedServer server) {
    Certificates.keyStoreFile(Certificates.Identity.SERVER); // made now, not while a handshake waits for it
    return plain(server).tls(TlsPolicy.explicit().withContext(Certificates.trusting()));
  }

  /** Alice, with explicit TLS of one version. */
  static FtpConfig.Builder secured(ScriptedServer server, String version) {
    Certificates.keyStoreFile(Certificates.Identity.SERVER);
    return plain(server).tls(TlsPolicy.explicit().withContext(Certificates.trusting()).withProtocols(version));
  }

  /** Every wait is short but those that make a connection. */
  static Timeouts impatient() {
    return new Timeouts(GENEROUS, GENEROUS, SHORT, SHORT, SHORT, SHORT, SHORT, java.util.Optional.empty());
  }

  /** All that the stream gives. */
  static String text(InputStream in) throws Exception {
    try (in) {
      var out = new ByteArrayOutputStream();
      in.transferTo(out);
      return out.toString(StandardCharsets.UTF_8);
    }
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Something that takes a session and may fail in every way. */
  @FunctionalInterface
  interface Use {
    void with(FtpSession ftp) throws Exception;
  }
}
