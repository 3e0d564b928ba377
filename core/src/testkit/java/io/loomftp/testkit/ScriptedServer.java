package io.loomftp.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * An FTP server for tests, on a free loopback port, that is correct unless a test makes it misbehave.
 *
 * <p>{@link #start()} starts an ordinary server with its files in memory. Any command can be answered differently:
 *
 * {@snippet :
 * try (ScriptedServer server = ScriptedServer.start().file("/a.txt", "hello")) {
 *   server.on("CWD", "550 No such folder.");
 *   server.on("RETR", c -> {
 *     c.reply("150 Here it comes.");
 *     c.openData().send("half of i").reset();
 *     c.reply("426 Broken.");
 *   });
 *   server.misbehave(Misbehaviour.NO_REPLY_TO_QUIT);
 *   // a client talks to server.port()
 *   server.awaitCommand("QUIT");
 * }
 * }
 *
 * <p>{@link #script(String...)} starts one that plays a written conversation and nothing else; see {@link Script}.
 *
 * <p>Every session runs on a virtual thread. {@link #close()} ends them all and throws if one does not end.
 */
public final class ScriptedServer implements AutoCloseable {
  /** The bound of every {@code await}, which then throws an {@link AssertionError}. */
  public static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ServerSocket listener;
  private final Ledger ledger = new Ledger();
  private final MemoryTree files = new MemoryTree();
  private final Workers workers = new Workers(ledger);
  private final ServerTls security = new ServerTls(ledger);

  private final Map<String, Behaviour> behaviours = new ConcurrentHashMap<>();
  private final Map<String, Queue<Behaviour>> onceBehaviours = new ConcurrentHashMap<>();
  private final Map<String, String> passwords = new ConcurrentHashMap<>();
  private final Map<Integer, Fault> replyFaults = new ConcurrentHashMap<>();
  private final Map<Integer, Fault> dataFaults = new ConcurrentHashMap<>();
  private final AtomicInteger replies = new AtomicInteger();
  private final AtomicInteger dataSteps = new AtomicInteger();
  private final List<Script> scripts;
  private final boolean implicitTls;

  private volatile Behaviour greeting = c -> c.reply("220 Scripted server ready.");
  private volatile @Nullable Behaviour beforeEach;
  private volatile DataHook dataHook = (c, moment, bytes) -> {};
  private volatile String account = "";
  private volatile Charset charset = StandardCharsets.UTF_8;
  private volatile Duration dataPatience = Duration.ofSeconds(5);

  private ScriptedServer(InetAddress address, boolean implicitTls, List<Script> scripts) {
    this.implicitTls = implicitTls;
    this.scripts = scripts;
    try {
      listener = new ServerSocket();
      listener.bind(new InetSocketAddress(address, 0), 4_096);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ledger.opened(listener);
    workers.start(this::acceptAll);
  }

  /** An ordinary server on 127.0.0.1; AUTH TLS works with the good certificate of {@link Certificates}. */
  public static ScriptedServer start() {
    return new ScriptedServer(WatchedSocket.loopback(127, 0, 0, 1), false, List.of());
  }

  /** An ordinary server on ::1. */
  public static ScriptedServer startIpv6() {
    return new ScriptedServer(WatchedSocket.loopback(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1), false, List.of());
  }

  /** An ordinary server on 127.0.0.1 with implicit TLS. */
  public static ScriptedServer startImplicitTls() {
    return new ScriptedServer(WatchedSocket.loopback(127, 0, 0, 1), true, List.of());
  }

  /** A server that follows the conversations written down, one for each connection in turn. */
  public static ScriptedServer script(String... conversations) {
    return new ScriptedServer(WatchedSocket.loopback(127, 0, 0, 1), false, Arrays.stream(conversations).map(Script::parse)
        .toList());
  }

  /** The port it listens on. */
  public int port() {
    return listener.getLocalPort();
  }

  // --- behaviour ---

  /** Answers the command with these lines each time; several lines may be several replies or one multi-line reply. */
  public ScriptedServer on(String verb, String... lines) {
    return on(verb, c -> c.reply(lines));
  }

  /** Runs this for each such command. */
  public ScriptedServer on(String verb, Behaviour behaviour) {
    behaviours.put(verb.toUpperCase(Locale.ROOT), behaviour);
    return this;
  }

  /** Answers the command with these lines the next time only; calls add up. */
  public ScriptedServer once(String verb, String... lines) {
    return once(verb, c -> c.reply(lines));
  }

  /** Runs this for the next such command only; calls add up. */
  public ScriptedServer once(String verb, Behaviour behaviour) {
    onceBehaviours.computeIfAbsent(verb.toUpperCase(Locale.ROOT), v -> new ConcurrentLinkedQueue<>()).add(behaviour);
    return this;
  }

  /** Greets with these lines. */
  public ScriptedServer greeting(String... lines) {
    return onConnect(c -> c.reply(lines));
  }

  /** Runs this in place of the greeting. */
  public ScriptedServer onConnect(Behaviour behaviour) {
    greeting = behaviour;
    return this;
  }

  /** Runs this before each command is answered. */
  public ScriptedServer beforeEach(Behaviour behaviour) {
    beforeEach = behaviour;
    return this;
  }

  /** Calls this while files are sent and received. */
  public ScriptedServer duringData(DataHook hook) {
    dataHook = hook;
    return this;
  }

  /** Misbehaves in this way from now on. */
  public ScriptedServer misbehave(Misbehaviour misbehaviour) {
    misbehaviour.install(this);
    return this;
  }

  /** Injects a fault at the n-th reply of this server; the greeting is 0, the preliminary and the final reply are two. */
  public ScriptedServer faultAtReply(int n, Fault fault) {
    replyFaults.put(n, fault);
    return this;
  }

  /** Injects a fault into the data of the n-th download or listing, counted from 0. */
  public ScriptedServer faultOnData(int n, Fault fault) {
    dataFaults.put(n, fault);
    return this;
  }

  /** Adds a user; from the first call on only added users can log in. */
  public ScriptedServer user(String name, String password) {
    passwords.put(name, password);
    return this;
  }

  /** Asks for this account after PASS. */
  public ScriptedServer account(String account) {
    this.account = account;
    return this;
  }

  /** The charset of names and replies; UTF-8 by default. ISO-8859-1 keeps every byte. */
  public ScriptedServer charset(Charset charset) {
    this.charset = charset;
    return this;
  }

  /** Shows another certificate. */
  public ScriptedServer tls(SSLContext context) {
    security.use(context);
    return this;
  }

  /** Accepts these TLS versions only, such as {@code TLSv1.2}. */
  public ScriptedServer tlsVersions(String... versions) {
    security.versions(versions);
    return this;
  }

  /** Demands a client certificate of the authority. */
  public ScriptedServer demandClientCertificate() {
    security.demandClientCertificate();
    return this;
  }

  /** Refuses, with 522, protected data connections whose handshake did not resume a session. */
  public ScriptedServer demandSessionReuse() {
    security.demandSessionReuse();
    return this;
  }

  /** The wait for a data connection before it replies 425; 5 seconds by default. */
  public ScriptedServer dataPatience(Duration patience) {
    dataPatience = patience;
    return this;
  }

  /** Adds a file, with its parent directories. */
  public ScriptedServer file(String path, byte[] content) {
    files.directory(MemoryTree.parentOf(path));
    files.write(path, content.clone());
    return this;
  }

  /** Adds a file with this text in UTF-8. */
  public ScriptedServer file(String path, String content) {
    return file(path, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds or replaces a file with this time of modification; running transfers of a replaced one are not affected. */
  public ScriptedServer file(String path, byte[] content, Instant modified) {
    files.directory(MemoryTree.parentOf(path));
    files.write(path, content.clone(), modified);
    return this;
  }

  /** Changes the contents of a file in place: running transfers of it see that. */
  public ScriptedServer rewrite(String path, byte[] content, Instant modified) {
    files.rewrite(path, content.clone(), modified);
    return this;
  }

  /** Deletes a file, if it exists. */
  public ScriptedServer remove(String path) {
    files.deleteFile(path);
    return this;
  }

  /** Creates a directory and its parents. */
  public ScriptedServer directory(String path) {
    files.directory(path);
    return this;
  }

  // --- observations ---

  /** Every command line of every session in the order of arrival, without CRLF. */
  public List<String> commands() {
    return ledger.commands();
  }

  /** Every byte received on control connections, in the order of the lines. */
  public byte[] received() {
    return ledger.received();
  }

  /** The number of accepted control connections. */
  public int sessions() {
    return ledger.sessions();
  }

  /** The number of data connections. */
  public int dataConnections() {
    return ledger.dataConnections();
  }

  /** The number of connections to ports where a client must never connect. */
  public int trapConnections() {
    return ledger.trapConnections();
  }

  /** The number of protected uploads that ended without close_notify. */
  public int endsWithoutCloseNotify() {
    return ledger.endsWithoutCloseNotify();
  }

  /** The successful TLS handshakes, in order. */
  public List<Handshake> handshakes() {
    return ledger.handshakes();
  }

  /** The number of sent replies, including the greeting: the number of steps for {@link #faultAtReply}. */
  public int replies() {
    return replies.get();
  }

  /** The number of open sockets and listeners, without the main listener. */
  public int openSockets() {
    return ledger.openSockets() - (listener.isClosed() ? 0 : 1);
  }

  /** The contents of a file. */
  public byte[] content(String path) {
    MemoryTree.Node node = files.get(path);
    if (node == null || node.isDirectory()) {
      throw new AssertionError("the server has no file " + path + ", only " + files.files());
    }
    return node.content().clone();
  }

  /** Whether a file or directory exists. */
  public boolean exists(String path) {
    return files.get(path) != null;
  }

  /** The paths of all files. */
  public List<String> paths() {
    return files.files();
  }

  /** Waits for a command that starts so. */
  public void awaitCommand(String prefix) {
    await("a command that starts with " + prefix, () -> ledger.commands().stream().anyMatch(c -> c.startsWith(prefix)));
  }

  /** Waits until this many control connections were accepted. */
  public void awaitSessions(int count) {
    await(count + " sessions", () -> ledger.sessions() >= count);
  }

  /** Waits until this many data connections were made. */
  public void awaitDataConnections(int count) {
    await(count + " data connections", () -> ledger.dataConnections() >= count);
  }

  /** Waits until this many TLS handshakes succeeded. */
  public void awaitHandshakes(int count) {
    await(count + " handshakes", () -> ledger.handshakes().size() >= count);
  }

  /** Waits until all sessions have ended and no socket is open but the listener. */
  public void awaitIdle() {
    await("the end of all sessions", () -> ledger.endedSessions() == ledger.sessions() && openSockets() == 0);
  }

  private void await(String what, java.util.function.BooleanSupplier condition) {
    if (!ledger.await(PATIENCE, condition)) {
      throw new AssertionError("timed out waiting for " + what + "; sessions: " + ledger.sessions() + ", ended: "
          + ledger.endedSessions() + ", sockets: " + openSockets() + ", commands: " + ledger.commands());
    }
  }

  /** Waits for the end of every script and throws an {@link AssertionError} that names each line that failed. */
  public void verify() {
    if (!ledger.await(PATIENCE, () -> ledger.endedSessions() >= scripts.size() || !ledger.mismatches().isEmpty())) {
      throw new AssertionError("the conversation did not reach its end; commands: " + ledger.commands());
    }
    if (!ledger.mismatches().isEmpty()) {
      throw new AssertionError(String.join("\n", ledger.mismatches()));
    }
    if (ledger.sessions() > scripts.size()) {
      throw new AssertionError(ledger.sessions() + " connections arrived, " + scripts.size() + " were expected");
    }
  }

  // --- the server ---

  private void acceptAll() throws IOException {
    while (!listener.isClosed()) {
      Socket socket = listener.accept();
      ledger.opened(socket);
      int number = ledger.sessions();
      ledger.sessionBegan();
      workers.start(() -> serve(socket, number));
    }
  }

  private void serve(Socket socket, int number) throws IOException, InterruptedException {
    Conversation c = null;
    try {
      socket.setTcpNoDelay(true);
      c = new Conversation(this, socket);
      if (!scripts.isEmpty()) {
        if (number < scripts.size()) {
          scripts.get(number).play(c);
        }
      } else {
        serveOrdinary(c);
      }
    } finally {
      if (c != null) {
        c.forgetData();
      }
      Ledger.closeQuietly(socket);
      ledger.closed(socket);
      ledger.sessionEnded();
    }
  }

  private void serveOrdinary(Conversation c) throws IOException, InterruptedException {
    if (implicitTls) {
      c.startTls();
    }
    greeting.run(c);
    while (!c.isOver()) {
      Request request = c.next();
      OrdinaryCommands.settle(c);
      Behaviour first = beforeEach;
      if (first != null) {
        first.run(c);
      }
      if (!c.takeSkipped() && !c.isOver()) {
        behaviourFor(request.verb()).run(c);
      }
    }
  }

  private Behaviour behaviourFor(String verb) {
    Queue<Behaviour> once = onceBehaviours.get(verb);
    Behaviour next = once == null ? null : once.poll();
    return next != null ? next : behaviours.getOrDefault(verb, Conversation::ordinary);
  }

  void duringData(Conversation c, DataHook.Moment moment, long bytes) throws IOException, InterruptedException {
    dataHook.at(c, moment, bytes);
  }

  @Nullable
  Fault nextReplyFault() {
    return replyFaults.get(replies.getAndIncrement());
  }

  @Nullable
  Fault nextDataFault() {
    return dataFaults.get(dataSteps.getAndIncrement());
  }

  boolean accepts(String user, String password) {
    return passwords.isEmpty() || password.equals(passwords.get(user));
  }

  String neededAccount() {
    return account;
  }

  Charset charset() {
    return charset;
  }

  Duration dataPatience() {
    return dataPatience;
  }

  Workers workers() {
    return workers;
  }

  ServerTls security() {
    return security;
  }

  Ledger ledger() {
    return ledger;
  }

  MemoryTree files() {
    return files;
  }

  /** Ends every session in any state and throws if one does not end. */
  @Override
  public void close() {
    workers.beginToEnd();
    Ledger.closeQuietly(listener);
    ledger.closeAll();
    workers.awaitEnd(PATIENCE);
    ledger.closeAll(); // sockets that a session opened while it ended
  }
}
