package io.loomftp.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * One control connection on the server side, with which a {@link Behaviour} replies, misbehaves and opens data connections.
 */
public final class Conversation {
  private static final int IAC = 0xFF;

  private final ScriptedServer server;
  private final Socket raw;
  private final ReentrantLock writing = new ReentrantLock();
  private final SessionState state = new SessionState();
  private InputStream in;
  private OutputStream out;
  private boolean secured;
  private boolean over;
  private boolean skipped;
  private Request request = new Request("", "", "");

  // How the next data connection comes about: one of the two, or neither.
  private @Nullable ServerSocket passive;
  private @Nullable InetSocketAddress active;

  Conversation(ScriptedServer server, Socket raw) throws IOException {
    this.server = server;
    this.raw = raw;
    this.in = new BufferedInputStream(raw.getInputStream());
    this.out = raw.getOutputStream();
  }

  // --- the control connection ---

  /** The command being answered; empty before the first. */
  public Request request() {
    return request;
  }

  /** The argument of the command being answered. */
  public String argument() {
    return request.argument();
  }

  /** Handles the command in the ordinary way. */
  public void ordinary() throws IOException, InterruptedException {
    OrdinaryCommands.answer(this);
  }

  /** Sends reply lines, each with CRLF, as one piece. */
  public void reply(String... lines) throws IOException {
    String text = String.join("\r\n", lines) + "\r\n";
    Fault fault = server.nextReplyFault();
    if (fault == null) {
      raw(text.getBytes(server.charset()));
    } else {
      fault.onReply(this, text.getBytes(server.charset()));
    }
  }

  /** Sends these bytes and nothing else. */
  public void raw(byte[] bytes) throws IOException {
    writing.lock();
    try {
      out.write(bytes);
      out.flush();
    } finally {
      writing.unlock();
    }
  }

  /** Sends this text, one byte for each character up to U+00FF, and nothing else. */
  public void raw(String latin1) throws IOException {
    raw(latin1.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** From here on a small piece waits until what was sent before is acknowledged (Nagle's algorithm). */
  public void delaySmallPieces() throws IOException {
    raw.setTcpNoDelay(false);
  }

  /** Sends bytes one at a time with a pause after each, until all are gone or the server is closed. */
  public void drip(byte[] bytes, Duration pause) throws IOException, InterruptedException {
    for (byte one : bytes) {
      raw(new byte[] {one});
      server.workers().pause(pause);
    }
  }

  /** Sends nothing more until the server is closed. */
  public void stall() throws IOException {
    server.workers().stall();
  }

  /** Closes the control connection with FIN (under TLS without close_notify). */
  public void close() {
    over = true;
    Ledger.closeQuietly(raw);
  }

  /** Ends the session as a correct server does: close_notify under TLS, then FIN. */
  public void end() throws IOException {
    over = true;
    if (secured) {
      out.close();
    }
    Ledger.closeQuietly(raw);
  }

  /** Ends the server's half only; commands of the client can still be read. */
  public void closeOutput() throws IOException {
    raw.shutdownOutput();
  }

  /** Closes the control connection with RST. */
  public void reset() throws IOException {
    over = true;
    raw.setSoLinger(true, 0);
    Ledger.closeQuietly(raw);
  }

  /** Waits for the next command. */
  public Request next() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      int one = take(bytes);
      if (one == '\n') {
        break;
      }
      if (one != IAC) {
        line.write(one);
        continue;
      }
      int command = take(bytes);
      if (command == IAC) {
        line.write(IAC);
      } else if (command >= 251) {
        take(bytes); // WILL, WON'T, DO, DON'T carry an option
      }
    }
    byte[] text = line.toByteArray();
    int length = text.length > 0 && text[text.length - 1] == '\r' ? text.length - 1 : text.length;
    request = Request.parse(java.util.Arrays.copyOf(text, length), server.charset());
    server.ledger().command(request.line(), bytes.toByteArray());
    return request;
  }

  private int take(ByteArrayOutputStream record) throws IOException {
    int one = in.read();
    if (one < 0) {
      throw new EOFException("the client closed the control connection");
    }
    record.write(one);
    return one;
  }

  /** Whether the client has closed the control connection, or sent something: waits for one of the two. */
  public boolean clientCloses() throws IOException {
    in.mark(1);
    int one = in.read();
    if (one >= 0) {
      in.reset();
    }
    return one < 0;
  }

  /** Starts TLS on the control connection with the server's certificate. */
  public void startTls() throws IOException {
    startTls(server.security().context());
  }

  /** Starts TLS on the control connection with another certificate. */
  public void startTls(SSLContext context) throws IOException {
    byte[] early = in.readNBytes(in.available());
    SSLSocket tls = server.security().handshake(raw, new ByteArrayInputStream(early), context, false).socket();
    in = new BufferedInputStream(tls.getInputStream());
    out = tls.getOutputStream();
    secured = true;
  }

  // --- the data connection ---

  /** Opens a listener for the next data connection and returns its port. */
  public int listen() throws IOException {
    return listen(raw.getLocalAddress());
  }

  /** Opens a listener on another address for the next data connection and returns its port. */
  public int listen(InetAddress address) throws IOException {
    forgetData();
    ServerSocket listener = WatchedSocket.listen(address, 0, 5);
    listener.setSoTimeout((int) server.dataPatience().toMillis());
    server.ledger().opened(listener);
    passive = listener;
    return listener.getLocalPort();
  }

  /** Sets the address at which the client waits for the next data connection. */
  public void connectTo(InetSocketAddress address) {
    forgetData();
    active = address;
  }

  /** The address at which the client waits for the data connection in active mode. */
  public InetSocketAddress activeAddress() throws IOException {
    InetSocketAddress address = active;
    if (address == null) {
      throw new IOException("the client sent no PORT or EPRT");
    }
    return address;
  }

  /** Opens the negotiated data connection, with TLS if the client asked for PROT P. */
  public DataPipe openData() throws IOException {
    WatchedSocket socket = connectData();
    return state.protectData ? protect(socket) : new DataPipe(server, socket);
  }

  /** Opens the data connection without TLS, regardless of PROT. */
  public DataPipe openDataInTheClear() throws IOException {
    WatchedSocket socket = connectData();
    return new DataPipe(server, socket);
  }

  /** Opens the data connection with TLS and this certificate. */
  public DataPipe openData(SSLContext context) throws IOException {
    return protect(connectData(), context);
  }

  /** Protects an open data connection with the server's certificate. */
  DataPipe protect(WatchedSocket socket) throws IOException {
    return protect(socket, server.security().context());
  }

  private DataPipe protect(WatchedSocket socket, SSLContext context) throws IOException {
    try {
      ServerTls.Connection tls = server.security().handshake(socket, new ByteArrayInputStream(new byte[0]), context, true);
      return new DataPipe(server, socket, tls.socket(), tls.resumed());
    } catch (IOException e) {
      Ledger.closeQuietly(socket);
      server.ledger().closed(socket);
      throw e;
    }
  }

  /** Accepts or connects without TLS; the handshake may come later. */
  WatchedSocket connectData() throws IOException {
    ServerSocket listener = passive;
    InetSocketAddress address = active;
    WatchedSocket socket;
    try {
      if (listener != null) {
        socket = (WatchedSocket) listener.accept();
      } else if (address != null) {
        socket = new WatchedSocket();
        socket.bind(new InetSocketAddress(raw.getLocalAddress(), 0));
        socket.connect(address, (int) server.dataPatience().toMillis());
      } else {
        throw new IOException("no PASV, EPSV, PORT or EPRT before " + request.verb());
      }
    } finally {
      forgetData();
    }
    server.ledger().opened(socket);
    server.ledger().dataConnection();
    return socket;
  }

  boolean dataAgreed() {
    return passive != null || active != null;
  }

  /** Drops the negotiated data connection and closes its port, as when a transfer is refused. */
  public void forgetData() {
    ServerSocket listener = passive;
    if (listener != null) {
      Ledger.closeQuietly(listener);
      server.ledger().closed(listener);
    }
    passive = null;
    active = null;
  }

  // --- for the rest of the testkit ---

  /** The server this conversation belongs to. */
  public ScriptedServer server() {
    return server;
  }

  SessionState state() {
    return state;
  }

  /** Marks the command as answered. */
  void skip() {
    skipped = true;
  }

  /** Whether the command was marked as answered; resets the mark. */
  boolean takeSkipped() {
    boolean was = skipped;
    skipped = false;
    return was;
  }

  boolean isSecured() {
    return secured;
  }

  boolean isOver() {
    return over || raw.isClosed();
  }

  InetAddress localAddress() {
    return raw.getLocalAddress();
  }
}
