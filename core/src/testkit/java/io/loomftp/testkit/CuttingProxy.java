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
 * Stands before a server without TLS on this machine, passes everything on, writes down what was transferred, and cuts the
 * connections at one exact byte.
 *
 * {@snippet :
 * try (CuttingProxy proxy = CuttingProxy.before(server.port(), Cut.of(Cut.How.RST, Cut.Line.DATA, 12_345, true))) {
 *   // a client talks to proxy.port()
 * }
 * }
 *
 * <p>Passive data connections lead through the proxy as well: their ports are replaced in the replies to EPSV and PASV.
 */
public final class CuttingProxy implements AutoCloseable {
  private static final Pattern EPSV = Pattern.compile("^229[^|]*\\|\\|\\|(\\d+)\\|");
  private static final Pattern PASV = Pattern.compile("^227.*?(\\d+),(\\d+),(\\d+),(\\d+),(\\d+),(\\d+)");

  private final int serverPort;
  private final Gate gate;
  private final ServerSocket listener;
  private final Ledger ledger = new Ledger();
  private final Workers workers = new Workers(ledger);
  private final Queue<ControlLog> conversations = new ConcurrentLinkedQueue<>();
  private final Runnable witness;

  private CuttingProxy(int serverPort, @Nullable Cut cut, Runnable witness) throws IOException {
    this.serverPort = serverPort;
    this.gate = new Gate(cut);
    this.witness = witness;
    this.listener = listen();
    workers.start(this::acceptAll);
  }

  /** One that cuts nothing. */
  public static CuttingProxy before(int serverPort) {
    return start(serverPort, null, () -> { });
  }

  /** One that cuts once. */
  public static CuttingProxy before(int serverPort, Cut cut) {
    return start(serverPort, cut, () -> { });
  }

  /**
   * One that cuts once.
   *
   * @param witness run whenever something was passed on; what it throws ends the connection
   */
  public static CuttingProxy before(int serverPort, @Nullable Cut cut, Runnable witness) {
    return start(serverPort, cut, witness);
  }

  private static CuttingProxy start(int serverPort, @Nullable Cut cut, Runnable witness) {
    try {
      return new CuttingProxy(serverPort, cut, witness);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it listens, at 127.0.0.1. */
  public int port() {
    return listener.getLocalPort();
  }

  /** Whether the moment of the cut has come. */
  public boolean wasCut() {
    return gate.hasBegun();
  }

  /** Waits until the cut was made; false when the time is over first. */
  public boolean awaitCut(Duration patience) throws InterruptedException {
    return gate.awaitDone(patience);
  }

  /** Waits until everything that was on its way has arrived and no connection is left; false when the time is over first. */
  public boolean awaitEnd(Duration patience) throws InterruptedException {
    return gate.awaitNone(patience);
  }

  /** How many bytes were passed on, both ways together. */
  public long passed(Cut.Line line) {
    return gate.passed(line);
  }

  /** How many bytes were passed on before the moment of the cut. */
  public long passedBeforeCut(Cut.Line line) {
    return gate.passedBefore(line);
  }

  /** The file transfers so far, in the order they were asked for in each session. */
  public List<ProxyTransfer> transfers() {
    return conversations.stream().flatMap(one -> one.transfers().stream()).toList();
  }

  /** All commands that were passed on; passwords are left out. */
  public List<String> commands() {
    return conversations.stream().flatMap(one -> one.commands().stream()).toList();
  }

  private ServerSocket listen() throws IOException {
    ServerSocket socket = new ServerSocket(0, 50, loopback());
    ledger.opened(socket);
    return socket;
  }

  private static InetAddress loopback() {
    return WatchedSocket.loopback(127, 0, 0, 1);
  }

  private void acceptAll() throws IOException {
    while (!listener.isClosed()) {
      Socket client = listener.accept();
      ledger.opened(client);
      workers.start(() -> begin(client));
    }
  }

  private void begin(Socket client) throws IOException, InterruptedException {
    Link link = connect(client, serverPort, Cut.Line.CONTROL);
    if (link == null) {
      return;
    }
    ControlLog log = new ControlLog();
    conversations.add(log);
    workers.start(() -> link.relayLines(link.client(), link.server(), line -> {
      log.command(line);
      witness.run();
      return line;
    }));
    link.relayLines(link.server(), link.client(), line -> answer(link, log, line));
  }

  private @Nullable Link connect(Socket client, int port, Cut.Line line) throws IOException {
    Socket server = new Socket();
    ledger.opened(server);
    Link link = new Link(gate, line, client, server);
    if (!gate.open(link)) {
      Ledger.closeQuietly(client);
      return null;
    }
    client.setTcpNoDelay(true);
    try {
      server.connect(new InetSocketAddress(loopback(), port), 5_000);
      server.setTcpNoDelay(true);
    } catch (IOException e) {
      link.reset();
      gate.closed(link);
      throw e;
    }
    return link;
  }

  private byte[] answer(Link control, ControlLog log, byte[] line) throws IOException {
    witness.run();
    String verb = log.reply(line);
    if (verb == null) {
      return line;
    }
    String text = new String(line, StandardCharsets.ISO_8859_1);
    Matcher extended = EPSV.matcher(text);
    if (verb.equals("EPSV") && extended.find()) {
      int port = stand(control, log, Integer.parseInt(extended.group(1)));
      return (text.substring(0, extended.start(1)) + port + text.substring(extended.end(1)))
          .getBytes(StandardCharsets.ISO_8859_1);
    }
    Matcher plain = PASV.matcher(text);
    if (verb.equals("PASV") && plain.find()) {
      int port = stand(control, log, Integer.parseInt(plain.group(5)) * 256 + Integer.parseInt(plain.group(6)));
      return (text.substring(0, plain.start(5)) + port / 256 + "," + port % 256 + text.substring(plain.end(6)))
          .getBytes(StandardCharsets.ISO_8859_1);
    }
    return line;
  }

  /** A port of this proxy in place of the server's, for one connection. */
  private int stand(Link control, ControlLog log, int port) throws IOException {
    ServerSocket passive = listen();
    AtomicLong bytes = log.openedPort();
    workers.start(() -> {
      try (passive) {
        Socket client = passive.accept();
        ledger.opened(client);
        if (control.isSpoilt()) {
          Ledger.closeQuietly(client);
          return;
        }
        Link link = connect(client, port, Cut.Line.DATA);
        if (link != null) {
          Link.Count count = n -> {
            bytes.addAndGet(n);
            witness.run();
          };
          workers.start(() -> link.relayBlocks(link.client(), link.server(), count));
          link.relayBlocks(link.server(), link.client(), count);
        }
      } finally {
        ledger.closed(passive);
      }
    });
    return passive.getLocalPort();
  }

  /** Breaks what is still connected, and ends. */
  @Override
  public void close() {
    gate.close();
    workers.beginToEnd();
    gate.links().forEach(Link::reset);
    ledger.closeAll();
    workers.awaitEnd(Duration.ofSeconds(10));
    if (!ledger.mismatches().isEmpty()) {
      throw new IllegalStateException(ledger.mismatches().toString());
    }
  }
}
