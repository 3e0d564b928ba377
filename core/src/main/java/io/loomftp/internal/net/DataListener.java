package io.loomftp.internal.net;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.commons.io.IOUtils;
import org.jspecify.annotations.Nullable;

/** Listens on one port for one peer and rejects connections from other addresses. */
public final class DataListener implements DataAcceptor {
  private static final int BACKLOG = 8;

  private final ServerSocket server;
  private final int key;

  private DataListener(ServerSocket server, int key) {
    this.server = server;
    this.key = key;
  }

  /** Listens on a free port of the range, tried from a random start (RFC 2577 section 8); 0 to 0 is any port. */
  public static DataListener open(InetAddress address, int from, int to, int key) throws IOException {
    int count = to - from + 1;
    int start = ThreadLocalRandom.current().nextInt(count);
    for (int i = 0; i < count; i++) {
      int port = from + (start + i) % count;
      ServerSocket server = new KeyedServerSocket(key);
      try {
        server.bind(new InetSocketAddress(address, port), BACKLOG);
        return new DataListener(server, key);
      } catch (BindException e) {
        IOUtils.closeQuietly(server);
        if (count == 1) {
          throw e;
        }
      } catch (IOException e) {
        IOUtils.closeQuietly(server);
        throw e;
      }
    }
    throw new BindException("no free port from " + from + " to " + to + " on " + address.getHostAddress());
  }

  /** The port. */
  public int port() {
    return server.getLocalPort();
  }

  /** Accepts the first connection from the peer; those from other addresses are closed. */
  @Override
  public KeyedSocket accept(@Nullable InetAddress peer, Duration bound) throws IOException {
    long deadline = System.nanoTime() + bound.toNanos();
    while (true) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw new SocketTimeoutException("no connection within " + bound.toMillis() + " ms");
      }
      server.setSoTimeout(Dialer.millis(Duration.ofNanos(left)));
      KeyedSocket socket = (KeyedSocket) server.accept();
      if (peer == null || peer.equals(socket.getInetAddress())) {
        socket.setTcpNoDelay(true);
        return socket;
      }
      IOUtils.closeQuietly(socket);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  @Override
  public String toString() {
    return "listener on port " + port() + " of session " + key;
  }

  private static final class KeyedServerSocket extends ServerSocket {
    private final int key;

    KeyedServerSocket(int key) throws IOException {
      this.key = key;
    }

    @Override
    public Socket accept() throws IOException {
      KeyedSocket socket = new KeyedSocket(key);
      try {
        implAccept(socket);
        return socket;
      } catch (IOException | RuntimeException e) {
        IOUtils.closeQuietly(socket);
        throw e;
      }
    }
  }
}
