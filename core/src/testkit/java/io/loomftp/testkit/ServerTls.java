package io.loomftp.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** The TLS settings of a scripted server, and its handshakes. */
final class ServerTls {
  private final Ledger ledger;
  private final ReentrantLock making = new ReentrantLock();
  private volatile @Nullable SSLContext context;
  private volatile String[] versions = {"TLSv1.3", "TLSv1.2"};
  private volatile boolean clientCertificate;
  private volatile boolean sessionReuse;

  ServerTls(Ledger ledger) {
    this.ledger = ledger;
  }

  /** A TLS socket, and whether it resumed a session. */
  record Connection(SSLSocket socket, boolean resumed) {}

  /**
   * Performs a handshake as the server.
   *
   * @param early bytes that were read from the socket already
   */
  Connection handshake(Socket raw, InputStream early, SSLContext with, boolean data) throws IOException {
    // A resumed session carries the time of its first handshake, before this moment by the exchanges between.
    long now = System.currentTimeMillis();
    SSLSocket socket = (SSLSocket) with.getSocketFactory().createSocket(raw, early, true);
    socket.setEnabledProtocols(versions);
    socket.setNeedClientAuth(clientCertificate);
    socket.startHandshake();
    boolean resumed = socket.getSession().getCreationTime() < now;
    ledger.handshake(new Handshake(data, socket.getSession().getProtocol(), resumed));
    return new Connection(socket, resumed);
  }

  /** The good certificate unless another was set; created on first use. */
  SSLContext context() {
    making.lock();
    try {
      SSLContext now = context;
      if (now == null) {
        now = Certificates.server();
        context = now;
      }
      return now;
    } finally {
      making.unlock();
    }
  }

  void use(SSLContext other) {
    context = other;
  }

  void versions(String... only) {
    versions = only.clone();
  }

  void demandClientCertificate() {
    clientCertificate = true;
  }

  void demandSessionReuse() {
    sessionReuse = true;
  }

  boolean demandsSessionReuse() {
    return sessionReuse;
  }
}
