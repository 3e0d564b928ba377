package io.loomftp.internal.control;

import io.loomftp.ErrorKind;
import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.FtpProtocolException;
import io.loomftp.Reply;
import io.loomftp.SessionListener;
import io.loomftp.internal.net.KeyedSocket;
import io.loomftp.internal.net.StallGuard;
import io.loomftp.internal.net.TlsUpgrade;
import io.loomftp.internal.text.NameCodec;
import io.loomftp.internal.wire.BadReplyException;
import io.loomftp.internal.wire.Command;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import javax.net.ssl.SSLSocket;
import org.apache.commons.io.IOUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends commands and reads replies, one of each at a time, and remembers why the connection ended. The session's thread uses
 * it; any thread may {@link #interject}, {@link #peek}, {@link #condemn} and {@link #close}.
 */
public final class ControlConnection {
  private static final Logger LOG = LoggerFactory.getLogger(ControlConnection.class);
  /** Preliminary replies that a command may have. */
  public static final int MAX_PRELIMINARY = 8;
  public static final Duration A_MOMENT = Duration.ofMillis(1);

  private static final int SERVICE_CLOSING = 421;

  private volatile FtpConfig config;
  private final KeyedSocket raw;
  private final NameCodec codec;
  private final Transcript transcript;
  private final OperationBounds bounds;
  private final ConnectionPermits.Permit permit;
  private final ConnectionEnd end;
  private final ReplyReceiver receiver;
  private final SecretMask mask = new SecretMask();
  private final StallGuard writing;
  /** One line at a time, also when another thread sends ABOR. */
  private final ReentrantLock sending = new ReentrantLock();

  private OutputStream out;
  private @Nullable SSLSocket tls;
  private boolean loggedIn;

  ControlConnection(
      FtpConfig config,
      KeyedSocket raw,
      NameCodec codec,
      Transcript transcript,
      OperationBounds bounds,
      ConnectionPermits.Permit permit)
      throws IOException {
    this.permit = permit;
    this.config = config;
    this.bounds = bounds;
    this.raw = raw;
    this.codec = codec;
    this.transcript = transcript;
    this.end = new ConnectionEnd(this::disconnect, transcript, mask, bounds, this::note);
    this.writing = new StallGuard(raw);
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

  /** Sends a command and reads its final reply; preliminary ones are passed over. */
  public Exchange ask(Command command) throws FtpException {
    send(command);
    return exchange(command, readFinal(command, config.timeouts().reply()));
  }

  /** A command that was sent and the reply that was read for it, as one. */
  public Exchange exchange(Command command, Reply reply) {
    return new Exchange(end, command, reply);
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
    byte[] lines = encode(command, followers);
    end.check(command);
    dropUnasked(command);
    mask.remember(command);
    write(command, followers, lines);
    announce(command);
    followers.forEach(this::announce);
  }

  /** Sends a command and no more: what {@link #send} does besides is left to the caller. Any thread may. */
  public void interject(Command command) throws FtpException {
    interject(List.of(command));
  }

  /** The same for several commands in one flight. */
  public void interject(List<Command> commands) throws FtpException {
    Command first = commands.getFirst();
    List<Command> others = commands.subList(1, commands.size());
    end.check(first);
    write(first, others, encode(first, others));
  }

  /** Notifies the listener of a command that was sent. */
  public void announce(Command command) {
    tell(listener -> listener.commandSent(command.toString()));
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
    end.check(command);
    Reply reply;
    try {
      reply = SecretMask.masked(command, receiver.receive(bounds.cut(most), config.timeouts().close()));
    } catch (IOException e) {
      throw lost(command, e);
    }
    note("< " + reply);
    tell(listener -> listener.replyReceived(command.toString(), reply));
    // Closed by another thread meanwhile: what the server says of that is not the reason.
    end.check(command);
    if (reply.code() == SERVICE_CLOSING) {
      throw fail(
          end.closed(
              command + ": the server ends the session: " + reply, loggedIn ? ErrorKind.CLOSED : ErrorKind.BUSY, null));
    }
    return reply;
  }

  /** Notifies the listener; where it throws, nobody can say what the session is in the middle of, so that is its end. */
  public void tell(Consumer<SessionListener> news) {
    try {
      news.accept(config.listener());
    } catch (RuntimeException | Error e) {
      fail(end.closed("the session's listener failed: " + e, ErrorKind.CLOSED, e));
      throw e;
    }
  }

  /** Whether the server has something to say, waiting at most so long; what it says is not consumed. */
  public boolean hasReply(Duration bound) throws FtpException {
    try {
      return receiver.await(bound);
    } catch (IOException e) {
      throw lost("waiting for the server", e);
    }
  }

  /**
   * The code of the reply that has arrived and that nobody has read, 0 when there is none; nothing is consumed. Any thread
   * may ask.
   */
  public int peek() {
    return receiver.peek();
  }

  /**
   * Reads what came between two commands: it answers neither. A 421 says good-bye, the rest is dropped, except during login,
   * where it may be an attack.
   *
   * @param next what is about to be done
   */
  public void dropUnasked(Command next) throws FtpException {
    while (hasReply(Duration.ZERO)) {
      Reply unasked = readReply(next, config.timeouts().reply());
      if (!loggedIn) {
        throw fail(
            new FtpProtocolException(
                next + " not sent: the server said " + unasked + " unasked", ErrorKind.PROTOCOL, transcript.lines(), null));
      }
      LOG.warn("dropped what the server said unasked before {}: {}", next, mask.veiled(unasked.toString()));
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
    if (receiver.hasClearText()) {
      throw new BadReplyException("the server sent more than its reply before the TLS handshake");
    }
    startTls(upgrade);
  }

  /** TLS from the first byte. */
  void startTls(TlsUpgrade upgrade) throws IOException {
    SSLSocket socket = upgrade.control(raw, bounds.cut(config.timeouts().handshake()));
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

  /** What bounds the running operation. */
  public OperationBounds bounds() {
    return bounds;
  }

  /** A bound cut to what is left of the operation's. */
  public Duration cut(Duration bound) {
    return bounds.cut(bound);
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
    return end.isOpen();
  }

  /** Throws what every call on an ended connection throws: the first reason is the cause. */
  public void checkOpen(Object what) throws FtpException {
    end.check(what);
  }

  /** Ends the connection for a reason that is remembered if it is the first, and gives it back to be thrown. */
  public <E extends FtpException> E fail(E reason) {
    if (!loggedIn) {
      permit.failed(reason);
    }
    return end.fail(reason);
  }

  private void disconnect() {
    IOUtils.closeQuietly(raw);
    permit.released();
  }

  /** The exception for trouble on the socket; the connection is ended. */
  public FtpException lost(Object what, IOException trouble) {
    FtpException reason = end.lost(what, trouble);
    if (!loggedIn) {
      permit.failed(reason);
    }
    return reason;
  }

  /** Remembers why it is about to be closed: trouble from here on is a consequence. */
  public void condemn(String why) {
    end.remember(end.closed(why, ErrorKind.CLOSED, null));
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

  private void note(String line) {
    String shown = mask.veiled(line);
    transcript.add(shown);
    LOG.debug("{}", shown);
  }
}
