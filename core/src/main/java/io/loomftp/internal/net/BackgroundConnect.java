package io.loomftp.internal.net;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.commons.io.IOUtils;
import org.jspecify.annotations.Nullable;

/**
 * Connects on a virtual thread of its own. Owns the connection until {@link #await} hands it over, once; closes a connection
 * that is not taken in time. Safe for use by any thread.
 */
public final class BackgroundConnect implements Closeable {
  private final CompletableFuture<KeyedSocket> socket = new CompletableFuture<>();
  private final CountDownLatch claimed = new CountDownLatch(1);
  private final AtomicBoolean owned = new AtomicBoolean(true);

  private volatile @Nullable Thread thread;

  private BackgroundConnect() {}

  /**
   * Begins to connect.
   *
   * @param dial establishes the connection, within its own bound
   * @param unused the time after which an untaken connection is closed
   */
  public static BackgroundConnect begin(Callable<KeyedSocket> dial, Duration unused) {
    BackgroundConnect connect = new BackgroundConnect();
    Thread thread = Thread.ofVirtual().name("ftp-data-connect").unstarted(() -> connect.run(dial, unused));
    connect.thread = thread;
    thread.start();
    return connect;
  }

  private void run(Callable<KeyedSocket> dial, Duration unused) {
    try {
      socket.complete(dial.call());
      if (!claimed.await(unused.toNanos(), TimeUnit.NANOSECONDS)) {
        close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
    } catch (Exception e) {
      socket.completeExceptionally(e);
    } finally {
      if (claimed.getCount() == 0 && owned.get()) {
        closeSocket(); // it was closed before the connection was there
      }
    }
  }

  /**
   * Hands over the connection to the caller; null when it is not established within the bound, and this may be called again.
   *
   * @throws IOException when it cannot be established
   */
  public @Nullable KeyedSocket await(Duration bound) throws IOException {
    try {
      KeyedSocket connected = socket.get(bound.toNanos(), TimeUnit.NANOSECONDS);
      if (claimed.getCount() == 0 || !owned.compareAndSet(true, false)) {
        throw new IOException("the connection was closed because it was not used in time");
      }
      claimed.countDown();
      return connected;
    } catch (TimeoutException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    }
  }

  /** Closes the connection unless it was handed over; one that is being established is given up. */
  @Override
  public void close() {
    if (owned.get()) {
      claimed.countDown();
      closeSocket();
      Thread dialing = thread;
      if (dialing != null && dialing != Thread.currentThread()) {
        dialing.interrupt(); // that closes a socket on which a virtual thread waits
      }
    }
  }

  private void closeSocket() {
    if (socket.isDone() && !socket.isCompletedExceptionally() && owned.compareAndSet(true, false)) {
      IOUtils.closeQuietly(socket.join());
    }
  }
}
