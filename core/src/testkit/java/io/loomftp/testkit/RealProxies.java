package io.loomftp.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * Starts proxies as they come from Debian's packages, unpacked by {@code .ci/fetch-servers} into the folder that the system
 * property {@code loomftp.servers} names. They listen at 127.0.0.1 and need no privileges.
 *
 * <p>Without them a test is skipped with a message that says how to get them; with {@code loomftp.interop=required} it fails.
 */
public final class RealProxies {
  /** The proxies. */
  public enum Kind {
    /** SOCKS 5 with user and password, CONNECT only. */
    MICROSOCKS("bin/microsocks"),
    /** SOCKS 4 and 5 without login, CONNECT and BIND. */
    DANTE("sbin/danted"),
    /** HTTP's CONNECT with user and password. */
    TINYPROXY("bin/tinyproxy"),
    /** HTTP's CONNECT without login. */
    SQUID("sbin/squid"),
    /** The FTP relay of Squid, which is told the server by {@code USER user@host:port}. */
    SQUID_FTP("sbin/squid"),
    /** An FTP proxy, which is told the server by {@code USER user@host:port} and refuses EPSV. */
    FTP_PROXY("sbin/ftp-proxy");

    private final String binary;

    Kind(String binary) {
      this.binary = binary;
    }
  }

  /** The user of the proxies that have one. */
  public static final String USER = "bob";

  /** Its password. */
  public static final String PASSWORD = "hush-hush";

  private static final int TRIES = 3; // another process may take the free port before the proxy does

  private RealProxies() {}

  /** Whether the proxy was unpacked here. */
  public static boolean isAvailable(Kind kind) {
    return !RealServers.servers().isEmpty() && Files.isExecutable(binary(kind));
  }

  /** Skips the test, or fails it, when the proxy is not available. */
  public static void require(Kind kind) {
    if (isAvailable(kind)) {
      return;
    }
    String message = kind + " is not in '" + RealServers.servers()
        + "': run .ci/fetch-servers, or set -Dloomftp.servers to the folder it made";
    if ("required".equals(System.getProperty("loomftp.interop"))) {
      Assertions.fail(message);
    }
    Assumptions.abort(message);
  }

  /** Starts a proxy, or skips the test as {@link #require} does. */
  public static RealProxy start(Kind kind) throws IOException, InterruptedException {
    require(kind);
    IOException last = null;
    for (int i = 0; i < TRIES; i++) {
      try {
        return startOnce(kind);
      } catch (IOException e) {
        if (last != null) {
          e.addSuppressed(last);
        }
        last = e;
      }
    }
    throw new IOException(kind + " does not start", last);
  }

  private static RealProxy startOnce(Kind kind) throws IOException, InterruptedException {
    int port = freePort();
    Path folder = Files.createTempDirectory("loomftp-proxy");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx")); // it may change its user
    RealProxy proxy = null;
    try {
      ProcessBuilder builder = new ProcessBuilder(command(kind, port, folder)).directory(folder.toFile());
      builder.redirectErrorStream(true).redirectOutput(folder.resolve("output").toFile());
      builder.environment().put("LD_LIBRARY_PATH", RealServers.libraries());
      builder.environment().put("LC_ALL", "C.UTF-8");
      proxy = new RealProxy(kind, port, folder, builder.start());
      awaitAnswer(proxy);
      RealProxy started = proxy;
      proxy = null;
      return started;
    } finally {
      if (proxy != null) {
        proxy.close();
      }
    }
  }

  private static List<String> command(Kind kind, int port, Path folder) throws IOException {
    String binary = binary(kind).toString();
    Path config = folder.resolve("conf");
    return switch (kind) {
      case MICROSOCKS ->
          List.of(binary, "-i", "127.0.0.1", "-p", Integer.toString(port), "-u", USER, "-P", PASSWORD);
      case DANTE -> {
        RealServers.write(config, dante(port));
        yield List.of(binary, "-f", config.toString(), "-p", folder.resolve("pid").toString(), "-N", "1");
      }
      case TINYPROXY -> {
        RealServers.write(config, tinyproxy(port));
        yield List.of(binary, "-d", "-c", config.toString());
      }
      case SQUID, SQUID_FTP -> {
        RealServers.write(config, squid(kind, port, folder));
        yield List.of(binary, "-N", "-f", config.toString());
      }
      case FTP_PROXY -> {
        RealServers.write(config, ftpProxy(port, folder));
        yield List.of(binary, "-n", "-f", config.toString());
      }
    };
  }

  private static String dante(int port) {
    return """
        logoutput: stderr
        internal: 127.0.0.1 port = %d
        external: 127.0.0.1
        clientmethod: none
        socksmethod: none
        client pass { from: 127.0.0.0/8 to: 127.0.0.0/8 }
        socks pass { from: 127.0.0.0/8 to: 0.0.0.0/0 command: connect bind }
        socks pass { from: 0.0.0.0/0 to: 127.0.0.0/8 command: bindreply }
        """.formatted(port);
  }

  private static String tinyproxy(int port) {
    return """
        Port %d
        Listen 127.0.0.1
        Timeout 60
        MaxClients 50
        Allow 127.0.0.1
        BasicAuth %s %s
        LogLevel Connect
        """.formatted(port, USER, PASSWORD);
  }

  private static String squid(Kind kind, int port, Path folder) {
    Path share = Path.of(RealServers.servers(), "root", "usr", "share").toAbsolutePath();
    Path programs = share.resolveSibling("lib/squid");
    return """
        %s 127.0.0.1:%d
        http_access allow all
        always_direct allow all
        cache deny all
        cache_mem 1 MB
        memory_pools off
        access_log none
        cache_store_log none
        cache_log %s
        pid_filename none
        netdb_filename none
        coredump_dir none
        pinger_enable off
        unlinkd_program %s
        logfile_daemon %s
        visible_hostname localhost
        max_filedescriptors 256
        shutdown_lifetime 0 seconds
        cache_effective_user nobody
        error_directory %s
        icon_directory %s
        mime_table %s
        """.formatted(
        kind == Kind.SQUID ? "http_port" : "ftp_port", port, folder.resolve("squid.log"),
        programs.resolve("unlinkd"), programs.resolve("log_file_daemon"),
        share.resolve("squid-langpack/en"), share.resolve("squid/icons"), share.resolve("squid/mime.conf"));
  }

  private static String ftpProxy(int port, Path folder) {
    return """
        [-Global-]
        ServerType standalone
        Listen 127.0.0.1
        Port %d
        AllowMagicUser yes
        MaxClients 50
        LogDestination %s
        PidFile %s
        """.formatted(port, folder.resolve("log"), folder.resolve("pid"));
  }

  private static void awaitAnswer(RealProxy proxy) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
    while (System.nanoTime() < end) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(WatchedSocket.loopback(127, 0, 0, 1), proxy.port()), 1_000);
        return;
      } catch (IOException e) {
        if (proxy.process().waitFor(10, TimeUnit.MILLISECONDS)) {
          throw new IOException("the proxy ended at once: " + proxy.log(), e);
        }
      }
    }
    throw new IOException("the proxy did not listen within 15 s: " + proxy.log());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, WatchedSocket.loopback(127, 0, 0, 1))) {
      return socket.getLocalPort();
    }
  }

  private static Path binary(Kind kind) {
    return Path.of(RealServers.servers(), "root", "usr", kind.binary);
  }

}
