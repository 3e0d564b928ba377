package io.loomftp.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** The virtual threads of a scripted server; closing it ends all their waits. */
final class Workers {
  private static final System.Logger LOG = System.getLogger(ScriptedServer.class.getName());

  private final Ledger ledger;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("scripted-", 0).factory());

  Workers(Ledger ledger) {
    this.ledger = ledger;
  }

  /** Work that may fail with an {@code IOException}. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException, InterruptedException;
  }

  /** Starts work. */
  void start(Work work) {
    threads.execute(() -> guard(work));
  }

  /** Starts work whose end can be waited for. */
  Future<?> submit(Work work) {
    FutureTask<?> task = new FutureTask<>(() -> guard(work), null);
    threads.execute(task);
    return task;
  }

  /**
   * An IOException is the ordinary end of work whose peer has closed the connection; anything else is a mistake of the
   * server.
   */
  private void guard(Work work) {
    try {
      work.run();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "a connection ended", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      if (!isClosing()) {
        ledger.mismatch("the server itself failed: " + e);
        LOG.log(System.Logger.Level.ERROR, "the server itself failed", e);
      }
    }
  }

  /** Listens on a port where every connection counts as a mistake of the client. */
  void trap(InetAddress address, int port) throws IOException {
    ServerSocket trap = new ServerSocket();
    try {
      trap.bind(new InetSocketAddress(address, port));
    } catch (IOException e) {
      Ledger.closeQuietly(trap);
      throw e;
    }
    ledger.opened(trap);
    start(() -> {
      while (!trap.isClosed()) {
        try (Socket caught = trap.accept()) {
          ledger.trapConnection();
          caught.setSoLinger(true, 0);
        }
      }
    });
  }

  /** Waits until the server is closed, then throws. */
  void stall() throws IOException {
    try {
      closing.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new SocketException("the server is closed");
  }

  void pause(Duration pause) throws IOException, InterruptedException {
    if (!pause.isZero() && closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new SocketException("the server is closed");
    }
  }

  boolean isClosing() {
    return closing.getCount() == 0;
  }

  /** Begins to close; the owner then closes the sockets. */
  void beginToEnd() {
    closing.countDown();
  }

  /** Fails if a thread does not end within the bound. */
  void awaitEnd(Duration patience) {
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(patience.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("a session of the scripted server did not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
