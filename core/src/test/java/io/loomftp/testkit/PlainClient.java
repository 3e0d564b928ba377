package io.loomftp.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** As little of an FTP client as shows that a server of the testkit works. */
final class PlainClient implements AutoCloseable {
  private static final int PATIENCE_MS = 10_000;
  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  private final int port;
  private final Socket raw;
  private Socket socket;
  private BufferedReader in;
  private boolean protectedData;
  private @Nullable SSLContext context;

  private PlainClient(int port) throws IOException {
    this.port = port;
    raw = new Socket(InetAddress.getByAddress(LOOPBACK), port);
    raw.setSoTimeout(PATIENCE_MS);
    socket = raw;
    in = reader();
  }

  /** Connects; the greeting is not read. */
  static PlainClient connect(int port) throws IOException {
    return new PlainClient(port);
  }

  /** Connects, reads the greeting, logs in. */
  static PlainClient login(int port, String user, String password) throws IOException {
    PlainClient client = connect(port);
    client.reply();
    client.login(user, password);
    return client;
  }

  void login(String user, String password) throws IOException {
    ask("USER " + user);
    String welcome = ask("PASS " + password);
    if (!welcome.startsWith("230")) {
      throw new IOException("not logged in: " + welcome);
    }
  }

  /** Connects, protects control and data, logs in. */
  static PlainClient loginTls(int port, String user, String password) throws IOException {
    return loginTls(port, user, password, Certificates.trusting());
  }

  /** The same with a context whose sessions may be resumed. */
  static PlainClient loginTls(int port, String user, String password, SSLContext context) throws IOException {
    PlainClient client = connect(port);
    client.context = context;
    client.reply();
    client.ask("AUTH TLS");
    client.startTls();
    client.login(user, password);
    client.ask("PBSZ 0");
    client.ask("PROT P");
    client.protectedData = true;
    return client;
  }

  void startTls() throws IOException {
    socket = layer(raw);
    in = reader();
  }

  String protocol() {
    return ((SSLSocket) socket).getSession().getProtocol();
  }

  private SSLSocket layer(Socket plain) throws IOException {
    SSLContext trusting = context == null ? Certificates.trusting() : context;
    context = trusting;
    SSLSocket tls = (SSLSocket) trusting.getSocketFactory().createSocket(plain, "localhost", port, true);
    tls.startHandshake();
    return tls;
  }

  private BufferedReader reader() throws IOException {
    return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  void send(String line) throws IOException {
    socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Sends a command and returns the reply's last line. */
  String ask(String line) throws IOException {
    send(line);
    return reply();
  }

  /** The last line of the next reply. */
  String reply() throws IOException {
    String first = line();
    if (first.length() > 3 && first.charAt(3) == '-') {
      String end = first.substring(0, 3) + " ";
      String last = line();
      while (!last.startsWith(end)) {
        last = line();
      }
      return last;
    }
    return first;
  }

  private String line() throws IOException {
    String line = in.readLine();
    if (line == null) {
      throw new IOException("the server closed the control connection");
    }
    return line;
  }

  /** A raw data connection after EPSV. */
  Socket openData() throws IOException {
    String reply = ask("EPSV");
    int port = Integer.parseInt(reply.replaceAll("(?s).*\\(\\|\\|\\|(\\d+)\\|\\).*", "$1"));
    Socket data = new Socket();
    data.connect(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port), PATIENCE_MS);
    data.setSoTimeout(PATIENCE_MS);
    return data;
  }

  /** What comes over a passive data connection in answer to the command. */
  String download(String command) throws IOException {
    try (Socket data = openData()) {
      send(command);
      String preliminary = reply();
      if (!preliminary.startsWith("1")) {
        throw new IOException(preliminary);
      }
      Socket end = protectedData ? layer(data) : data;
      String content = new String(end.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      end.close();
      String last = reply();
      if (!last.startsWith("226")) {
        throw new IOException(last);
      }
      return content;
    }
  }

  /** Uploads over a passive data connection and returns the final reply. */
  String upload(String command, String content) throws IOException {
    try (Socket data = openData()) {
      send(command);
      String preliminary = reply();
      if (!preliminary.startsWith("1")) {
        return preliminary;
      }
      Socket end = protectedData ? layer(data) : data;
      end.getOutputStream().write(content.getBytes(StandardCharsets.UTF_8));
      end.shutdownOutput();
      end.getInputStream().readAllBytes();
      end.close();
      return reply();
    }
  }

  /** Closes the control connection without QUIT. */
  void hangUp() throws IOException {
    raw.close();
  }

  @Override
  public void close() throws IOException {
    hangUp();
  }
}
