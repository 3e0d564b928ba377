package io.loomftp.examples.benchmarks;

import io.loomftp.testkit.RealServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.ftpserver.FtpServer;
import org.jspecify.annotations.Nullable;

/** The servers that are measured against. */
enum ServerKind {
  /** vsftpd, a process for each session. */
  VSFTPD("vsftpd", RealServers.Kind.VSFTPD),
  /** ProFTPD, a process for each session. */
  PROFTPD("ProFTPD", RealServers.Kind.PROFTPD),
  /** Apache FtpServer in this JVM, whose processor time is counted with that of the clients in it. */
  EMBEDDED("Apache FtpServer in this JVM", null);

  private final String label;
  private final Optional<RealServers.Kind> real;

  ServerKind(String label, RealServers.@Nullable Kind real) {
    this.label = label;
    this.real = Optional.ofNullable(real);
  }

  /** The name that results show. */
  String label() {
    return label;
  }

  /** The server of the test kit, unless it is the embedded one. */
  Optional<RealServers.Kind> real() {
    return real;
  }

  /** This one, or the embedded one where this one was not unpacked. */
  ServerKind available() {
    return real.isEmpty() || RealServers.isAvailable(real.get()) ? this : EMBEDDED;
  }

  /** The version, as its package or jar says it. */
  String version() throws IOException {
    if (real.isEmpty()) {
      return Optional.ofNullable(FtpServer.class.getPackage().getImplementationVersion()).orElse("");
    }
    Path packages = Path.of(System.getProperty("loomftp.servers", ""), "packages");
    if (!Files.isDirectory(packages)) {
      return "";
    }
    String prefix = this == VSFTPD ? "vsftpd_" : "proftpd-core_";
    try (Stream<Path> files = Files.list(packages)) {
      List<String> names = files.map(file -> file.getFileName().toString()).filter(name -> name.startsWith(prefix)).toList();
      return names.isEmpty() ? "" : names.getFirst().split("_", -1)[1];
    }
  }
}
