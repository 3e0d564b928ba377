package io.loomftp.internal.transfer;

import static io.loomftp.ReplyCode.REQUESTED_FILE_PENDING;

import io.loomftp.DataConnection;
import io.loomftp.ErrorKind;
import io.loomftp.FtpException;
import io.loomftp.FtpMeasurement.Channel;
import io.loomftp.FtpTimeoutException;
import io.loomftp.FtpTlsException;
import io.loomftp.Reply;
import io.loomftp.internal.control.ControlConnection;
import io.loomftp.internal.control.ServerProfile.Fact;
import io.loomftp.internal.net.DataChannel;
import io.loomftp.internal.net.KeyedSocket;
import io.loomftp.internal.net.TlsUpgrade;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** Starts a transfer: the data connection, the command, the first reply and the TLS handshake, in the server's order. */
final class TransferSetup {
  /** The wait for a reply to the command before the TLS handshake is begun without one. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** The wait for a complaint that the TLS session was not resumed, before data is sent. */
  private static final Duration COMPLAINT = Duration.ofMillis(300);

  /** The codes that servers send for a data connection whose TLS session was not resumed. */
  private static final Set<Integer> COMPLAINTS = Set.of(425, 426, 450, 451, 521, 522, 534);

  private static final String NO_TLS12_REUSE =
      "; the server may demand that the TLS session of the control connection be resumed, which JSSE cannot do with TLS 1.2"
          + " when the session ticket claims to live longer than a week (vsftpd): allow TLS 1.3, or start the JVM with"
          + " -Djdk.tls.client.enableSessionTicketExtension=false";

  private final TransferContext context;
  private final TransferRequest request;
  private final ControlConnection control;
  private final TransferReplies replies;
  private final DataLine line;
  private final TransferAbort abort;
  private final TransferErrors errors;
  private final DataWait wait;
  private DataConnection.@Nullable Protection protection;

  TransferSetup(
      TransferContext context,
      TransferRequest request,
      TransferReplies replies,
      DataLine line,
      TransferAbort abort,
      TransferErrors errors,
      DataWait wait) {
    this.context = context;
    this.request = request;
    this.control = context.control();
    this.replies = replies;
    this.line = line;
    this.abort = abort;
    this.errors = errors;
    this.wait = wait;
  }

  /** Establishes the data connection and sends the command; the line is open afterwards. */
  void open() throws FtpException, NotResumedException {
    errors.checkCancelled();
    PendingDataConnection data = new DataConnector(context, request, wait, errors).prepare();
    line.begun(data);
    if (data.isPassive()) {
      connected(await());
    }
    if (request.restart() > 0) {
      errors.checkCancelled();
      control.ask("REST", Long.toString(request.restart())).expect(REQUESTED_FILE_PENDING);
    }
    if (!abort.sendCommand()) {
      clearOffset();
      throw errors.aborted();
    }
    line.opened(context.protectsData() ? secured() : plain());
  }

  /** The command behind REST was not sent: the server holds the offset and would apply it to the next transfer. */
  private void clearOffset() throws FtpException {
    if (request.restart() > 0 && control.ask("REST", "0").reply().isError()) {
      abort.endUnlessAborting(false);
    }
  }

  /** Reads the reply that starts the transfer, or ends it at once. */
  private void start() throws FtpException {
    Reply reply = replies.readStart(awaitReply());
    if (reply.isPreliminary()) {
      replies.sendFollowers();
    } else if (!reply.isCompletion()) {
      FtpException refused = control.exchange(request.command(), reply).refused();
      if (abort.isRequested() || !abort.endUnlessAborting(replies.settleOthers())) {
        throw errors.settled();
      }
      if (refused.kind() == ErrorKind.CONNECT) {
        context.pipeline().transferFailed(replies.followers(), request.command(), line.bytes());
      }
      throw refused;
    }
  }

  /** Waits for the reply where an abort waits for it, too; returns the time that is left. */
  private Duration awaitReply() throws FtpException {
    long deadline = System.nanoTime() + control.cut(context.config().timeouts().reply()).toNanos();
    long calledOff = 0;
    while (abort.awaitsStart() && deadline - System.nanoTime() > 0 && !control.hasReply(DataWait.SLICE)) {
      calledOff = calledOff == 0 && abort.isRequested() ? System.nanoTime() : calledOff;
      if (calledOff != 0 && System.nanoTime() - calledOff > PATIENCE.toNanos()) {
        throw errors.settled();
      }
    }
    return Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
  }

  private DataChannel plain() throws FtpException {
    start();
    KeyedSocket socket = await();
    try {
      return new DataChannel(socket, null);
    } catch (IOException e) {
      throw errors.broken(e);
    }
  }

  private DataChannel secured() throws FtpException, NotResumedException {
    TlsUpgrade tls = Objects.requireNonNull(context.tls());
    boolean resumingOnly = context.resumption().wasSeen() && !context.mayGoUnresumed();
    // On a server that supports commands sent ahead, the first handshake message is waiting when it accepts.
    boolean early =
        context.profile().holds(Fact.HANDSHAKE_FIRST)
            || context.pipeline().isProven(request.command())
            || !control.hasReply(control.cut(PATIENCE));
    FutureTask<SSLSocket> handshake = new FutureTask<>(() -> handshake(tls, resumingOnly));
    if (early) {
      begin(handshake);
    }
    start();
    context.profile().learn(Fact.HANDSHAKE_FIRST, early && handshake.isDone());
    if (!early) {
      begin(handshake);
    }
    SSLSocket socket = result(handshake, resumingOnly);
    boolean resumed = tls.resumed(socket);
    protection =
        new DataConnection.Protection(socket.getSession().getProtocol(), socket.getSession().getCipherSuite(), resumed);
    control.transcript().add("* data: " + protection.protocol() + (resumed ? ", resumed" : ", not resumed"));
    notifyListener(protection);
    context.resumption().connected(resumed);
    if (!resumed && !context.profile().fails(Fact.TLS_REUSE_DEMANDED)) {
      awaitComplaint();
    }
    try {
      return new DataChannel(Objects.requireNonNull(line.pending()).await(DataWait.SLICE), socket);
    } catch (IOException e) {
      throw errors.broken(e);
    }
  }

  private void notifyListener(DataConnection.Protection news) {
    control.notifyListener(listener -> listener.dataProtected(news));
  }

  private void begin(FutureTask<SSLSocket> handshake) {
    abort.enter(TransferState.SECURING);
    Thread.ofVirtual().name("ftp-handshake").start(handshake);
  }

  private SSLSocket handshake(TlsUpgrade tls, boolean resumingOnly) throws IOException {
    KeyedSocket raw = awaitRaw(() -> {});
    return control.observer()
        .handshake(
            Channel.DATA,
            () -> tls.data(raw, control.cut(context.config().timeouts().handshake()), resumingOnly),
            tls::resumed);
  }

  /** The socket once the handshake is complete; an abort waits for that, within a bound. */
  private SSLSocket result(FutureTask<SSLSocket> handshake, boolean resumingOnly)
      throws FtpException, NotResumedException {
    long closeNanos = context.config().timeouts().close().toNanos();
    long calledOff = 0;
    while (true) {
      try {
        return handshake.get(DataWait.SLICE.toNanos(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        calledOff = calledOff == 0 && abort.isRequested() ? System.nanoTime() : calledOff;
        if (calledOff != 0 && System.nanoTime() - calledOff > closeNanos) {
          throw errors.broken(new IOException("aborted", e));
        }
        checkServer(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw errors.broken((IOException) new InterruptedIOException("interrupted").initCause(e));
      } catch (ExecutionException e) {
        throw handshakeFailed(Objects.requireNonNull(e.getCause()), resumingOnly);
      }
    }
  }

  private void checkServer(Exception timeout) throws FtpException {
    try {
      wait.checkServer();
    } catch (FtpException e) {
      throw e;
    } catch (IOException e) {
      e.addSuppressed(timeout);
      throw errors.broken(e);
    }
  }

  private FtpException handshakeFailed(Throwable cause, boolean resumingOnly) throws NotResumedException {
    IOException trouble = cause instanceof IOException io ? io : new IOException(cause);
    if (causedBy(cause, CertificateException.class)) {
      line.close();
      return control.fail(
          new FtpTlsException(
              request + ": the certificate of the data connection is not trusted: " + cause.getMessage(),
              ErrorKind.TLS,
              control.transcript().lines(),
              cause));
    }
    FtpException error = errors.broken(trouble);
    if (resumingOnly && error.kind() != ErrorKind.ABORTED && error.kind() != ErrorKind.TIMEOUT) {
      throw new NotResumedException(null);
    }
    if (error.kind() == ErrorKind.TRUNCATED && cause instanceof SSLException) {
      return errors.failure(request + ": no TLS on the data connection: " + cause.getMessage(), ErrorKind.TLS, true, cause);
    }
    return error;
  }

  /** Waits for a server that demands resumption to complain on the control connection after the handshake. */
  private void awaitComplaint() throws FtpException, NotResumedException {
    if (!replies.endedEarly(control.cut(COMPLAINT))) {
      return;
    }
    Reply reply = replies.finalReply();
    if (reply == null || !reply.isError()) {
      return;
    }
    String hint = hint(Objects.requireNonNull(protection), reply);
    FtpException refusal = errors.broken(new IOException("the TLS session was not resumed" + hint));
    if (COMPLAINTS.contains(reply.code()) && hint.isEmpty()) {
      throw new NotResumedException(refusal);
    }
    throw refusal;
  }

  /** The advice for a refusal that concerns resumption with TLS 1.2; empty for any other. */
  static String hint(DataConnection.Protection protection, Reply reply) {
    boolean about = !protection.resumed() && COMPLAINTS.contains(reply.code());
    return about && protection.protocol().equals("TLSv1.2") ? NO_TLS12_REUSE : "";
  }

  /** Waits for the data connection's socket while the control connection is watched. */
  private KeyedSocket await() throws FtpException {
    try {
      return awaitRaw(wait::check);
    } catch (SocketTimeoutException e) {
      if (replies.finalReply() != null) {
        throw errors.broken(e);
      }
      throw control.fail(
          new FtpTimeoutException(
              request + ": the server did not connect in time", ErrorKind.TIMEOUT, control.transcript().lines(), e));
    } catch (FtpException e) {
      throw e;
    } catch (IOException e) {
      throw errors.broken(e);
    }
  }

  /** Runs between two slices of a wait. */
  private interface Look {
    void run() throws IOException;
  }

  private KeyedSocket awaitRaw(Look look) throws IOException {
    PendingDataConnection data = Objects.requireNonNull(line.pending());
    if (line.isClosed()) {
      throw new IOException("aborted");
    }
    if (data.isPassive()) {
      return data.await(DataWait.SLICE);
    }
    long deadline = System.nanoTime() + control.cut(context.config().timeouts().accept()).toNanos();
    while (true) {
      try {
        boolean isNew = !data.isUp();
        KeyedSocket socket = data.await(DataWait.SLICE);
        if (isNew) {
          connected(socket);
        }
        return socket;
      } catch (SocketTimeoutException e) {
        look.run();
        if (deadline - System.nanoTime() < 0) {
          throw e;
        }
      }
    }
  }

  private void connected(KeyedSocket socket) {
    PendingDataConnection data = line.pending();
    var connection =
        new DataConnection(request.toString(), data != null && data.isPassive(), socket.local(), socket.remote());
    control.notifyListener(listener -> listener.dataConnected(connection));
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
}
