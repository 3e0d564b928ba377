package io.loomftp.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * Starts vsftpd and ProFTPD as they come from Debian's packages, unpacked by {@code .ci/fetch-servers} into the folder that
 * the system property {@code loomftp.servers} names.
 *
 * <p>Without them a test is skipped with a message that says how to get them; with {@code loomftp.interop=required} it fails.
 */
public final class RealServers {
  /** The servers. */
  public enum Kind {
    /** Supports neither MLSD nor MFMT; sets times with {@code MDTM time name}. */
    VSFTPD,
    /** Supports MLSD, MFMT and many more. */
    PROFTPD
  }

  /** The configuration. With TLS a login requires it, and data connections are protected. */
  public enum Variant {
    /** No TLS. */
    PLAIN("", false),
    /** AUTH TLS, TLS 1.2 and nothing else. */
    TLS_1_2("TLSv1.2", false),
    /** AUTH TLS, TLS 1.3 and nothing else. */
    TLS_1_3("TLSv1.3", false),
    /** TLS 1.2, and data connections must resume the control connection's session. */
    TLS_1_2_REUSE("TLSv1.2", true),
    /** TLS 1.3, and data connections must resume the control connection's session. */
    TLS_1_3_REUSE("TLSv1.3", true),
    /** TLS 1.2 or 1.3, from the first byte. */
    IMPLICIT("", false);

    private final String protocol;
    private final boolean reuse;

    Variant(String protocol, boolean reuse) {
      this.protocol = protocol;
      this.reuse = reuse;
    }

    boolean isTls() {
      return this != PLAIN;
    }

    /** "" where both versions are good. */
    String protocol() {
      return protocol;
    }

    boolean demandsReuse() {
      return reuse;
    }
  }

  private static final int TRIES = 3; // another process may take the free port before the server does

  private RealServers() {}

  /** Whether the server was unpacked here. */
  public static boolean isAvailable(Kind kind) {
    return !servers().isEmpty() && Files.isExecutable(binary(kind));
  }

  /** Skips the test, or fails it, when the server is not available. */
  public static void require(Kind kind) {
    if (isAvailable(kind)) {
      return;
    }
    String message = name(kind) + " is not in '" + servers()
        + "': run .ci/fetch-servers, or set -Dloomftp.servers to the folder it made";
    if ("required".equals(System.getProperty("loomftp.interop"))) {
      Assertions.fail(message);
    }
    Assumptions.abort(message);
  }

  /** Starts a server with an empty home of its own, or skips the test as {@link #require} does. */
  public static RealServer start(Kind kind, Variant variant) throws IOException, InterruptedException {
    return start(kind, variant, 0);
  }

  /** Starts a server with a limit of sessions; 0 for no limit. */
  public static RealServer start(Kind kind, Variant variant, int mostSessions) throws IOException, InterruptedException {
    require(kind);
    IOException last = null;
    for (int i = 0; i < TRIES; i++) {
      try {
        return startOnce(kind, variant, mostSessions);
      } catch (IOException e) {
        if (last != null) {
          e.addSuppressed(last);
        }
        last = e;
      }
    }
    throw new IOException(name(kind) + " does not start", last);
  }

  private static RealServer startOnce(Kind kind, Variant variant, int mostSessions) throws IOException, InterruptedException {
    int port = freePort();
    ServerFolder folder = ServerFolder.create(Path.of(servers()), port);
    try {
      List<String> command = switch (kind) {
        case VSFTPD -> List.of(binary(kind).toString(), folder.writeVsftpd(variant, mostSessions).toString());
        case PROFTPD -> List.of(binary(kind).toString(), "-n", "-q", "-c", folder.writeProftpd(variant, mostSessions).toString());
      };
      ProcessBuilder builder = new ProcessBuilder(command).directory(folder.path().toFile());
      builder.redirectErrorStream(true).redirectOutput(folder.log().toFile()); // stdin stays a pipe: vsftpd needs one
      Map<String, String> environment = builder.environment();
      environment.put("LD_LIBRARY_PATH", libraries());
      environment.put("LC_ALL", "C.UTF-8");
      environment.put("TZ", "UTC");
      environment.put("OPENSSL_CONF", folder.writeOpenssl(variant).toString());
      RealServer server = new RealServer(kind, variant, port, folder, builder.start());
      try {
        awaitAnswer(server, port, variant);
        return server;
      } catch (IOException | InterruptedException e) {
        server.close();
        throw e;
      }
    } catch (IOException e) {
      folder.delete();
      throw e;
    }
  }

  private static void awaitAnswer(RealServer server, int port, Variant variant) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
    while (System.nanoTime() < end) {
      int first = firstByte(port, variant);
      if (first == '2') {
        return;
      }
      if (first == '5') {
        throw new IOException("the server cannot serve, perhaps for its configuration; it logged: " + server.log());
      }
      if (server.process().waitFor(10, TimeUnit.MILLISECONDS)) {
        throw new IOException("the server ended at once: " + server.log());
      }
    }
    throw new IOException("the server did not answer within 15 s: " + server.log());
  }

  /** The first byte that a new connection receives, or -1 while the server does not accept. */
  private static int firstByte(int port, Variant variant) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(WatchedSocket.loopback(127, 0, 0, 1), port), 1_000);
      if (variant == Variant.IMPLICIT) {
        return '2'; // it sends nothing before the handshake
      }
      socket.setSoTimeout(5_000);
      return socket.getInputStream().read();
    } catch (IOException e) {
      return -1;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, WatchedSocket.loopback(127, 0, 0, 1))) {
      return socket.getLocalPort();
    }
  }

  static String servers() {
    return System.getProperty("loomftp.servers", "");
  }

  private static Path binary(Kind kind) {
    return Path.of(servers(), "root", "usr", "sbin", name(kind));
  }

  private static String name(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  static String libraries() throws IOException {
    StringBuilder path = new StringBuilder();
    for (String folder : Files.readString(Path.of(servers(), "library-path")).strip().split(":", -1)) {
      path.append(path.isEmpty() ? "" : ":").append(Path.of(servers(), folder).toAbsolutePath());
    }
    return path.toString();
  }

  static void write(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
  }
}
