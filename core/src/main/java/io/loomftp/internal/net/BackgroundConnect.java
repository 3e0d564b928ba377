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
 * A connection that is made on a virtual thread of its own. It belongs to this object until {@link #await} gives it out, once;
 * a connection that nobody takes within a while is closed. Safe for use by any thread.
 */
public final class BackgroundConnect implements Closeable {
  private final CompletableFuture<KeyedSocket> socket = new CompletableFuture<>();
  private final CountDownLatch claimed = new CountDownLatch(1);
  private final AtomicBoolean owned = new AtomicBoolean(true);

  private BackgroundConnect() {}

  /**
   * Begins to connect.
   *
   * @param dial makes the connection, within a bound of its own
   * @param unused how long a connection waits for being taken
   */
  public static BackgroundConnect begin(Callable<KeyedSocket> dial, Duration unused) {
    BackgroundConnect connect = new BackgroundConnect();
    Thread.ofVirtual().name("ftp-data-connect").start(() -> connect.run(dial, unused));
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
   * The connection, which belongs to the caller then; null when it is not there within the bound and may be asked for again.
   *
   * @throws IOException when it cannot be made
   */
  public @Nullable KeyedSocket await(Duration bound) throws IOException {
    try {
      KeyedSocket connected = socket.get(bound.toNanos(), TimeUnit.NANOSECONDS);
      if (claimed.getCount() == 0 || !owned.compareAndSet(true, false)) {
        throw new IOException("the connection was closed, since nobody used it");
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

  /** Closes the connection if it was not given out, now or as soon as it is there. */
  @Override
  public void close() {
    if (owned.get()) {
      claimed.countDown();
      closeSocket();
    }
  }

  private void closeSocket() {
    if (socket.isDone() && !socket.isCompletedExceptionally() && owned.compareAndSet(true, false)) {
      IOUtils.closeQuietly(socket.join());
    }
  }
}
