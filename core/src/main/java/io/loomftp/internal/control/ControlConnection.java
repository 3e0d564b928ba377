package io.loomftp.internal.control;

import io.loomftp.ErrorKind;
import io.loomftp.FtpClosedException;
import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.FtpProtocolException;
import io.loomftp.FtpTimeoutException;
import io.loomftp.Reply;
import io.loomftp.SessionListener;
import io.loomftp.internal.net.Dialer;
import io.loomftp.internal.net.KeyedSocket;
import io.loomftp.internal.net.StallGuard;
import io.loomftp.internal.net.TlsUpgrade;
import io.loomftp.internal.text.NameCodec;
import io.loomftp.internal.wire.BadReplyException;
import io.loomftp.internal.wire.Command;
import io.loomftp.internal.wire.ReplyReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import javax.net.ssl.SSLSocket;
import org.apache.commons.io.IOUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends commands and reads replies, one of each at a time, and remembers why the connection ended. */
public final class ControlConnection {
  private static final Logger LOG = LoggerFactory.getLogger(ControlConnection.class);
  /** Preliminary replies that a command may have. */
  public static final int MAX_PRELIMINARY = 8;
  public static final Duration A_MOMENT = Duration.ofMillis(1);
  private static final int SHORTEST_MASKED = 3;
  private static final int SHORTEST_VEILED = 4;

  private volatile FtpConfig config;
  private final KeyedSocket raw;
  private final InputStream rawIn;
  private final NameCodec codec;
  private final Transcript transcript;
  private final Deadline deadline;
  private final ConnectionPermits.Permit permit;
  private final StallGuard reading;
  private final StallGuard writing;
  /** One line at a time, also when another thread sends ABOR. */
  private final ReentrantLock sending = new ReentrantLock();

  /** What was sent and must not be shown, also where the server says it back. */
  private final List<String> secrets = new CopyOnWriteArrayList<>();

  private InputStream in;
  private OutputStream out;
  private ReplyReader reader;
  private @Nullable SSLSocket tls;
  private boolean loggedIn;
  private volatile @Nullable FtpException ended;

  ControlConnection(
      FtpConfig config, KeyedSocket raw, NameCodec codec, Transcript transcript, Deadline deadline,
      ConnectionPermits.Permit permit)
      throws IOException {
    this.permit = permit;
    this.config = config;
    this.deadline = deadline;
    this.raw = raw;
    this.rawIn = raw.getInputStream();
    this.codec = codec;
    this.transcript = transcript;
    this.reading = new StallGuard(raw);
    this.writing = new StallGuard(raw);
    this.in = rawIn;
    this.out = raw.getOutputStream();
    this.reader = new ReplyReader(this::receive, codec, config.limits());
  }

  /** Sends a command without an argument and reads its final reply. */
  public Exchange ask(String verb) throws FtpException {
    return ask(Command.of(verb));
  }

  /** Sends a command and reads its final reply. */
  public Exchange ask(String verb, String argument) throws FtpException {
    return ask(Command.of(verb, argument));
  }

  /** Sends a command and reads its final reply; preliminary ones are passed over. */
  public Exchange ask(Command command) throws FtpException {
    send(command);
    return new Exchange(this, command, readFinal(command, config.timeouts().reply()));
  }

  /** Asks, and asks again with the command's experimental name of old where it is unknown (RFC 1123 section 4.1.3.1). */
  public Exchange askEither(String verb, String older, @Nullable String argument) throws FtpException {
    Exchange exchange = ask(new Command(verb, argument, false));
    return exchange.isUnknown() ? ask(new Command(older, argument, false)) : exchange;
  }

  /** Refuses a command that could not be sent, without sending it. */
  void check(Command command) {
    command.encode(codec, config.limits().argument());
  }

  /** Sends a command after having looked whether the server said something unasked. */
  public void send(Command command) throws FtpException {
    send(command, List.of());
  }

  /** Sends a command and, in the same flight, others behind it: each has its own reply. */
  public void send(Command command, List<Command> followers) throws FtpException {
    var lines = new ByteArrayOutputStream();
    lines.writeBytes(command.encode(codec, config.limits().argument()));
    followers.forEach(follower -> lines.writeBytes(follower.encode(codec, config.limits().argument())));
    checkOpen(command);
    hearUnasked(command);
    if (command.secret() && command.argument() != null && command.argument().length() >= SHORTEST_VEILED) {
      secrets.add(command.argument());
    }
    write(command, followers, lines.toByteArray());
    tell(listener -> listener.commandSent(command.toString()));
    followers.forEach(follower -> tell(listener -> listener.commandSent(follower.toString())));
  }

  /** Sends a command in the middle of another one; any thread may. */
  public void interject(Command command) throws FtpException {
    checkOpen(command);
    write(command, List.of(), command.encode(codec, config.limits().argument()));
  }

  private void write(Command command, List<Command> followers, byte[] lines) throws FtpException {
    sending.lock();
    try {
      note("> " + command);
      followers.forEach(follower -> note("> " + follower));
      writing.run(
          deadline.cut(config.timeouts().reply()),
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

  /** The reply that ends a command; preliminary ones before it are passed over, but not for ever. */
  public Reply readFinal(Command command, Duration bound) throws FtpException {
    for (int i = 0; i <= MAX_PRELIMINARY; i++) {
      Reply reply = readReply(command, bound);
      if (!reply.isPreliminary()) {
        return reply;
      }
    }
    throw flooded(command);
  }

  /** The exception for a server that says 1yz and never comes to an end; the connection is ended. */
  public FtpException flooded(Command command) {
    return fail(
        new FtpProtocolException(
            command + ": more than " + MAX_PRELIMINARY + " preliminary replies", ErrorKind.LIMIT, transcript.lines(), null));
  }

  /** The next reply; a 421 ends the connection. */
  public Reply readReply(Command command, Duration most) throws FtpException {
    checkOpen(command);
    Duration bound = deadline.cut(most);
    Reply reply;
    try {
      reply = masked(command, tls == null ? reader.read(bound) : reading.within(bound, () -> reader.read(bound)));
    } catch (IOException e) {
      throw lost(command, e);
    }
    note("< " + reply);
    tell(listener -> listener.replyReceived(command.toString(), reply));
    // Closed by another thread meanwhile: what the server says of that is not the reason.
    checkOpen(command);
    if (reply.code() == 421) {
      throw fail(
          new FtpClosedException(
              command + ": the server ends the session: " + reply,
              loggedIn ? ErrorKind.CLOSED : ErrorKind.BUSY,
              transcript.lines(),
              null));
    }
    return reply;
  }

  /** Tells the listener; where it throws, nobody can say what the session is in the middle of, so that is its end. */
  public void tell(Consumer<SessionListener> news) {
    try {
      news.accept(config.listener());
    } catch (RuntimeException | Error e) {
      fail(new FtpClosedException("the session's listener failed: " + e, ErrorKind.CLOSED, transcript.lines(), e));
      throw e;
    }
  }

  /** Whether the server has something to say, waiting at most so long; what it says is not consumed. */
  public boolean hasReply(Duration bound) throws FtpException {
    try {
      if (reader.hasBuffered() || (bound.isZero() && !mayHaveArrived())) {
        return reader.hasBuffered();
      }
      return reader.poll(bound.isZero() ? A_MOMENT : bound);
    } catch (IOException e) {
      throw lost(Command.of("NOOP"), e);
    }
  }

  private boolean mayHaveArrived() throws IOException {
    return in.available() > 0 || rawIn.available() > 0;
  }

  /**
   * What came between two commands answers neither: a 421 says good-bye, the rest is dropped, except during login, where it
   * may be an attack.
   */
  private void hearUnasked(Command next) throws FtpException {
    while (hasReply(Duration.ZERO)) {
      Reply unasked = readReply(next, config.timeouts().reply());
      if (!loggedIn) {
        throw fail(
            new FtpProtocolException(
                next + " not sent: the server said " + unasked + " unasked", ErrorKind.PROTOCOL, transcript.lines(), null));
      }
      LOG.warn("dropped what the server said unasked before {}: {}", next, veiled(unasked.toString()));
    }
  }

  /** Goes on with the bounds of this configuration. */
  public void adopt(FtpConfig other) {
    config = other;
  }

  /** From here on replies that nobody asked for are dropped, not fatal. */
  void loggedIn() {
    loggedIn = true;
    permit.loggedIn();
  }

  /** Goes on under TLS; whatever was read in clear text before is not carried over. */
  void upgrade(TlsUpgrade upgrade) throws IOException {
    if (reader.hasBuffered() || rawIn.available() > 0) {
      throw new BadReplyException("the server sent more than its reply before the TLS handshake");
    }
    startTls(upgrade);
  }

  /** TLS from the first byte. */
  void startTls(TlsUpgrade upgrade) throws IOException {
    SSLSocket socket = upgrade.control(raw, deadline.cut(config.timeouts().handshake()));
    tls = socket;
    in = socket.getInputStream();
    out = socket.getOutputStream();
    reader = new ReplyReader(this::receive, codec, config.limits());
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

  /** A bound cut to what is left of the operation's. */
  public Duration cut(Duration bound) {
    return deadline.cut(bound);
  }

  /** Whether the operation has used up its time. */
  public boolean isLate() {
    return deadline.isOver();
  }

  public InetAddress serverAddress() {
    return raw.getInetAddress();
  }

  public InetAddress localAddress() {
    return raw.getLocalAddress();
  }

  /** The conversation so far. */
  public Transcript transcript() {
    return transcript;
  }

  public boolean isOpen() {
    return ended == null;
  }

  /** Throws what every call on an ended connection throws: the first reason is the cause. */
  public void checkOpen(Object what) throws FtpException {
    FtpException reason = ended;
    if (reason != null) {
      throw new FtpClosedException(
          what + " not possible: the session was closed: " + reason.getMessage(),
          ErrorKind.CLOSED,
          transcript.lines(),
          reason);
    }
  }

  /** Ends the connection for a reason that is remembered if it is the first, and gives it back to be thrown. */
  public <E extends FtpException> E fail(E reason) {
    if (ended == null) {
      ended = reason;
      note("* closed: " + Command.printable(String.valueOf(reason.getMessage())));
    }
    if (!loggedIn) {
      permit.failed(reason);
    }
    disconnect();
    return reason;
  }

  private void disconnect() {
    IOUtils.closeQuietly(raw);
    permit.released();
  }

  /** Remembers why it is about to be closed: trouble from here on is a consequence. */
  public void condemn(String why) {
    if (ended == null) {
      ended = new FtpClosedException(why, ErrorKind.CLOSED, transcript.lines(), null);
      note("* closed: " + why);
    }
  }

  /** Says good-bye to TLS and closes, within the bound for that. */
  public void close(String why) {
    condemn(why);
    SSLSocket secured = tls;
    if (secured != null && sending.tryLock()) {
      try {
        // Not close(), which waits for a thread that is reading.
        writing.run(config.timeouts().close(), secured::shutdownOutput);
      } catch (IOException e) {
        LOG.debug("TLS farewell failed: {}", e.toString());
      } finally {
        sending.unlock();
      }
    }
    disconnect();
  }

  /** The exception for trouble on the socket; the connection is ended. */
  public FtpException lost(Command command, IOException trouble) {
    FtpException reason = ended;
    if (reason != null) {
      return new FtpClosedException(
          command + ": the session was closed meanwhile: " + reason.getMessage(),
          ErrorKind.CLOSED,
          transcript.lines(),
          reason);
    }
    if (Thread.currentThread().isInterrupted()) {
      return fail(
          new FtpClosedException(
              command + ": the thread was interrupted", ErrorKind.ABORTED, transcript.lines(), trouble));
    }
    if (trouble instanceof InterruptedIOException) {
      return fail(
          new FtpTimeoutException(
              command + ": no reply in time (" + trouble.getMessage() + ")", ErrorKind.TIMEOUT, transcript.lines(), trouble));
    }
    if (trouble instanceof BadReplyException bad) {
      ErrorKind kind = bad.isLimit() ? ErrorKind.LIMIT : ErrorKind.PROTOCOL;
      return fail(new FtpProtocolException(command + ": " + veiled(bad.getMessage()), kind, transcript.lines(), null));
    }
    return fail(
        new FtpClosedException(
            command + ": the connection was lost: " + trouble.getMessage(), ErrorKind.CLOSED, transcript.lines(), trouble));
  }

  private int receive(byte[] buffer, Duration bound) throws IOException {
    raw.setSoTimeout(Dialer.millis(bound));
    return in.read(buffer);
  }

  /** A server that repeats the password in its reply does not get it into logs and messages. */
  private static Reply masked(Command command, Reply reply) {
    String secret = command.secret() ? command.argument() : null;
    if (secret == null || secret.length() < SHORTEST_MASKED || !reply.text().contains(secret)) {
      return reply;
    }
    return new Reply(reply.code(), reply.lines().stream().map(line -> line.replace(secret, "***")).toList());
  }

  private void note(String line) {
    String shown = veiled(line);
    transcript.add(shown);
    LOG.debug("{}", shown);
  }

  private String veiled(@Nullable String text) {
    String shown = String.valueOf(text);
    for (String secret : secrets) {
      shown = shown.replace(secret, "***");
    }
    return shown;
  }
}
