package io.loomftp.testkit;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;

/** A socket that records whether the peer's FIN was read, which distinguishes truncation from a clean end under TLS. */
final class WatchedSocket extends Socket {
  private volatile boolean sawEnd;

  boolean sawEnd() {
    return sawEnd;
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new FilterInputStream(super.getInputStream()) {
      @Override
      public int read() throws IOException {
        return watch(super.read());
      }

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        return watch(super.read(buffer, offset, length));
      }

      private int watch(int result) {
        sawEnd |= result < 0;
        return result;
      }
    };
  }

  /** The address of these bytes, under the name in the certificates, without a lookup. */
  static InetAddress loopback(int... address) {
    byte[] bytes = new byte[address.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) address[i];
    }
    try {
      return InetAddress.getByAddress("localhost", bytes);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** A listener on a free port whose sockets are watched. */
  static ServerSocket listen(InetAddress address, int port, int backlog) throws IOException {
    ServerSocket listener = new ServerSocket() {
      @Override
      public Socket accept() throws IOException {
        Socket socket = new WatchedSocket();
        implAccept(socket);
        return socket;
      }
    };
    try {
      listener.bind(new InetSocketAddress(address, port), backlog);
      return listener;
    } catch (IOException e) {
      Ledger.closeQuietly(listener);
      throw e;
    }
  }
}
