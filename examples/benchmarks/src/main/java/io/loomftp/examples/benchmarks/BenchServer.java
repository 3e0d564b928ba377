package io.loomftp.examples.benchmarks;

import io.loomftp.testkit.EmbeddedServer;
import io.loomftp.testkit.RealServer;
import io.loomftp.testkit.RealServers;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A server that runs until it is closed.
 *
 * @param kind which
 * @param endpoint where it listens
 * @param home the user's home on this machine
 * @param process ends it
 */
record BenchServer(ServerKind kind, Endpoint endpoint, Path home, Closeable process) implements Closeable {
  private static final String HOST = "127.0.0.1";

  /** Starts the server, with TLS 1.3 or without TLS. */
  static BenchServer start(ServerKind kind, boolean tls) throws IOException, InterruptedException {
    if (kind.real().isPresent()) {
      RealServers.Variant variant = tls ? RealServers.Variant.TLS_1_3 : RealServers.Variant.PLAIN;
      RealServer server = RealServers.start(kind.real().get(), variant);
      Endpoint endpoint = new Endpoint(HOST, server.port(), server.user(), server.password(), tls, false);
      return new BenchServer(kind, endpoint, server.home(), server::close);
    }
    EmbeddedServer server = tls ? EmbeddedServer.explicitTls("TLSv1.3") : EmbeddedServer.plain();
    Endpoint endpoint = new Endpoint(HOST, server.port(), server.user(), server.password(), tls, false);
    return new BenchServer(kind, endpoint, server.home(), server::close);
  }

  @Override
  public void close() throws IOException {
    process.close();
  }
}
