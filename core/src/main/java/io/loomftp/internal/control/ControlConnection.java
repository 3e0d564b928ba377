package io.loomftp.internal.control;

import io.loomftp.ErrorKind;
import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.FtpMeasurement.Channel;
import io.loomftp.FtpProtocolException;
import io.loomftp.Reply;
import io.loomftp.ReplyCode;
import io.loomftp.SessionListener;
import io.loomftp.internal.net.KeyedSocket;
import io.loomftp.internal.net.StallGuard;
import io.loomftp.internal.net.TlsUpgrade;
import io.loomftp.internal.observe.CommandObserver;
import io.loomftp.internal.observe.Observer;
import io.loomftp.internal.proxy.Route;
import io.loomftp.internal.proxy.RouteDialer;
import io.loomftp.internal.text.NameCodec;
import io.loomftp.internal.wire.BadReplyException;
import io.loomftp.internal.wire.Command;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import javax.net.ssl.SSLSocket;
import org.apache.commons.io.IOUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends commands and reads replies, one of each at a time, and keeps the reason for which the connection ended. Used by the
 * session's thread; any thread may {@link #sendDirectly}, {@link #peek}, {@link #markClosing} and {@link #close}.
 */
public final class ControlConnection {
  private static final Logger LOG = LoggerFactory.getLogger(ControlConnection.class);
  /** The most preliminary replies that a command may have. */
  public static final int MAX_PRELIMINARY = 8;
  public static final Duration A_MOMENT = Duration.ofMillis(1);

  /** The most unsolicited replies that are dropped before a command. */
  private static final int MAX_UNSOLICITED = 100;
  private static final Command PWD = Command.of("PWD");
  private static final int SERVICE_CLOSING = 421;
  /** The most late replies that are read before the one to PWD. */
  private static final int MAX_LATE = 3;

  private volatile FtpConfig config;
  private final KeyedSocket raw;
  private final Route route;
  private final NameCodec codec;
  private final Transcript transcript;
  private final OperationBounds bounds;
  private final ConnectionPermits.Permit permit;
  private final ConnectionEnd end;
  private final ReplyReceiver receiver;
  private final SecretMask mask = new SecretMask();
  private final StallGuard writing;
  private final Observer observer;
  private final CommandObserver commands;
  /** One line at a time, also when another thread sends ABOR. */
  private final ReentrantLock sending = new ReentrantLock();

  private OutputStream out;
  private @Nullable SSLSocket tls;
  private boolean loggedIn;
  private final Set<Thread> notifying = ConcurrentHashMap.newKeySet(); // also that of the handshake of a data connection
  /** Whether the rest of the last reply, or one that belongs to an earlier command, may still arrive. */
  private boolean uncertain;

  ControlConnection(
      FtpConfig config,
      RouteDialer.Dialed dialed,
      NameCodec codec,
      Transcript transcript,
      OperationBounds bounds,
      ConnectionPermits.Permit permit)
      throws IOException {
    this.permit = permit;
    this.config = config;
    this.bounds = bounds;
    this.raw = dialed.socket();
    this.route = dialed.route();
    this.codec = codec;
    this.transcript = transcript;
    this.end = new ConnectionEnd(this::disconnect, transcript, mask, bounds, this::note);
    this.writing = new StallGuard(raw);
    this.observer = Observer.of(config);
    this.commands = new CommandObserver(config, observer);
    this.out = raw.getOutputStream();
    this.receiver = new ReplyReceiver(raw, codec, config, bounds);
  }

  /** Sends a command without an argument and reads its final reply. */
  public Exchange ask(String verb) throws FtpException {
    return ask(Command.of(verb));
  }

  /** Sends a command and reads its final reply. */
  public Exchange ask(String verb, String argument) throws FtpException {
    return ask(Command.of(verb, argument));
  }

  /** Sends a command and reads its final reply; preliminary ones are skipped. */
  public Exchange ask(Command command) throws FtpException {
    send(command);
    return exchange(command, readFinal(command, config.timeouts().reply()));
  }

  /** Pairs a command that was sent with the reply that was read for it. */
  public Exchange exchange(Command command, Reply reply) {
    return new Exchange(end, command, reply);
  }

  /** Sends a command, and again under its old experimental name where it is unknown (RFC 1123 section 4.1.3.1). */
  public Exchange askEither(String verb, String older, @Nullable String argument) throws FtpException {
    Exchange exchange = ask(new Command(verb, argument, false));
    return exchange.isUnknown() ? ask(new Command(older, argument, false)) : exchange;
  }

  /** Throws if the command cannot be encoded; sends nothing. */
  void check(Command command) {
    command.encode(codec, config.limits().argument());
  }

  /** Sends a command after checking for an unsolicited reply. */
  public void send(Command command) throws FtpException {
    send(command, List.of());
  }

  /** Sends a command and, in the same flight, others behind it: each has its own reply. */
  public void send(Command command, List<Command> followers) throws FtpException {
    byte[] lines = encode(command, followers);
    end.check(command);
    dropUnsolicited(command);
    if (uncertain && loggedIn) {
      resynchronize(command);
    }
    mask.remember(command);
    write(command, followers, lines);
    announce(command);
    followers.forEach(this::announce);
  }

  /** Marks that a reply to an earlier command may still arrive: the next command after login is sent when that is settled. */
  void uncertain() {
    uncertain = true;
  }

  private void resynchronize(Command next) throws FtpException {
    uncertain = false;
    if (!readUntilPwd(MAX_LATE, config.timeouts().reply()) || uncertain) {
      throw fail(
          new FtpProtocolException(
              next + " not sent: an earlier reply was incomplete, and the one to PWD does not show where the next begins",
              ErrorKind.PROTOCOL, transcript.lines(), null));
    }
  }

  /**
   * Sends PWD and reads replies until its 257, which shows that nothing more is pending.
   *
   * @param others the most replies that may come before it
   * @param bound for all of it
   * @return whether the connection is in step
   */
  boolean readUntilPwd(int others, Duration bound) throws FtpException {
    sendDirectly(PWD);
    long deadline = System.nanoTime() + bound.toNanos();
    for (int read = 0; read <= others;) {
      Duration left = Duration.ofNanos(deadline - System.nanoTime());
      if (left.isNegative() || left.isZero() || !hasReply(left)) {
        return false;
      }
      Reply reply = readReply(PWD, left);
      if (reply.code() == ReplyCode.PATH_CREATED.code()) {
        return true;
      }
      read += reply.isPreliminary() ? 0 : 1;
    }
    return false;
  }

  /** Sends a command without the checks and notifications of {@link #send}. May be called by any thread. */
  public void sendDirectly(Command command) throws FtpException {
    sendDirectly(List.of(command));
  }

  /** The same for several commands in one flight. */
  public void sendDirectly(List<Command> commands) throws FtpException {
    Command first = commands.getFirst();
    List<Command> others = commands.subList(1, commands.size());
    end.check(first);
    write(first, others, encode(first, others));
  }

  /** Notifies the listener of a command that was sent. */
  public void announce(Command command) {
    notifyListener(listener -> listener.commandSent(command.toString()));
  }

  private byte[] encode(Command command, List<Command> followers) {
    var lines = new ByteArrayOutputStream();
    lines.writeBytes(command.encode(codec, config.limits().argument()));
    followers.forEach(follower -> lines.writeBytes(follower.encode(codec, config.limits().argument())));
    return lines.toByteArray();
  }

  private void write(Command command, List<Command> followers, byte[] lines) throws FtpException {
    sending.lock();
    try {
      note("> " + command);
      followers.forEach(follower -> note("> " + follower));
      commands.sent(command.verb());
      followers.forEach(follower -> commands.sent(follower.verb()));
      writing.run(
          bounds.cut(config.timeouts().reply()),
          () -> {
            out.write(lines);
            out.flush();
          });
    } catch (IOException e) {
      throw lost(command, e);
    } finally {
      sending.unlock();
    }
  }

  /** The reply that ends a command; preliminary ones before it are skipped, up to a bound. */
  public Reply readFinal(Command command, Duration bound) throws FtpException {
    for (int i = 0; i <= MAX_PRELIMINARY; i++) {
      Reply reply = readReply(command, bound);
      if (!reply.isPreliminary()) {
        return reply;
      }
    }
    throw flooded(command);
  }

  /** The exception for a server that sends preliminary replies without end; the connection is ended. */
  public FtpException flooded(Command command) {
    return fail(
        new FtpProtocolException(
            command + ": more than " + MAX_PRELIMINARY + " preliminary replies", ErrorKind.LIMIT, transcript.lines(), null));
  }

  /** The next reply; a 421 ends the connection. */
  public Reply readReply(Command command, Duration most) throws FtpException {
    end.check(command);
    Reply reply;
    try {
      reply = SecretMask.masked(command, receiver.receive(bounds.cut(most), config.timeouts().close()));
      uncertain |= receiver.hasUncertainEnd();
    } catch (IOException e) {
      throw lost(command, e);
    }
    note("< " + reply);
    commands.replied(reply.code());
    notifyListener(listener -> listener.replyReceived(command.toString(), reply));
    // Closed by another thread meanwhile: the reply to that is not the reason.
    end.check(command);
    if (reply.code() == SERVICE_CLOSING) {
      throw fail(
          end.closed(
              command + ": the server ends the session: " + reply, loggedIn ? ErrorKind.CLOSED : ErrorKind.BUSY, null));
    }
    return reply;
  }

  /** Notifies the listener; when it throws, the state of the session is unknown and the connection is ended. */
  public void notifyListener(Consumer<SessionListener> news) {
    boolean outermost = notifying.add(Thread.currentThread());
    try {
      news.accept(config.listener());
    } catch (Throwable e) {
      fail(end.closed("the session's listener failed: " + e, ErrorKind.CLOSED, e));
      throw e;
    } finally {
      if (outermost) {
        notifying.remove(Thread.currentThread());
      }
    }
  }

  /**
   * Checks that the present thread runs no listener.
   *
   * @throws IllegalStateException when one is: a command in the middle of another one would get the reply to that
   */
  public void requireNoListener() {
    if (notifying.contains(Thread.currentThread()) || Observer.isDelivering()) {
      throw new IllegalStateException("a listener cannot use its session: a command is not complete yet");
    }
  }

  /** Whether a reply has begun to arrive within the bound; consumes nothing. */
  public boolean hasReply(Duration bound) throws FtpException {
    try {
      return receiver.await(bound);
    } catch (IOException e) {
      throw lost("waiting for the server", e);
    }
  }

  /**
   * The code of the next reply that has arrived, 0 when there is none; consumes nothing. May be called by any thread.
   */
  public int peek() {
    return receiver.peek();
  }

  /**
   * Reads replies that arrived between two commands and so belong to neither. A 421 ends the session; others are dropped,
   * except during login, where they may be an attack.
   *
   * @param next the command that is about to be sent
   */
  public void dropUnsolicited(Command next) throws FtpException {
    for (int dropped = 0; hasReply(Duration.ZERO); dropped++) {
      if (dropped == MAX_UNSOLICITED) {
        throw fail(
            new FtpProtocolException(
                next + " not sent: more than " + MAX_UNSOLICITED + " unsolicited replies before it", ErrorKind.LIMIT,
                transcript.lines(), null));
      }
      Reply unsolicited = readReply(next, config.timeouts().reply());
      if (!loggedIn) {
        throw fail(
            new FtpProtocolException(
                next + " not sent: the server sent an unsolicited reply before it: " + unsolicited, ErrorKind.PROTOCOL, transcript
                    .lines(), null));
      }
      LOG.warn("dropped an unsolicited reply before {}: {}", next, mask.masked(unsolicited.toString()));
    }
    commands.inStep();
  }

  /** Takes over the timeouts of this configuration. */
  public void adopt(FtpConfig other) {
    config = other;
  }

  /** From here on unsolicited replies are dropped and no longer fatal. */
  void loggedIn() {
    loggedIn = true;
    permit.loggedIn();
  }

  /** Switches to TLS; clear text that was read ahead is not carried over. */
  void upgrade(TlsUpgrade upgrade) throws IOException {
    if (receiver.hasClearText()) {
      throw new BadReplyException("the server sent more than its reply before the TLS handshake");
    }
    startTls(upgrade);
  }

  /** TLS from the first byte. */
  void startTls(TlsUpgrade upgrade) throws IOException {
    Thread me = Thread.currentThread();
    SSLSocket socket =
        observer.handshake(
            Channel.CONTROL,
            () -> upgrade.control(
                raw, bounds.cut(config.timeouts().handshake()), () -> me.isInterrupted() || bounds.isCancelled()),
            control -> false);
    tls = socket;
    receiver.secure(socket);
    out = socket.getOutputStream();
    note("* " + socket.getSession().getProtocol() + " " + socket.getSession().getCipherSuite());
  }

  /** The TLS version in force, or null. */
  public @Nullable String tlsVersion() {
    return tls == null ? null : tls.getSession().getProtocol();
  }

  /** The key of all sockets of this session, for JSSE's session cache. */
  public int key() {
    return raw.key();
  }

  /** The bounds of the running operation. */
  public OperationBounds bounds() {
    return bounds;
  }

  /** A bound, cut to the time that is left of the operation. */
  public Duration cut(Duration bound) {
    return bounds.cut(bound);
  }

  /** The way to the server, for data connections. */
  public Route route() {
    return route;
  }

  /** Whether the server is known to be reached over IPv6, where PASV and PORT have no meaning. */
  public boolean isIpv6() {
    return route.serverAddress().orElse(null) instanceof Inet6Address;
  }

  public InetAddress localAddress() {
    return raw.getLocalAddress();
  }

  /** The conversation so far. */
  public Transcript transcript() {
    return transcript;
  }

  public boolean isOpen() {
    return end.isOpen();
  }

  /** Throws if the connection has ended, with the first reason as the cause. */
  public void checkOpen(Object what) throws FtpException {
    end.check(what);
  }

  /** Ends the connection for a reason, which is kept if it is the first, and returns it for throwing. */
  public <E extends FtpException> E fail(E reason) {
    if (!loggedIn) {
      permit.failed(reason);
    }
    return end.fail(reason);
  }

  private void disconnect() {
    IOUtils.closeQuietly(raw);
    permit.released();
    commands.closed();
  }

  /** The exception for a failure of the socket; the connection is ended. */
  public FtpException lost(Object what, IOException trouble) {
    FtpException reason = end.lost(what, trouble);
    if (!loggedIn) {
      permit.failed(reason);
    }
    return reason;
  }

  /** Keeps the reason for which it is about to be closed: later failures are consequences. */
  public void markClosing(String why) {
    end.remember(end.closed(why, ErrorKind.CLOSED, null));
  }

  /** Sends the TLS close_notify and closes, within {@code Timeouts.close()}. */
  public void close(String why) {
    markClosing(why);
    SSLSocket secured = tls;
    if (secured != null && sending.tryLock()) {
      try {
        // Not close(), which waits for a thread that is reading.
        writing.run(config.timeouts().close(), secured::shutdownOutput);
      } catch (IOException e) {
        LOG.debug("TLS close_notify failed: {}", e.toString());
      } finally {
        sending.unlock();
      }
    }
    disconnect();
  }

  /** The observer of what is done over this connection. */
  public Observer observer() {
    return observer;
  }

  /** The text with every secret that was sent masked. */
  public String masked(String text) {
    return mask.masked(text);
  }

  private void note(String line) {
    String shown = mask.masked(line);
    transcript.add(shown);
    LOG.debug("{}", shown);
  }
}
