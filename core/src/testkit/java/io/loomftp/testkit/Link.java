package io.loomftp.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;

/** One connection through a {@link CuttingProxy}: a socket to the client and one to the server. */
final class Link {
  private static final int BLOCK = 16 * 1024;

  private final Gate gate;
  private final Cut.Line line;
  private final Socket client;
  private final Socket server;
  private final CountDownLatch directions = new CountDownLatch(2);
  private volatile boolean mute;
  private volatile boolean held;
  private volatile boolean broken;
  private volatile boolean clientEnded;

  Link(Gate gate, Cut.Line line, Socket client, Socket server) {
    this.gate = gate;
    this.line = line;
    this.client = client;
    this.server = server;
  }

  Cut.Line line() {
    return line;
  }

  Socket client() {
    return client;
  }

  Socket server() {
    return server;
  }

  boolean isHeld() {
    return held;
  }

  /** Stops relaying. */
  void hold() {
    held = true;
  }

  boolean hasClientEnded() {
    return clientEnded;
  }

  void clientEnded() {
    clientEnded = true;
  }

  /** Whether a fault was injected, so that nothing more is relayed. */
  boolean isSpoilt() {
    return mute || held || broken;
  }

  /** Sends FIN to both ends. */
  void finish() {
    mute = true;
    endOutput(client);
    endOutput(server);
  }

  /** Resets both ends. */
  void reset() {
    broken = true;
    reset(client);
    reset(server);
  }

  /** Closes a socket with RST. */
  static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      System.getLogger(Link.class.getName()).log(System.Logger.Level.TRACE, "closed already", e);
    }
    Ledger.closeQuietly(socket);
  }

  private static void endOutput(Socket socket) {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      System.getLogger(Link.class.getName()).log(System.Logger.Level.TRACE, "ended already", e);
    }
  }

  /** Receives data before it is relayed. */
  interface Tap {
    byte[] pass(byte[] bytes) throws IOException;
  }

  /** Receives the number of relayed bytes. */
  interface Count {
    void add(int bytes) throws IOException;
  }

  /** Relays data from one end to the other until it ends. */
  void relayBlocks(Socket from, Socket to, Count count) throws IOException, InterruptedException {
    byte[] block = new byte[BLOCK];
    relay(from, to, false, count, in -> {
      int n = in.read(block);
      return n < 0 ? new byte[0] : java.util.Arrays.copyOf(block, n);
    });
  }

  /**
   * Relays lines.
   *
   * @param whole whether a line arrives completely or not at all, as a packet does: ProFTPD executes half a command
   */
  void relayLines(Socket from, Socket to, boolean whole, Tap tap) throws IOException, InterruptedException {
    relay(from, to, whole, n -> {}, in -> {
      byte[] one = readLine(in);
      return one.length == 0 ? one : tap.pass(one);
    });
  }

  private static byte[] readLine(InputStream in) throws IOException {
    var bytes = new java.io.ByteArrayOutputStream();
    for (int b = in.read(); b >= 0; b = in.read()) {
      bytes.write(b);
      if (b == '\n') {
        break;
      }
    }
    return bytes.toByteArray();
  }

  private interface Source {
    /** Empty at the end. */
    byte[] next(InputStream in) throws IOException;
  }

  private void relay(Socket from, Socket to, boolean whole, Count count, Source source)
      throws IOException, InterruptedException {
    boolean ended = false;
    try (var in = new java.io.BufferedInputStream(from.getInputStream(), BLOCK)) {
      OutputStream out = to.getOutputStream();
      for (byte[] bytes = source.next(in); bytes.length > 0; bytes = source.next(in)) {
        for (int at = 0; at < bytes.length && !mute;) {
          int some = gate.admit(this, bytes.length - at, whole);
          try {
            if (!mute) {
              out.write(bytes, at, some);
              count.add(some);
            }
          } finally {
            gate.passed(this, some);
          }
          at += some;
        }
      }
      ended = true;
      if (from == client) {
        gate.clientEnded(this);
      }
      if (!held) {
        endOutput(to);
      }
      directions.countDown();
      directions.await(); // closing one stream closes the socket, and the other direction with it
    } finally {
      if (!ended) {
        directions.countDown();
        reset();
      }
      if (directions.getCount() == 0) {
        Ledger.closeQuietly(client);
        Ledger.closeQuietly(server);
        gate.closed(this);
      }
    }
  }
}
