package io.loomftp.kill;

import io.loomftp.testkit.EmbeddedServer;
import io.loomftp.testkit.RealServer;
import io.loomftp.testkit.RealServers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** A server to run jobs against. */
record Ground(Kind kind, int port, String user, String password, Path home, Quiet quiet, AutoCloseable server) {
  /** Waits until the server has noticed that nobody is there. */
  @FunctionalInterface
  interface Quiet {
    void await() throws InterruptedException;
  }

  /** Which. */
  enum Kind {
    VSFTPD,
    PROFTPD,
    EMBEDDED
  }

  static Ground start(Kind kind) throws IOException, InterruptedException {
    if (kind == Kind.EMBEDDED) {
      EmbeddedServer server = EmbeddedServer.plain();
      return new Ground(
          kind, server.port(), server.user(), server.password(), server.home(), server::awaitIdle, server);
    }
    RealServer server = RealServers.start(RealServers.Kind.valueOf(kind.name()), RealServers.Variant.PLAIN);
    return new Ground(
        kind, server.port(), server.user(), server.password(), server.home(), server::awaitIdle, server);
  }

  void end() throws Exception {
    server.close();
  }

  @Override
  public String toString() {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
