package io.loomftp.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A proxy before a local server without TLS that relays everything, records the transfers, and cuts the connections at an exact
 * byte.
 *
 * {@snippet :
 * try (CuttingProxy proxy = CuttingProxy.before(server.port())) {
 *   proxy.begin(Cut.of(Cut.How.RST, Cut.Line.DATA, 12_345, true));
 *   // a client talks to proxy.port()
 *   proxy.end();
 * }
 * }
 *
 * <p>Passive data connections lead through the proxy as well: their ports are replaced in the replies to EPSV and PASV.
 */
public final class CuttingProxy implements AutoCloseable {
  private static final Pattern EPSV = Pattern.compile("^229[^|]*\\|\\|\\|(\\d+)\\|");
  private static final Pattern PASV = Pattern.compile("^227.*?(\\d+),(\\d+),(\\d+),(\\d+),(\\d+),(\\d+)");

  private final int serverPort;
  private final boolean opaque;
  private final ServerSocket listener;
  private final Ledger ledger = new Ledger();
  private final Workers workers = new Workers(ledger);
  private volatile Round round = new Round(null, () -> {});

  private CuttingProxy(int serverPort, boolean opaque) throws IOException {
    this.serverPort = serverPort;
    this.opaque = opaque;
    this.listener = listen();
    ledger.opened(listener);
    workers.start(this::acceptAll);
  }

  /** All connections between two calls of {@link #begin}. */
  private static final class Round {
    final Gate gate;
    final Runnable witness;
    final Queue<ControlLog> conversations = new ConcurrentLinkedQueue<>();
    final Queue<Throwable> objections = new ConcurrentLinkedQueue<>();
    final Queue<ServerSocket> passive = new ConcurrentLinkedQueue<>();

    Round(@Nullable Cut cut, Runnable witness) {
      this.gate = new Gate(cut);
      this.witness = witness;
    }

    void watch() throws IOException {
      try {
        witness.run();
      } catch (RuntimeException | Error e) {
        objections.add(e);
        throw new IOException("the witness failed", e);
      }
    }

    void end() {
      gate.close();
      gate.links().forEach(Link::reset);
      passive.forEach(Ledger::closeQuietly);
    }
  }

  /** A proxy that cuts nothing yet. */
  public static CuttingProxy before(int serverPort) {
    return before(serverPort, false);
  }

  /**
   * A proxy before a server with TLS, which cuts nothing yet. It understands nothing of what it relays: it has no records, and
   * data connections do not lead through it, so only the control line can be cut.
   */
  public static CuttingProxy beforeTls(int serverPort) {
    return before(serverPort, true);
  }

  private static CuttingProxy before(int serverPort, boolean opaque) {
    try {
      return new CuttingProxy(serverPort, opaque);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Resets all connections, clears its records, and will cut once. */
  public void begin(Cut cut) {
    next(new Round(cut, () -> {}));
  }

  /**
   * Resets all connections, clears its records, and will cut once.
   *
   * @param cut null for none
   * @param witness run whenever data is relayed; what it throws ends the connection and is thrown by {@link #end}
   */
  public void begin(@Nullable Cut cut, Runnable witness) {
    next(new Round(cut, witness));
  }

  /**
   * Resets all connections; the records stay available.
   *
   * @throws AssertionError when the witness, or the proxy itself, has failed
   */
  public void end() {
    round.end();
    Throwable objection = round.objections.peek();
    if (objection != null) {
      throw new AssertionError(objection.getMessage(), objection);
    }
    if (!ledger.mismatches().isEmpty()) {
      throw new AssertionError(ledger.mismatches().toString());
    }
  }

  private void next(Round fresh) {
    Round last = round;
    round = fresh;
    last.end();
  }

  /** Its port, at 127.0.0.1. */
  public int port() {
    return listener.getLocalPort();
  }

  /** Whether the cut was made. */
  public boolean wasCut() {
    return round.gate.hasBegun();
  }

  /** Waits until the cut was made; false when the time expires first. */
  public boolean awaitCut(Duration patience) throws InterruptedException {
    return round.gate.awaitDone(patience);
  }

  /** Waits until all relayed data has arrived and no connection is left; false when the time expires first. */
  public boolean awaitEnd(Duration patience) throws InterruptedException {
    return round.gate.awaitNone(patience);
  }

  /** Waits until the clients have closed all their connections; false when the time expires first. */
  public boolean awaitClients(Duration patience) throws InterruptedException {
    return round.gate.awaitClients(patience);
  }

  /** The number of relayed bytes in both directions. */
  public long passed(Cut.Line line) {
    return round.gate.passed(line);
  }

  /** The number of bytes that were relayed before the cut. */
  public long passedBeforeCut(Cut.Line line) {
    return round.gate.passedBefore(line);
  }

  /** The file transfers so far, in the order of their commands in each session. */
  public List<ProxyTransfer> transfers() {
    return round.conversations.stream().flatMap(one -> one.transfers().stream()).toList();
  }

  /** All relayed commands, without passwords. */
  public List<String> commands() {
    return round.conversations.stream().flatMap(one -> one.commands().stream()).toList();
  }

  private static ServerSocket listen() throws IOException {
    return new ServerSocket(0, 50, loopback());
  }

  private static InetAddress loopback() {
    return WatchedSocket.loopback(127, 0, 0, 1);
  }

  private void acceptAll() throws IOException {
    while (!listener.isClosed()) {
      Socket client = listener.accept();
      Round now = round;
      workers.start(() -> converse(now, client));
    }
  }

  private void converse(Round now, Socket client) throws IOException, InterruptedException {
    Link link = connect(now, client, serverPort, Cut.Line.CONTROL);
    if (link == null) {
      return;
    }
    if (opaque) {
      workers.start(() -> link.relayBlocks(link.client(), link.server(), n -> now.watch()));
      link.relayBlocks(link.server(), link.client(), n -> now.watch());
      return;
    }
    ControlLog log = new ControlLog();
    now.conversations.add(log);
    workers.start(() -> link.relayLines(link.client(), link.server(), true, line -> {
      log.command(line);
      now.watch();
      return line;
    }));
    link.relayLines(link.server(), link.client(), false, line -> answer(now, link, log, line));
  }

  private @Nullable Link connect(Round now, Socket client, int port, Cut.Line line) throws IOException {
    Socket server = new Socket();
    Link link = new Link(now.gate, line, client, server);
    if (!now.gate.open(link)) {
      Link.reset(client); // an ordinary end would look like that of an empty listing
      return null;
    }
    client.setTcpNoDelay(true);
    try {
      server.connect(new InetSocketAddress(loopback(), port), 5_000);
      server.setTcpNoDelay(true);
    } catch (IOException e) {
      link.reset();
      now.gate.closed(link);
      throw e;
    }
    return link;
  }

  private byte[] answer(Round now, Link control, ControlLog log, byte[] line) throws IOException {
    now.watch();
    String verb = log.reply(line);
    if (verb == null) {
      return line;
    }
    String text = new String(line, StandardCharsets.ISO_8859_1);
    Matcher extended = EPSV.matcher(text);
    if (verb.equals("EPSV") && extended.find()) {
      int port = stand(now, control, log, Integer.parseInt(extended.group(1)));
      return (text.substring(0, extended.start(1)) + port + text.substring(extended.end(1)))
          .getBytes(StandardCharsets.ISO_8859_1);
    }
    Matcher plain = PASV.matcher(text);
    if (verb.equals("PASV") && plain.find()) {
      int port = stand(now, control, log, Integer.parseInt(plain.group(5)) * 256 + Integer.parseInt(plain.group(6)));
      return (text.substring(0, plain.start(5)) + port / 256 + "," + port % 256 + text.substring(plain.end(6)))
          .getBytes(StandardCharsets.ISO_8859_1);
    }
    return line;
  }

  /** A port of this proxy in place of the server's, for one connection. */
  private int stand(Round now, Link control, ControlLog log, int port) throws IOException {
    ServerSocket passive = listen();
    now.passive.add(passive);
    AtomicLong bytes = log.openedPort();
    workers.start(() -> {
      boolean connected = false;
      try (passive) {
        Socket client = passive.accept();
        Link link = control.isSpoilt() ? null : connect(now, client, port, Cut.Line.DATA);
        if (link == null) {
          Link.reset(client);
          return;
        }
        connected = true;
        Link.Count count = n -> {
          bytes.addAndGet(n);
          now.watch();
        };
        workers.start(() -> link.relayBlocks(link.client(), link.server(), count));
        link.relayBlocks(link.server(), link.client(), count);
      } finally {
        now.passive.remove(passive);
        if (!connected) {
          knock(port);
        }
      }
    });
    return passive.getLocalPort();
  }

  /** Servers wait a minute for a data connection and do nothing else meanwhile: they get one that ends at once. */
  private static void knock(int port) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(loopback(), port), 1_000);
    }
  }

  /** Resets all connections and stops listening. */
  @Override
  public void close() {
    workers.beginToEnd();
    ledger.closeAll();
    round.end();
    workers.awaitEnd(Duration.ofSeconds(10));
  }
}
