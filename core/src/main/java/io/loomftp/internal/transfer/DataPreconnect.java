package io.loomftp.internal.transfer;

import io.loomftp.internal.net.KeyedSocket;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.commons.io.IOUtils;

/** A data connection that is made while the control connection is busy with something else. */
public final class DataPreconnect implements Closeable {
  private final CompletableFuture<KeyedSocket> socket = new CompletableFuture<>();

  private DataPreconnect() {}

  /** Begins to connect, on a virtual thread of its own. */
  static DataPreconnect begin(Callable<KeyedSocket> dial) {
    DataPreconnect early = new DataPreconnect();
    Thread.ofVirtual().name("ftp-data-connect").start(() -> early.run(dial));
    return early;
  }

  private void run(Callable<KeyedSocket> dial) {
    try {
      KeyedSocket connected = dial.call();
      if (!socket.complete(connected)) {
        IOUtils.closeQuietly(connected);
      }
    } catch (Exception e) {
      socket.completeExceptionally(e);
    }
  }

  /** The connection, waited for as long as connecting may take. */
  KeyedSocket await() throws IOException {
    try {
      return socket.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    }
  }

  /** Nobody wants it any more: it is closed, or will be as soon as it is there. */
  @Override
  public void close() {
    socket.cancel(false);
    if (!socket.isCompletedExceptionally()) {
      IOUtils.closeQuietly(socket.join());
    }
  }
}
