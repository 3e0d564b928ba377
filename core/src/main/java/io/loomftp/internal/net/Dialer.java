package io.loomftp.internal.net;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import jdk.net.ExtendedSocketOptions;
import org.apache.commons.io.IOUtils;
import org.jspecify.annotations.Nullable;

/** Establishes TCP connections: tries every address of a host in turn, all within one bound. */
public final class Dialer {
  private static final int KEEP_ALIVE_IDLE_SECONDS = 60;
  private static final int KEEP_ALIVE_INTERVAL_SECONDS = 20;

  private Dialer() {}

  /**
   * Connects to the first address of the host that answers.
   *
   * @param local the address to connect from, or null
   */
  public static KeyedSocket connect(String host, int port, @Nullable InetAddress local, int key, Duration bound)
      throws IOException {
    long deadline = System.nanoTime() + bound.toNanos();
    InetAddress[] addresses = lookUp(host, bound);
    IOException trouble = null;
    for (int i = 0; i < addresses.length; i++) {
      long share = Math.max(0, deadline - System.nanoTime()) / (addresses.length - i);
      try {
        return connect(new InetSocketAddress(addresses[i], port), local, key, Duration.ofNanos(share), true);
      } catch (IOException e) {
        if (trouble == null) {
          trouble = e;
        } else {
          trouble.addSuppressed(e);
        }
        if (Thread.currentThread().isInterrupted()) {
          break;
        }
      }
    }
    throw trouble == null ? new UnknownHostException(host) : trouble;
  }

  /** Connects to this address only, for a transfer: without keep-alive, since every wait there has a bound. */
  public static KeyedSocket connect(InetSocketAddress to, @Nullable InetAddress local, int key, Duration bound)
      throws IOException {
    return connect(to, local, key, bound, false);
  }

  private static KeyedSocket connect(
      InetSocketAddress to, @Nullable InetAddress local, int key, Duration bound, boolean keepsAlive) throws IOException {
    KeyedSocket socket = new KeyedSocket(key);
    try {
      if (local != null) {
        socket.bind(new InetSocketAddress(local, 0));
      }
      socket.setTcpNoDelay(true);
      if (keepsAlive) {
        keepAlive(socket);
      }
      socket.connect(to, millis(bound));
      return socket;
    } catch (IOException | RuntimeException e) {
      IOUtils.closeQuietly(socket);
      throw e;
    }
  }

  /** A bound in milliseconds for sockets: at least one, since 0 means no bound there. */
  public static int millis(Duration bound) {
    return Math.clamp(bound.toMillis(), 1, Integer.MAX_VALUE);
  }

  /** Enables TCP keep-alive, so that routers keep an idle connection and a dead peer is detected. */
  static void keepAlive(KeyedSocket socket) throws IOException {
    socket.setKeepAlive(true);
    var supported = socket.supportedOptions();
    if (supported.contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
      socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, KEEP_ALIVE_IDLE_SECONDS);
    }
    if (supported.contains(ExtendedSocketOptions.TCP_KEEPINTERVAL)) {
      socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEP_ALIVE_INTERVAL_SECONDS);
    }
  }

  /** The resolver has no bound of its own, so it gets a thread of its own. */
  private static InetAddress[] lookUp(String host, Duration bound) throws IOException {
    var task = new FutureTask<>(() -> InetAddress.getAllByName(host));
    Thread.ofVirtual().name("ftp-lookup").start(task);
    try {
      return task.get(bound.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      task.cancel(true);
      throw new SocketTimeoutException("no address of " + host + " found within " + bound.toMillis() + " ms");
    } catch (InterruptedException e) {
      task.cancel(true);
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted while looking up " + host).initCause(e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException("cannot look up " + host, e.getCause());
    }
  }
}
