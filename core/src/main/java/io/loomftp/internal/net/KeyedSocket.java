package io.loomftp.internal.net;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
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
 * session answer the same number there, one that no other FTP session has; so a session is offered to nobody else. It also
 * sees whether the peer closed the TCP connection, which tells truncation from a clean end: JSSE reports both as the end of
 * the stream.
 */
public final class KeyedSocket extends Socket {
  private final int key;
  private volatile boolean ended;
  private final AtomicLong received = new AtomicLong();
  private boolean quickAckSettled;
  private boolean quickAck;

  /** A socket of the FTP session with this key; not connected yet. */
  public KeyedSocket(int key) {
    this.key = key;
  }

  /** The key once connected: what JSSE looks sessions up by. */
  @Override
  public int getPort() {
    return isConnected() ? key : super.getPort();
  }

  /** The key of its FTP session. */
  public int key() {
    return key;
  }

  /** Where the socket really is connected to. */
  public InetSocketAddress remote() {
    return new InetSocketAddress(getInetAddress(), super.getPort());
  }

  /** The same as {@link #remote()}: the key is for JSSE alone. */
  @Override
  public SocketAddress getRemoteSocketAddress() {
    return remote();
  }

  /** Address of this end. */
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

  /** Makes {@link #close()} tell the peer that the stream was broken off (RST), not finished (FIN). */
  public void closeAbruptly() throws IOException {
    try {
      setSoLinger(true, 0);
    } finally {
      close();
    }
  }

  /**
   * Has the system acknowledge at once what has arrived, where it can be told to; for a while it goes on to do so. Used by
   * one thread.
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
