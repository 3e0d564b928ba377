package io.loomftp.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A SOCKS 4a, SOCKS 5 or HTTP proxy on a free port of 127.0.0.1 that is correct unless a test makes it misbehave.
 *
 * <p>It takes every host name for 127.0.0.1, so that a name which nobody can resolve shows that the client has not tried to. It
 * connects to loopback addresses only.
 *
 * {@snippet :
 * try (ScriptedProxy proxy = ScriptedProxy.socks5().login("bob", "hush")) {
 *   proxy.answer(2, (wire, good) -> wire.send(Arrays.copyOf(good, 3)));   // the third answer of each connection, cut short
 *   // a client talks to proxy.port()
 *   proxy.requests();
 * }
 * }
 */
public final class ScriptedProxy implements AutoCloseable {
  private static final int BLOCK = 16 * 1024;
  private static final InetAddress HERE = WatchedSocket.loopback(127, 0, 0, 1);

  /** What the proxy speaks. */
  public enum Protocol {
    SOCKS4A,
    SOCKS5,
    HTTP
  }

  /** Sends something in place of an answer. */
  @FunctionalInterface
  public interface Answer {
    /**
     * Runs on the thread of the connection.
     *
     * @param good the answer that a correct proxy would send
     */
    void send(Wire wire, byte[] good) throws IOException, InterruptedException;
  }

  private final Protocol protocol;
  private final ServerSocket listener;
  private final Ledger ledger = new Ledger();
  private final Workers workers = new Workers(ledger);
  private final Map<Integer, Answer> answers = new ConcurrentHashMap<>();
  private final AtomicInteger bytesBehind = new AtomicInteger();
  private volatile int refusal;
  private volatile int refusedFrom;
  private volatile String login = "";
  private volatile boolean gluing;
  private volatile boolean endingTogether;
  private volatile @Nullable InetAddress boundAddress;

  private ScriptedProxy(Protocol protocol) {
    this.protocol = protocol;
    try {
      listener = new ServerSocket();
      listener.bind(new InetSocketAddress(HERE, 0), 1_024);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ledger.opened(listener);
    workers.start(this::acceptAll);
  }

  /** A proxy of this kind. */
  public static ScriptedProxy start(Protocol protocol) {
    return new ScriptedProxy(protocol);
  }

  /** A SOCKS 5 proxy, with CONNECT and BIND. */
  public static ScriptedProxy socks5() {
    return start(Protocol.SOCKS5);
  }

  /** A SOCKS 4a proxy, with CONNECT. */
  public static ScriptedProxy socks4a() {
    return start(Protocol.SOCKS4A);
  }

  /** An HTTP proxy, with CONNECT. */
  public static ScriptedProxy http() {
    return start(Protocol.HTTP);
  }

  /** The port it listens on, at 127.0.0.1. */
  public int port() {
    return listener.getLocalPort();
  }

  // --- behaviour ---

  /** Demands this login; with SOCKS 4a this user id. */
  public ScriptedProxy login(String user, String password) {
    login = protocol == Protocol.SOCKS4A ? user : user + ":" + password;
    return this;
  }

  /** Refuses all requests with this code of its protocol. */
  public ScriptedProxy refuse(int code) {
    return refuseFrom(1, code);
  }

  /** Refuses the n-th request, counted from 1, and all after it. */
  public ScriptedProxy refuseFrom(int n, int code) {
    refusedFrom = n;
    refusal = code;
    return this;
  }

  /** Sends the n-th answer of each connection, counted from 0, in another way. */
  public ScriptedProxy answer(int n, Answer answer) {
    answers.put(n, answer);
    return this;
  }

  /** Sends the first bytes of the server in one piece with the last answer, where the server speaks first. */
  public ScriptedProxy glueing() {
    gluing = true;
    return this;
  }

  /**
   * Resets the connection to the server as soon as the client has ended its half: many proxies close both connections then, and
   * what the server has sent meanwhile makes that a reset.
   */
  public ScriptedProxy endingTogether() {
    endingTogether = true;
    return this;
  }

  /** Tells another address in the reply to BIND than the one it listens at. */
  public ScriptedProxy boundAddress(InetAddress address) {
    boundAddress = address;
    return this;
  }

  // --- observations ---

  /** The requests so far, such as {@code CONNECT ftp.example:21}. */
  public List<String> requests() {
    return ledger.commands();
  }

  /** The number of bytes of servers that were sent in one piece with an answer. */
  public int bytesBehindAnswers() {
    return bytesBehind.get();
  }

  /** Waits until no connection is open. */
  public void awaitIdle() {
    long end = System.nanoTime() + ScriptedServer.PATIENCE.toNanos();
    while (ledger.openSockets() > 1) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError(ledger.openSockets() - 1 + " connections of the proxy are still open");
      }
      Thread.onSpinWait();
      Thread.yield();
    }
  }

  private void acceptAll() throws IOException {
    while (true) {
      Socket client = listener.accept();
      ledger.opened(client);
      workers.start(() -> {
        try (client) {
          client.setTcpNoDelay(true);
          serve(new Wire(this, client));
        } finally {
          ledger.closed(client);
        }
      });
    }
  }

  private void serve(Wire wire) throws IOException, InterruptedException {
    switch (protocol) {
      case SOCKS4A -> socks4a(wire);
      case SOCKS5 -> socks5(wire);
      case HTTP -> http(wire);
    }
  }

  // --- the protocols ---

  private void socks4a(Wire wire) throws IOException, InterruptedException {
    byte[] head = wire.read(8);
    int port = (head[2] & 0xFF) << 8 | (head[3] & 0xFF);
    String user = wire.text('\0');
    boolean named = head[4] == 0 && head[5] == 0 && head[6] == 0 && head[7] != 0;
    String host = named
        ? wire.text('\0')
        : InetAddress.getByAddress(new byte[] {head[4], head[5], head[6], head[7]}).getHostAddress();
    int refused = request("CONNECT", host, port, head);
    if (refused == 0 && !login.isEmpty() && !login.equals(user)) {
      refused = 93;
    }
    if (refused != 0 || head[1] != 1) {
      wire.answer(new byte[] {0, (byte) (refused == 0 ? 91 : refused), 0, 0, 0, 0, 0, 0});
      return;
    }
    connect(wire, host, port, new byte[] {0, 90, 0, 0, 0, 0, 0, 0}, new byte[] {0, 91, 0, 0, 0, 0, 0, 0});
  }

  private void socks5(Wire wire) throws IOException, InterruptedException {
    byte[] hello = wire.read(2);
    byte[] methods = wire.read(hello[1]);
    int wanted = login.isEmpty() ? 0 : 2;
    if (new String(methods, StandardCharsets.ISO_8859_1).indexOf(wanted) < 0) {
      wire.answer(new byte[] {5, (byte) 0xFF});
      return;
    }
    wire.answer(new byte[] {5, (byte) wanted});
    if (wanted == 2) {
      wire.read(1);
      String user = new String(wire.read(wire.read(1)[0] & 0xFF), StandardCharsets.UTF_8);
      String password = new String(wire.read(wire.read(1)[0] & 0xFF), StandardCharsets.UTF_8);
      boolean good = login.equals(user + ":" + password);
      wire.answer(new byte[] {1, (byte) (good ? 0 : 1)});
      if (!good) {
        return;
      }
    }
    byte[] head = wire.read(4);
    String host = switch (head[3]) {
      case 1 -> InetAddress.getByAddress(wire.read(4)).getHostAddress();
      case 4 -> InetAddress.getByAddress(wire.read(16)).getHostAddress();
      default -> new String(wire.read(wire.read(1)[0] & 0xFF), StandardCharsets.UTF_8);
    };
    byte[] portBytes = wire.read(2);
    int port = (portBytes[0] & 0xFF) << 8 | (portBytes[1] & 0xFF);
    int refused = request(head[1] == 2 ? "BIND" : "CONNECT", host, port, head);
    if (refused != 0) {
      wire.answer(socks5Reply(refused, HERE, 0));
    } else if (head[1] == 2) {
      bind(wire);
    } else {
      connect(wire, host, port, socks5Reply(0, HERE, 1), socks5Reply(5, HERE, 0));
    }
  }

  private static byte[] socks5Reply(int code, InetAddress address, int port) {
    var reply = new ByteArrayOutputStream();
    reply.writeBytes(new byte[] {5, (byte) code, 0, (byte) (address.getAddress().length == 4 ? 1 : 4)});
    reply.writeBytes(address.getAddress());
    reply.write(port >> 8);
    reply.write(port);
    return reply.toByteArray();
  }

  private void bind(Wire wire) throws IOException, InterruptedException {
    try (ServerSocket port = new ServerSocket(0, 1, HERE)) {
      ledger.opened(port);
      try {
        port.setSoTimeout((int) ScriptedServer.PATIENCE.toMillis());
        InetAddress told = boundAddress;
        wire.answer(socks5Reply(0, told == null ? HERE : told, port.getLocalPort()));
        Socket server = port.accept();
        ledger.opened(server);
        wire.relay(server, socks5Reply(0, server.getInetAddress(), server.getPort()));
      } finally {
        ledger.closed(port);
      }
    }
  }

  private void http(Wire wire) throws IOException, InterruptedException {
    String request = wire.text('\n').strip();
    String authorization = "";
    for (String line = wire.text('\n').strip(); !line.isEmpty(); line = wire.text('\n').strip()) {
      authorization = line.startsWith("Proxy-Authorization: Basic ") ? line.substring(27) : authorization;
    }
    String[] words = request.split(" ", -1);
    int colon = words[1].lastIndexOf(':');
    String host = words[1].substring(0, colon).replace("[", "").replace("]", "");
    int port = Integer.parseInt(words[1].substring(colon + 1));
    int refused = request(words[0], host, port, request.getBytes(StandardCharsets.UTF_8));
    boolean welcome = login.isEmpty()
        || login.equals(new String(Base64.getDecoder().decode(authorization), StandardCharsets.UTF_8));
    if (!welcome) {
      wire.answer(httpReply("407 Proxy Authentication Required", "Proxy-Authenticate: Basic realm=\"loom\"\r\n"));
    } else if (refused != 0) {
      wire.answer(httpReply(refused + " No way", "Content-Length: 0\r\n"));
    } else {
      connect(wire, host, port, httpReply("200 Connection established", ""), httpReply("502 Bad Gateway", ""));
    }
  }

  private static byte[] httpReply(String status, String fields) {
    return ("HTTP/1.1 " + status + "\r\n" + fields + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Records a request; returns the code to refuse it with, or 0. */
  private int request(String verb, String host, int port, byte[] raw) {
    ledger.command(verb + " " + host + ":" + port, raw);
    return refusal != 0 && ledger.commands().size() >= refusedFrom ? refusal : 0;
  }

  private void connect(Wire wire, String host, int port, byte[] connected, byte[] failed)
      throws IOException, InterruptedException {
    boolean literal = host.indexOf(':') >= 0 || host.matches("[0-9.]+");
    InetAddress address = literal ? InetAddress.getByName(host) : HERE;
    Socket server = new Socket(Proxy.NO_PROXY); // the default selector may choose this very proxy
    ledger.opened(server);
    try {
      if (!address.isLoopbackAddress()) {
        throw new IOException("only loopback: " + host);
      }
      server.setTcpNoDelay(true);
      server.connect(new InetSocketAddress(address, port), (int) ScriptedServer.PATIENCE.toMillis());
    } catch (IOException e) {
      ledger.closed(server);
      Ledger.closeQuietly(server);
      wire.answer(failed);
      return;
    }
    wire.relay(server, connected);
  }

  /** The proxy's side of one connection. */
  public static final class Wire {
    private final ScriptedProxy proxy;
    private final Socket client;
    private final InputStream in;
    private int answered;

    private Wire(ScriptedProxy proxy, Socket client) throws IOException {
      this.proxy = proxy;
      this.client = client;
      this.in = client.getInputStream();
    }

    /** Sends these bytes as one piece. */
    public void send(byte[] bytes) throws IOException {
      client.getOutputStream().write(bytes);
    }

    /** Sends bytes one by one, each as a piece of its own. */
    public void drip(byte[] bytes) throws IOException {
      for (byte one : bytes) {
        send(new byte[] {one});
      }
    }

    /** Sends nothing more until the proxy is closed. */
    public void stall() throws IOException {
      proxy.workers.stall();
    }

    /** Sends nothing more until the client closes the connection. */
    public void awaitClient() throws IOException {
      while (in.read() >= 0) {
        // what it sends is dropped
      }
    }

    /** Closes with RST. */
    public void reset() {
      Link.reset(client);
    }

    private byte[] read(int length) throws IOException {
      byte[] bytes = in.readNBytes(length);
      if (bytes.length < length) {
        throw new IOException("the client ended after " + HexFormat.of().formatHex(bytes));
      }
      return bytes;
    }

    private String text(char end) throws IOException {
      var text = new ByteArrayOutputStream();
      for (int next = read(1)[0]; next != end; next = read(1)[0]) {
        text.write(next);
      }
      return text.toString(StandardCharsets.UTF_8);
    }

    private void answer(byte[] good) throws IOException, InterruptedException {
      Answer other = proxy.answers.get(answered++);
      if (other == null) {
        send(good);
      } else {
        other.send(this, good);
      }
    }

    /** Answers that the server is connected, then relays. */
    private void relay(Socket server, byte[] connected) throws IOException, InterruptedException {
      try (server) {
        answer(proxy.gluing ? glued(server, connected) : connected);
        CountDownLatch directions = new CountDownLatch(2);
        proxy.workers.start(() -> {
          copy(client, server, directions);
          if (proxy.endingTogether) {
            Link.reset(server);
          }
        });
        copy(server, client, directions);
        directions.await();
      } finally {
        proxy.ledger.closed(server);
      }
    }

    private byte[] glued(Socket server, byte[] connected) throws IOException {
      byte[] block = new byte[BLOCK];
      server.setSoTimeout(300); // a server that waits for the client says nothing
      int n;
      try {
        n = Math.max(0, server.getInputStream().read(block));
      } catch (java.net.SocketTimeoutException e) {
        n = 0;
      } finally {
        server.setSoTimeout(0);
      }
      proxy.bytesBehind.addAndGet(n);
      byte[] both = java.util.Arrays.copyOf(connected, connected.length + n);
      System.arraycopy(block, 0, both, connected.length, n);
      return both;
    }

    private static void copy(Socket from, Socket to, CountDownLatch directions) throws IOException {
      byte[] block = new byte[BLOCK];
      boolean ended = false;
      try {
        for (int n = from.getInputStream().read(block); n >= 0; n = from.getInputStream().read(block)) {
          to.getOutputStream().write(block, 0, n);
        }
        to.shutdownOutput();
        ended = true;
      } finally {
        if (!ended) {
          Link.reset(from);
          Link.reset(to);
        }
        directions.countDown();
      }
    }
  }

  @Override
  public void close() {
    workers.beginToEnd();
    ledger.closeAll();
    workers.awaitEnd(ScriptedServer.PATIENCE);
    if (!ledger.mismatches().isEmpty()) {
      throw new AssertionError(ledger.mismatches().toString());
    }
  }
}
