package io.loomftp.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * An FTP server for tests, on a free loopback port, that is correct until it is told not to be.
 *
 * <p>{@link #start()} gives an ordinary server with its files in memory. Any command can be answered in another way:
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
 * <p>{@link #script(String...)} gives one that follows a written conversation and nothing else; see {@link Script}.
 *
 * <p>Every session runs on a virtual thread. {@link #close()} ends them all and throws if one does not end.
 */
public final class ScriptedServer implements AutoCloseable {
  /** How long any {@code await} waits before it is an {@link AssertionError}. */
  public static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ServerSocket listener;
  private final Ledger ledger = new Ledger();
  private final MemoryTree files = new MemoryTree();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("scripted-", 0).factory());
  private final CountDownLatch closing = new CountDownLatch(1);

  private final Map<String, Behaviour> behaviours = new ConcurrentHashMap<>();
  private final Map<String, Queue<Behaviour>> onceBehaviours = new ConcurrentHashMap<>();
  private final Map<String, String> passwords = new ConcurrentHashMap<>();
  private final Map<Integer, Fault> replyFaults = new ConcurrentHashMap<>();
  private final Map<Integer, Fault> dataFaults = new ConcurrentHashMap<>();
  private final AtomicInteger replies = new AtomicInteger();
  private final AtomicInteger dataSteps = new AtomicInteger();
  private final List<Script> scripts;
  private final boolean implicitTls;
  private final ReentrantLock makingTls = new ReentrantLock();

  private volatile Behaviour greeting = c -> c.reply("220 Scripted server ready.");
  private volatile @Nullable Behaviour beforeEach;
  private volatile @Nullable SSLContext tls;
  private volatile String[] protocols = {"TLSv1.3", "TLSv1.2"};
  private volatile boolean wantsClientCertificate;
  private volatile boolean demandsReuse;
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
    threads.execute(() -> guard(this::acceptAll));
  }

  /** An ordinary server on 127.0.0.1; AUTH TLS works with the good certificate of {@link Certificates}. */
  public static ScriptedServer start() {
    return new ScriptedServer(ipv4(), false, List.of());
  }

  /** An ordinary server on ::1. */
  public static ScriptedServer startIpv6() {
    byte[] one = new byte[16];
    one[15] = 1;
    return new ScriptedServer(loopback(one), false, List.of());
  }

  /** An ordinary server on 127.0.0.1 where TLS comes before everything. */
  public static ScriptedServer startImplicitTls() {
    return new ScriptedServer(ipv4(), true, List.of());
  }

  /** A server that follows the conversations written down, one for each connection in turn. */
  public static ScriptedServer script(String... conversations) {
    return new ScriptedServer(ipv4(), false, Arrays.stream(conversations).map(Script::parse).toList());
  }

  private static InetAddress ipv4() {
    return loopback(new byte[] {127, 0, 0, 1});
  }

  private static InetAddress loopback(byte[] address) {
    try {
      return InetAddress.getByAddress("localhost", address);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The port it listens on. */
  public int port() {
    return listener.getLocalPort();
  }

  // --- what it should do ---

  /** Answers the command with these lines, each time: several lines may be several replies, or one of many lines. */
  public ScriptedServer on(String verb, String... lines) {
    return on(verb, c -> c.reply(lines));
  }

  /** Does this whenever the command comes. */
  public ScriptedServer on(String verb, Behaviour behaviour) {
    behaviours.put(verb.toUpperCase(Locale.ROOT), behaviour);
    return this;
  }

  /** Answers the command with these lines the next time only; calls add up. */
  public ScriptedServer once(String verb, String... lines) {
    return once(verb, c -> c.reply(lines));
  }

  /** Does this the next time only; calls add up. */
  public ScriptedServer once(String verb, Behaviour behaviour) {
    onceBehaviours.computeIfAbsent(verb.toUpperCase(Locale.ROOT), v -> new ConcurrentLinkedQueue<>()).add(behaviour);
    return this;
  }

  /** Greets with these lines. */
  public ScriptedServer greeting(String... lines) {
    return onConnect(c -> c.reply(lines));
  }

  /** Does this in place of the greeting. */
  public ScriptedServer onConnect(Behaviour behaviour) {
    greeting = behaviour;
    return this;
  }

  /** Does this before each command is answered. */
  public ScriptedServer beforeEach(Behaviour behaviour) {
    beforeEach = behaviour;
    return this;
  }

  /** Behaves badly in this way from now on. */
  public ScriptedServer misbehave(Misbehaviour misbehaviour) {
    misbehaviour.install(this);
    return this;
  }

  /** Lets the n-th reply of this server go wrong; the greeting is 0, the preliminary and the final reply are two. */
  public ScriptedServer faultAtReply(int n, Fault fault) {
    replyFaults.put(n, fault);
    return this;
  }

  /** Lets the data of the n-th download or listing go wrong, counted from 0. */
  public ScriptedServer faultOnData(int n, Fault fault) {
    dataFaults.put(n, fault);
    return this;
  }

  /** From the first call on only the users named may log in, each with his password. */
  public ScriptedServer user(String name, String password) {
    passwords.put(name, password);
    return this;
  }

  /** Asks for this account after PASS. */
  public ScriptedServer account(String account) {
    this.account = account;
    return this;
  }

  /** The charset of names and replies; UTF-8 unless told. ISO-8859-1 keeps every byte. */
  public ScriptedServer charset(Charset charset) {
    this.charset = charset;
    return this;
  }

  /** Shows another certificate. */
  public ScriptedServer tls(SSLContext context) {
    tls = context;
    return this;
  }

  /** Speaks these TLS versions only, such as {@code TLSv1.2}. */
  public ScriptedServer tlsVersions(String... versions) {
    protocols = versions.clone();
    return this;
  }

  /** Lets nobody in who shows no certificate of the authority. */
  public ScriptedServer demandClientCertificate() {
    wantsClientCertificate = true;
    return this;
  }

  /** Refuses, with 522, protected data connections whose handshake did not resume a session. */
  public ScriptedServer demandSessionReuse() {
    demandsReuse = true;
    return this;
  }

  /** How long it waits for a data connection before it says 425; 5 seconds unless told. */
  public ScriptedServer dataPatience(Duration patience) {
    dataPatience = patience;
    return this;
  }

  /** Puts a file there, with the directories above it. */
  public ScriptedServer file(String path, byte[] content) {
    files.directory(MemoryTree.parentOf(path));
    files.write(path, content.clone());
    return this;
  }

  /** Puts a file there whose content is this text in UTF-8. */
  public ScriptedServer file(String path, String content) {
    return file(path, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Makes a directory, with those above it. */
  public ScriptedServer directory(String path) {
    files.directory(path);
    return this;
  }

  // --- what it saw ---

  /** Every command line of every session in the order of arrival, without CRLF. */
  public List<String> commands() {
    return ledger.commands();
  }

  /** Every byte that came as commands, in the order of arrival of the lines. */
  public byte[] received() {
    return ledger.received();
  }

  /** How many control connections were accepted. */
  public int sessions() {
    return ledger.sessions();
  }

  /** How many data connections were made. */
  public int dataConnections() {
    return ledger.dataConnections();
  }

  /** How many connections were made to places where the client should never have gone. */
  public int trapConnections() {
    return ledger.trapConnections();
  }

  /** How many protected uploads ended without close_notify. */
  public int endsWithoutCloseNotify() {
    return ledger.endsWithoutCloseNotify();
  }

  /** The TLS handshakes that came to a good end, in order. */
  public List<Handshake> handshakes() {
    return ledger.handshakes();
  }

  /** How many replies were sent, the greeting included: the number of steps for {@link #faultAtReply}. */
  public int replies() {
    return replies.get();
  }

  /** Sockets and listeners open now, the main listener not counted. */
  public int openSockets() {
    return ledger.openSockets() - (listener.isClosed() ? 0 : 1);
  }

  /** The file's content. */
  public byte[] content(String path) {
    MemoryTree.Node node = files.get(path);
    if (node == null || node.isDirectory()) {
      throw new AssertionError("the server has no file " + path + ", only " + files.files());
    }
    return node.content().clone();
  }

  /** Whether there is a file or directory. */
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

  /** Waits until all sessions have ended and no socket is open but the listener. */
  public void awaitIdle() {
    await("the end of all sessions", () -> ledger.endedSessions() == ledger.sessions() && openSockets() == 0);
  }

  private void await(String what, java.util.function.BooleanSupplier condition) {
    if (!ledger.await(PATIENCE, condition)) {
      throw new AssertionError("waited in vain for " + what + "; sessions: " + ledger.sessions() + ", ended: "
          + ledger.endedSessions() + ", sockets: " + openSockets() + ", commands: " + ledger.commands());
    }
  }

  /** Waits for the end of every script and throws an {@link AssertionError} that names each line that went otherwise. */
  public void verify() {
    if (!ledger.await(PATIENCE, () -> ledger.endedSessions() >= scripts.size() || !ledger.mismatches().isEmpty())) {
      throw new AssertionError("the conversation did not come to its end; commands: " + ledger.commands());
    }
    if (!ledger.mismatches().isEmpty()) {
      throw new AssertionError(String.join("\n", ledger.mismatches()));
    }
    if (ledger.sessions() > scripts.size()) {
      throw new AssertionError(ledger.sessions() + " connections came, " + scripts.size() + " were expected");
    }
  }

  // --- how it runs ---

  private void acceptAll() throws IOException {
    while (!listener.isClosed()) {
      Socket socket = listener.accept();
      ledger.opened(socket);
      int number = ledger.sessions();
      ledger.sessionBegan();
      threads.execute(() -> guard(() -> serve(socket, number)));
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

  /** Work on a virtual thread of its own; an IOException is the ordinary end of work whose peer is gone. */
  Future<?> run(Work work) {
    FutureTask<?> task = new FutureTask<>(() -> guard(work), null);
    threads.execute(task);
    return task;
  }

  private void guard(Work work) {
    System.Logger log = System.getLogger(ScriptedServer.class.getName());
    try {
      work.run();
    } catch (IOException e) {
      log.log(System.Logger.Level.DEBUG, "a connection ended", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      if (!isClosing()) {
        ledger.mismatch("the server itself failed: " + e);
        log.log(System.Logger.Level.ERROR, "the server itself failed", e);
      }
    }
  }

  /** Something that may fail as connections do. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException, InterruptedException;
  }

  Conversation.Tls handshake(Socket raw, InputStream early, SSLContext context, boolean data) throws IOException {
    // A resumed session carries the time of the first handshake, which is earlier than this moment by the exchanges between.
    long now = System.currentTimeMillis();
    SSLSocketFactory factory = context.getSocketFactory();
    SSLSocket socket = (SSLSocket) factory.createSocket(raw, early, true);
    socket.setEnabledProtocols(protocols);
    socket.setNeedClientAuth(wantsClientCertificate);
    socket.startHandshake();
    boolean resumed = socket.getSession().getCreationTime() < now;
    ledger.handshake(new Handshake(data, socket.getSession().getProtocol(), resumed));
    return new Conversation.Tls(socket, resumed);
  }

  /** Waits until the server is closed, then throws: the caller has nothing more to do. */
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

  /** A listener whose every connection is counted as a mistake of the client. */
  void trap(InetAddress address, int port) throws IOException {
    ServerSocket trap = new ServerSocket();
    try {
      trap.bind(new InetSocketAddress(address, port));
    } catch (IOException e) {
      Ledger.closeQuietly(trap);
      throw e;
    }
    ledger.opened(trap);
    threads.execute(() -> guard(() -> {
      while (!trap.isClosed()) {
        try (Socket caught = trap.accept()) {
          ledger.trapConnection();
          caught.setSoLinger(true, 0);
        }
      }
    }));
  }

  @Nullable Fault nextReplyFault() {
    return replyFaults.get(replies.getAndIncrement());
  }

  @Nullable Fault nextDataFault() {
    return dataFaults.get(dataSteps.getAndIncrement());
  }

  boolean isClosing() {
    return closing.getCount() == 0;
  }

  boolean accepts(String user, String password) {
    return passwords.isEmpty() || password.equals(passwords.get(user));
  }

  String neededAccount() {
    return account;
  }

  boolean demandsReuse() {
    return demandsReuse;
  }

  /** Made when first needed: most tests need none. */
  SSLContext tlsContext() {
    SSLContext context = tls;
    if (context == null) {
      makingTls.lock();
      try {
        context = tls == null ? Certificates.server() : tls;
        tls = context;
      } finally {
        makingTls.unlock();
      }
    }
    return context;
  }

  Charset charset() {
    return charset;
  }

  Duration dataPatience() {
    return dataPatience;
  }

  Ledger ledger() {
    return ledger;
  }

  MemoryTree files() {
    return files;
  }

  /** Ends every session, whatever it is doing, and fails if one does not end. */
  @Override
  public void close() {
    closing.countDown();
    Ledger.closeQuietly(listener);
    ledger.closeAll();
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("a session of the scripted server did not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ledger.closeAll(); // what a session opened while it was being ended
  }
}
