package io.loomftp.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Records everything that a scripted server received, and lets tests wait for it. */
final class Ledger {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<String> commands = new ArrayList<>();
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();
  private final List<Handshake> handshakes = new ArrayList<>();
  private final List<String> mismatches = new ArrayList<>();
  private final Set<AutoCloseable> sockets = ConcurrentHashMap.newKeySet();
  private int sessions;
  private int endedSessions;
  private int dataConnections;
  private int trapConnections;
  private int endsWithoutCloseNotify;

  void command(String line, byte[] raw) {
    note(() -> {
      commands.add(line);
      received.writeBytes(raw);
    });
  }

  void handshake(Handshake handshake) {
    note(() -> handshakes.add(handshake));
  }

  void mismatch(String text) {
    note(() -> mismatches.add(text));
  }

  void sessionBegan() {
    note(() -> sessions++);
  }

  void sessionEnded() {
    note(() -> endedSessions++);
  }

  void dataConnection() {
    note(() -> dataConnections++);
  }

  void trapConnection() {
    note(() -> trapConnections++);
  }

  void endWithoutCloseNotify() {
    note(() -> endsWithoutCloseNotify++);
  }

  void opened(AutoCloseable socket) {
    note(() -> sockets.add(socket));
  }

  void closed(AutoCloseable socket) {
    note(() -> sockets.remove(socket));
  }

  /** Closes all open raw sockets; does not block. */
  void closeAll() {
    for (AutoCloseable socket : Set.copyOf(sockets)) {
      if (socket instanceof Socket s) {
        closeQuietly(s);
      } else if (socket instanceof ServerSocket s) {
        closeQuietly(s);
      }
      closed(socket);
    }
  }

  static void closeQuietly(java.io.Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException e) {
      // The peer of a test may have closed it already.
      System.getLogger(Ledger.class.getName()).log(System.Logger.Level.TRACE, "close", e);
    }
  }

  List<String> commands() {
    return read(() -> List.copyOf(commands));
  }

  byte[] received() {
    return read(received::toByteArray);
  }

  List<Handshake> handshakes() {
    return read(() -> List.copyOf(handshakes));
  }

  List<String> mismatches() {
    return read(() -> List.copyOf(mismatches));
  }

  int sessions() {
    return read(() -> sessions);
  }

  int endedSessions() {
    return read(() -> endedSessions);
  }

  int dataConnections() {
    return read(() -> dataConnections);
  }

  int trapConnections() {
    return read(() -> trapConnections);
  }

  int endsWithoutCloseNotify() {
    return read(() -> endsWithoutCloseNotify);
  }

  int openSockets() {
    return sockets.size();
  }

  /** Waits until the condition holds, checked after each change; false when the time expires first. */
  boolean await(Duration patience, BooleanSupplier condition) {
    long left = patience.toNanos();
    lock.lock();
    try {
      while (!condition.getAsBoolean()) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void note(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private <T> T read(java.util.function.Supplier<T> value) {
    lock.lock();
    try {
      return value.get();
    } finally {
      lock.unlock();
    }
  }
}
