package io.loomftp.async;

import io.loomftp.FtpConfig;
import io.loomftp.Timeouts;
import io.loomftp.TlsPolicy;
import io.loomftp.testkit.Certificates;
import io.loomftp.testkit.EmbeddedServer;
import io.loomftp.testkit.RealServer;
import io.loomftp.testkit.RealServers;
import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;

/** A server of some kind with the files of the traces, and the way to it. */
record Place(FtpConfig config, AutoCloseable server) implements AutoCloseable {
  static final int BINARY = 65536;

  /** The kinds of servers. */
  enum Kind {
    SCRIPTED, SCRIPTED_TLS, EMBEDDED, EMBEDDED_TLS, VSFTPD, VSFTPD_TLS, PROFTPD, PROFTPD_TLS;

    /** Starts it, or skips the test where it is not at hand. */
    Place start() throws IOException, InterruptedException {
      return switch (this) {
        case SCRIPTED, SCRIPTED_TLS -> scripted(this == SCRIPTED_TLS);
        case EMBEDDED -> embedded(EmbeddedServer.plain(), false);
        case EMBEDDED_TLS -> embedded(EmbeddedServer.explicitTls(), true);
        case VSFTPD -> real(RealServers.Kind.VSFTPD, RealServers.Variant.PLAIN);
        case VSFTPD_TLS -> real(RealServers.Kind.VSFTPD, RealServers.Variant.TLS_1_3_REUSE);
        case PROFTPD -> real(RealServers.Kind.PROFTPD, RealServers.Variant.PLAIN);
        case PROFTPD_TLS -> real(RealServers.Kind.PROFTPD, RealServers.Variant.TLS_1_2_REUSE);
      };
    }
  }

  private static Place scripted(boolean tls) {
    ScriptedServer server = ScriptedServer.start().user("loom", "weave");
    server.file("/s.bin", new byte[BINARY]).file("/small/a.txt", "ab").directory("/small/sub").directory("/up");
    server.on("STAT", "211-Status", " Logged in", "211 End");
    server.on("SITE", "214 CHMOD UMASK HELP");
    return new Place(config(server.port(), "loom", "weave", tls), server);
  }

  private static Place embedded(EmbeddedServer server, boolean tls) throws IOException {
    fill(server.home());
    return new Place(config(server.port(), server.user(), server.password(), tls), server);
  }

  private static Place real(RealServers.Kind kind, RealServers.Variant variant) throws IOException, InterruptedException {
    RealServer server = RealServers.start(kind, variant);
    fill(server.home());
    return new Place(
        config(server.port(), server.user(), server.password(), variant != RealServers.Variant.PLAIN), server);
  }

  private static void fill(Path home) throws IOException {
    Files.write(home.resolve("s.bin"), new byte[BINARY]);
    Files.setLastModifiedTime(home.resolve("s.bin"), FileTime.from(Instant.parse("2026-01-02T03:04:05Z")));
    Files.createDirectories(home.resolve("small/sub"));
    Files.createDirectories(home.resolve("up"));
    Files.writeString(home.resolve("small/a.txt"), "ab");
    for (String readable : new String[] {"s.bin", "small/a.txt"}) {
      Files.setPosixFilePermissions(home.resolve(readable), PosixFilePermissions.fromString("rw-r--r--"));
    }
    for (String open : new String[] {"small", "small/sub", "up"}) {
      Files.setPosixFilePermissions(home.resolve(open), PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private static FtpConfig config(int port, String user, String password, boolean tls) {
    FtpConfig.Builder builder =
        FtpConfig.builder("localhost")
            .port(port)
            .credentials(user, password)
            .timeouts(Timeouts.of(Duration.ofSeconds(10)));
    return (tls ? builder.tls(TlsPolicy.explicit().withContext(Certificates.trusting())) : builder).build();
  }

  @Override
  public void close() throws IOException {
    try {
      server.close();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
