package io.loomftp.internal.net;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicLong;
import jdk.net.ExtendedSocketOptions;
import org.apache.commons.io.input.ProxyInputStream;

/**
 * A socket that TLS can be layered over so that the data connections of a session resume its control connection's TLS
 * session.
 *
 * <p>JSSE keeps client sessions under the host name and the {@link #getPort()} of the socket below. All sockets of one FTP
 * session return the same number there, which no other FTP session has, so a TLS session is never offered to another one. It
 * also detects whether the peer closed the TCP connection, which distinguishes truncation from a clean end: JSSE reports both
 * as the end of the stream.
 */
public final class KeyedSocket extends Socket {
  private final int key;
  private volatile boolean ended;
  private final AtomicLong received = new AtomicLong();
  private volatile boolean tunnelled;
  private volatile boolean holdingEnd;
  private boolean quickAckSettled;
  private boolean quickAck;

  /**
   * A socket of the FTP session with this key; not connected yet. It connects directly: without that the JDK would send the
   * connection, the one to a proxy as well, through the SOCKS proxy of the system properties.
   */
  public KeyedSocket(int key) {
    super(Proxy.NO_PROXY);
    this.key = key;
  }

  /** The key once connected, by which JSSE looks up TLS sessions. */
  @Override
  public int getPort() {
    return isConnected() ? key : super.getPort();
  }

  /** The key of its FTP session. */
  public int key() {
    return key;
  }

  /** The address to which the socket is connected. */
  public InetSocketAddress remote() {
    return new InetSocketAddress(getInetAddress(), super.getPort());
  }

  /** The same as {@link #remote()}: the key serves JSSE alone. */
  @Override
  public SocketAddress getRemoteSocketAddress() {
    return remote();
  }

  /** The address of the local end. */
  public InetSocketAddress local() {
    return new InetSocketAddress(getLocalAddress(), getLocalPort());
  }

  /** Whether the peer's end of the TCP stream was read. */
  public boolean ended() {
    return ended;
  }

  /** The number of bytes read so far. */
  long received() {
    return received.get();
  }

  /** Marks that it leads through a proxy. */
  public void tunnelled() {
    tunnelled = true;
  }

  /** Whether it leads through a proxy, many of which close both directions when one is ended. */
  boolean isTunnelled() {
    return tunnelled;
  }

  /** Whether {@link #shutdownOutput}, which JSSE calls after a close_notify, has no effect. */
  void holdEnd(boolean hold) {
    holdingEnd = hold;
  }

  @Override
  public void shutdownOutput() throws IOException {
    if (!holdingEnd) {
      super.shutdownOutput();
    }
  }

  /** Closes with a reset (RST), so that the peer sees that the stream is incomplete. */
  public void closeAbruptly() throws IOException {
    try {
      setSoLinger(true, 0);
    } finally {
      close();
    }
  }

  /**
   * Asks the operating system to acknowledge received data at once (TCP_QUICKACK), where it supports that. Used by one
   * thread.
   */
  public void acknowledgeAtOnce() {
    if (!quickAckSettled) {
      quickAckSettled = true;
      quickAck = supportedOptions().contains(ExtendedSocketOptions.TCP_QUICKACK);
    }
    if (quickAck) {
      try {
        setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
      } catch (IOException e) {
        quickAck = false; // the socket is closed, as the next read finds out
      }
    }
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new ProxyInputStream(super.getInputStream()) {
      @Override
      protected void afterRead(int n) {
        if (n < 0) {
          ended = true;
        } else {
          received.addAndGet(n);
        }
      }
    };
  }
}
