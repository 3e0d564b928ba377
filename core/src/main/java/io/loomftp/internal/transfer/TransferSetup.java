package io.loomftp.internal.transfer;

import static io.loomftp.ReplyCode.REQUESTED_FILE_PENDING;

import io.loomftp.DataConnection;
import io.loomftp.ErrorKind;
import io.loomftp.FtpException;
import io.loomftp.FtpTimeoutException;
import io.loomftp.FtpTlsException;
import io.loomftp.Reply;
import io.loomftp.internal.control.ControlConnection;
import io.loomftp.internal.control.ServerProfile.Fact;
import io.loomftp.internal.net.DataChannel;
import io.loomftp.internal.net.KeyedSocket;
import io.loomftp.internal.net.TlsUpgrade;
import io.loomftp.internal.session.SessionCore;
import io.loomftp.internal.wire.Command;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** Gets a transfer going: the data connection, the command, the first reply and the TLS handshake, in the server's order. */
final class TransferSetup implements Closeable {
  /** How long the server may leave the command unanswered before the TLS handshake is begun all the same. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** How long a server has to complain that a TLS session was not resumed, before data is trusted to it. */
  private static final Duration COMPLAINT = Duration.ofMillis(300);

  /** How often the control connection is looked at while the server is expected to connect. */
  private static final Duration LOOK = Duration.ofMillis(100);

  /** What servers say to a data connection whose TLS session they do not know. */
  private static final Set<Integer> COMPLAINTS = Set.of(425, 426, 450, 451, 521, 522, 534);

  private static final String NO_TLS12_REUSE =
      "; the server may demand that the TLS session of the control connection be resumed, which JSSE cannot do with TLS 1.2"
          + " when the session ticket claims to live longer than a week (vsftpd): allow TLS 1.3, or start the JVM with"
          + " -Djdk.tls.client.enableSessionTicketExtension=false";

  private final SessionCore session;
  private final ControlConnection control;
  private final Transfer transfer;
  private final Command command;
  private final long restart;
  private volatile @Nullable PendingDataConnection pending;
  private volatile boolean closed;
  private DataConnection.@Nullable Protection protection;

  TransferSetup(SessionCore session, Transfer transfer, Command command, long restart) {
    this.session = session;
    this.control = session.control();
    this.transfer = transfer;
    this.command = command;
    this.restart = restart;
  }

  /** The TLS session of the control connection could not be resumed; another control connection may help. */
  static final class NotResumedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What the server said to that; null when it was not even tried. */
    final @Nullable FtpException refusal;

    NotResumedException(@Nullable FtpException refusal) {
      super(refusal);
      this.refusal = refusal;
    }
  }

  /** Opens the transfer; whatever was begun is closed if that fails. */
  DataChannel open() throws FtpException, NotResumedException {
    try {
      PendingDataConnection data = new DataConnector(session, command).prepare();
      pending = data;
      if (data.isPassive()) {
        connected(await());
      }
      if (restart > 0) {
        control.ask("REST", Long.toString(restart)).expect(REQUESTED_FILE_PENDING);
      }
      transfer.sendCommand();
      return session.protectingData() ? secured() : plain();
    } catch (FtpException | NotResumedException | RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private DataChannel plain() throws FtpException {
    transfer.readStart();
    KeyedSocket socket = await();
    try {
      return new DataChannel(socket, null);
    } catch (IOException e) {
      throw transfer.broken(e);
    }
  }

  private DataChannel secured() throws FtpException, NotResumedException {
    TlsUpgrade tls = Objects.requireNonNull(session.tls());
    boolean resumingOnly = session.resumption().wasSeen() && !transfer.mayGoUnresumed();
    // A server that has taken what was sent ahead finds the first message of the handshake waiting when it gets to it.
    boolean early =
        session.profile().holds(Fact.HANDSHAKE_FIRST) || transfer.isOneOfSeveral() || !control.hasReply(control.cut(PATIENCE));
    FutureTask<SSLSocket> handshake = new FutureTask<>(() -> handshake(tls, resumingOnly));
    if (early) {
      Thread.ofVirtual().name("ftp-handshake").start(handshake);
    }
    transfer.readStart();
    session.profile().learn(Fact.HANDSHAKE_FIRST, early && handshake.isDone());
    if (!early) {
      handshake.run();
    }
    SSLSocket socket = result(handshake, resumingOnly);
    boolean resumed = tls.resumed(socket);
    protection =
        new DataConnection.Protection(socket.getSession().getProtocol(), socket.getSession().getCipherSuite(), resumed);
    control.transcript().add("* data: " + protection.protocol() + (resumed ? ", resumed" : ", not resumed"));
    tell(protection);
    session.resumption().connected(resumed);
    if (!resumed && !session.profile().fails(Fact.TLS_REUSE_DEMANDED)) {
      hearComplaint();
    }
    try {
      return new DataChannel(Objects.requireNonNull(pending).await(LOOK), socket);
    } catch (IOException e) {
      throw transfer.broken(e);
    }
  }

  private void tell(DataConnection.Protection news) {
    control.tell(listener -> listener.dataProtected(news));
  }

  private SSLSocket handshake(TlsUpgrade tls, boolean resumingOnly) throws IOException {
    return tls.data(awaitRaw(), control.cut(session.config().timeouts().handshake()), resumingOnly);
  }

  private SSLSocket result(FutureTask<SSLSocket> handshake, boolean resumingOnly)
      throws FtpException, NotResumedException {
    try {
      return handshake.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw transfer.broken((IOException) new InterruptedIOException("interrupted").initCause(e));
    } catch (ExecutionException e) {
      throw handshakeFailed(Objects.requireNonNull(e.getCause()), resumingOnly);
    }
  }

  private FtpException handshakeFailed(Throwable cause, boolean resumingOnly) throws NotResumedException {
    IOException trouble = cause instanceof IOException io ? io : new IOException(cause);
    if (causedBy(cause, CertificateException.class)) {
      close();
      return control.fail(
          new FtpTlsException(
              command + ": the data connection's certificate is not to be trusted: " + cause.getMessage(),
              ErrorKind.TLS,
              control.transcript().lines(),
              cause));
    }
    FtpException error = transfer.broken(trouble);
    if (resumingOnly && error.kind() != ErrorKind.ABORTED && error.kind() != ErrorKind.TIMEOUT) {
      throw new NotResumedException(null);
    }
    if (error.kind() == ErrorKind.TRUNCATED && cause instanceof SSLException) {
      return transfer.failure(command + ": no TLS on the data connection: " + cause.getMessage(), ErrorKind.TLS, true, cause);
    }
    return error;
  }

  /** A server that demands resumption says so on the control connection soon after the handshake. */
  private void hearComplaint() throws FtpException, NotResumedException {
    if (!transfer.endedEarly(control.cut(COMPLAINT))) {
      return;
    }
    Reply reply = transfer.finalReply();
    if (reply == null || !reply.isError()) {
      return;
    }
    String hint = hint(Objects.requireNonNull(protection), reply);
    FtpException refusal = transfer.broken(new IOException("the TLS session was not resumed" + hint));
    if (COMPLAINTS.contains(reply.code()) && hint.isEmpty()) {
      throw new NotResumedException(refusal);
    }
    throw refusal;
  }

  /** What to do about a refusal that is about resuming with TLS 1.2; empty for any other. */
  static String hint(DataConnection.Protection protection, Reply reply) {
    boolean about = !protection.resumed() && COMPLAINTS.contains(reply.code());
    return about && protection.protocol().equals("TLSv1.2") ? NO_TLS12_REUSE : "";
  }

  /** The data connection's socket, while an eye is kept on what the server says on the control connection. */
  private KeyedSocket await() throws FtpException {
    try {
      return awaitRaw();
    } catch (SocketTimeoutException e) {
      if (transfer.finalReply() != null) {
        throw transfer.broken(e);
      }
      throw control.fail(
          new FtpTimeoutException(
              command + ": the server did not connect in time", ErrorKind.TIMEOUT, control.transcript().lines(), e));
    } catch (FtpException e) {
      throw e;
    } catch (IOException e) {
      throw transfer.broken(e);
    }
  }

  private KeyedSocket awaitRaw() throws IOException {
    PendingDataConnection data = Objects.requireNonNull(pending);
    if (closed) {
      throw new IOException("called off");
    }
    if (data.isPassive()) {
      return data.await(LOOK);
    }
    long deadline = System.nanoTime() + control.cut(session.config().timeouts().accept()).toNanos();
    while (true) {
      try {
        boolean isNew = !data.isUp();
        KeyedSocket socket = data.await(LOOK);
        if (isNew) {
          connected(socket);
        }
        return socket;
      } catch (SocketTimeoutException e) {
        if (transfer.isCommandAnswered() && transfer.endedEarly(Duration.ZERO) && transfer.endedInError()) {
          throw new IOException("the server gave up: " + transfer.finalReply(), e);
        }
        if (deadline - System.nanoTime() < 0) {
          throw e;
        }
      }
    }
  }

  private void connected(KeyedSocket socket) {
    PendingDataConnection data = pending;
    var connection =
        new DataConnection(command.toString(), data != null && data.isPassive(), socket.local(), socket.remote());
    control.tell(listener -> listener.dataConnected(connection));
  }

  private static boolean causedBy(Throwable trouble, Class<? extends Throwable> type) {
    for (Throwable t = trouble; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return true;
      }
    }
    return false;
  }

  DataConnection.@Nullable Protection protection() {
    return protection;
  }

  /** Closes what there is of the data connection; any thread may. */
  @Override
  public void close() {
    closed = true;
    PendingDataConnection data = pending;
    if (data != null) {
      data.close();
    }
  }
}
