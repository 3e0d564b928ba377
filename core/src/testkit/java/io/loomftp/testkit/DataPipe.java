package io.loomftp.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLSocket;

/** The server's end of one data connection, with correct and faulty ways to use and end it. */
public final class DataPipe implements AutoCloseable {
  private final ScriptedServer server;
  private final WatchedSocket raw;
  private final Socket socket;
  private final boolean resumed;
  private volatile boolean ended;

  /** A connection without TLS. */
  DataPipe(ScriptedServer server, WatchedSocket raw) {
    this(server, raw, raw, false);
  }

  DataPipe(ScriptedServer server, WatchedSocket raw, Socket socket, boolean resumed) {
    this.resumed = resumed;
    this.server = server;
    this.raw = raw;
    this.socket = socket;
  }

  /** Sends bytes, through TLS if the connection is protected. */
  public DataPipe send(byte[] bytes) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(bytes);
    out.flush();
    return this;
  }

  /** Sends text as UTF-8. */
  public DataPipe send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends bytes below TLS, if there is any, as a peer does that omits encryption. */
  public DataPipe sendInTheClear(byte[] bytes) throws IOException {
    raw.getOutputStream().write(bytes);
    return this;
  }

  /** Sends one byte after each pause, until all are sent or the server is closed. */
  public DataPipe drip(byte[] bytes, Duration pause) throws IOException, InterruptedException {
    for (byte one : bytes) {
      send(new byte[] {one});
      server.workers().pause(pause);
    }
    return this;
  }

  /** Reads up to the client's end of data. */
  public byte[] receiveAll() throws IOException {
    byte[] all = socket.getInputStream().readAllBytes();
    noteEnd();
    return all;
  }

  /** Called after the end was read; records whether a close_notify preceded it. */
  void noteEnd() {
    if (socket instanceof SSLSocket && raw.sawEnd()) {
      server.ledger().endWithoutCloseNotify();
    }
  }

  /** Reads this many bytes, fewer only if the data end before. */
  public byte[] receive(int count) throws IOException {
    return socket.getInputStream().readNBytes(count);
  }

  /** The stream of the uploaded data. */
  public InputStream input() throws IOException {
    return socket.getInputStream();
  }

  /** Ends cleanly: close_notify under TLS, FIN, then reads to the end of the client's data, for two seconds at most. */
  public void finish() throws IOException {
    if (ended) {
      return;
    }
    ended = true;
    try {
      if (socket instanceof SSLSocket) {
        socket.shutdownOutput();
        drain();
      }
    } finally {
      release();
    }
  }

  /** Reads what is left, since closing a socket with unread bytes sends RST, which would discard the last data. */
  private void drain() throws IOException {
    InputStream input;
    try {
      input = socket.getInputStream();
    } catch (SocketException e) {
      return; // the client's close_notify was read before
    }
    socket.setSoTimeout(2_000);
    byte[] buffer = new byte[4_096];
    try {
      while (input.read(buffer) >= 0) {
        // data of the client after the end is dropped
      }
    } catch (SocketTimeoutException e) {
      return; // the client did not end its side: closed without it
    }
  }

  /** FIN without close_notify, as when an attacker truncates the connection. The same as {@link #finish} without TLS. */
  public void truncate() throws IOException {
    if (!ended) {
      ended = true;
      raw.shutdownOutput();
      raw.setSoTimeout(2_000);
      release();
    }
  }

  /** RST: data that the client has not read yet is lost. */
  public void reset() throws IOException {
    if (!ended) {
      ended = true;
      raw.setSoLinger(true, 0);
      release();
    }
  }

  /** Does nothing more until the server is closed. */
  public void stall() throws IOException {
    server.workers().stall();
  }

  /** Whether it has a TLS session that was not resumed. */
  boolean isFreshTls() {
    return socket instanceof SSLSocket && !resumed;
  }

  /** Closes the socket in any state. */
  void abandon() {
    ended = true;
    release();
  }

  boolean hasEnded() {
    return ended;
  }

  private void release() {
    Ledger.closeQuietly(raw);
    server.ledger().closed(raw);
  }

  /** Ends cleanly unless it was ended in another way. */
  @Override
  public void close() throws IOException {
    finish();
  }
}
