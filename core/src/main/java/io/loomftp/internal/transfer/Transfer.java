package io.loomftp.internal.transfer;

import io.loomftp.DataConnection;
import io.loomftp.ErrorKind;
import io.loomftp.FtpException;
import io.loomftp.FtpInDoubtException;
import io.loomftp.FtpTimeoutException;
import io.loomftp.FtpTransferException;
import io.loomftp.RateLimit;
import io.loomftp.Reply;
import io.loomftp.TlsPolicy;
import io.loomftp.TransferResult;
import io.loomftp.internal.control.AbortResync;
import io.loomftp.internal.control.ControlConnection;
import io.loomftp.internal.control.Exchange;
import io.loomftp.internal.control.KeepAlive;
import io.loomftp.internal.control.Pipeline;
import io.loomftp.internal.control.PipelinedCommands;
import io.loomftp.internal.control.ReplyClassifier;
import io.loomftp.internal.control.ServerProfile.Fact;
import io.loomftp.internal.net.DataChannel;
import io.loomftp.internal.net.StallException;
import io.loomftp.internal.session.SessionCore;
import io.loomftp.internal.wire.Command;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One transfer, from its command to its final reply.
 *
 * <ol>
 *   <li>a data connection is agreed on ({@link DataConnector}), REST is sent where it is needed, then the command
 *   <li>the server says 1yz, and with TLS the handshake follows ({@link TransferSetup})
 *   <li>{@link #read} or {@link #write} move the data
 *   <li>the data ends, and the final reply is read: only both together are success
 * </ol>
 *
 * Whatever goes wrong, the control connection is in step afterwards or closed.
 */
public final class Transfer {
  private static final Logger LOG = LoggerFactory.getLogger(Transfer.class);

  /** How often a stalled transfer looks whether the server has said why. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private static final int ATTEMPTS_ANEW = 3;

  private static final Duration PEEK = Duration.ofMillis(100);

  private final SessionCore session;
  private final Command command;
  private final boolean upload;
  private final long restart;
  private final List<Command> behind;
  private final long start = System.nanoTime();

  /** Guards what an aborting thread and the session's own must agree on. */
  private final ReentrantLock lock = new ReentrantLock();

  private boolean commandSent;
  private boolean aborSent;
  private volatile boolean over;
  private boolean mayGoUnresumed;
  private volatile boolean abortRequested;
  private volatile @Nullable TransferSetup opening;
  private volatile @Nullable DataChannel channel;

  private ControlConnection control;
  private volatile @Nullable Reply preliminary;
  private int preliminaries;
  private volatile @Nullable Reply finalReply;
  private @Nullable KeepAlive keepAlive;
  private PipelinedCommands followers;
  private DataConnection.@Nullable Protection protection;
  private final Throttle pace = new Throttle();
  private @Nullable TransferResult result;
  /** Why it did not end well: told again to whoever asks again, so that no second read looks like a good end. */
  private @Nullable FtpTransferException failure;
  private long bytes;
  private long offered;

  public Transfer(SessionCore session, Command command, boolean upload, long restart, List<Command> behind) {
    this.session = session;
    this.command = command;
    this.upload = upload;
    this.restart = restart;
    this.behind = behind;
    this.control = session.control();
    this.followers = PipelinedCommands.none(control);
    session.config().rateLimit().ifPresent(pace::limit);
  }

  /** A limit of this transfer's own; those of the configuration hold as well. */
  public void limit(RateLimit limit) {
    pace.limit(limit);
  }

  /** How much of so many bytes should be read or written at a time, so that the rate is even. */
  public int portion(int length) {
    return pace.portion(length);
  }

  /** Waits until so many bytes more may be moved by the limits; not once the transfer was called off. */
  public void awaitTurn(int bytes) throws FtpException {
    try {
      pace.await(control.cut(pace.take(bytes)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw broken((IOException) new InterruptedIOException("interrupted").initCause(e));
    }
  }

  /** Reads data that has arrived within the limits; -1 when the transfer ended well. */
  public int readPaced(byte[] buffer, int offset, int length) throws FtpException {
    int n = read(buffer, offset, portion(length));
    if (n > 0) {
      awaitTurn(n);
    }
    return n;
  }

  /** Writes data within the limits. */
  public void writePaced(byte[] source, int offset, int length) throws FtpException {
    int at = offset;
    do {
      int step = portion(offset + length - at);
      awaitTurn(step);
      write(source, at, step); // also of nothing: that looks whether the server has ended the transfer
      at += step;
    } while (at < offset + length);
  }

  /** Sends the command and gets the data connection up. */
  public void open() throws FtpException {
    TransferSetup attempt;
    try {
      attempt = attempt();
    } catch (TransferSetup.NotResumedException e) {
      attempt = openAnew(e);
    }
    if (abortRequested) {
      throw broken(new IOException("called off"));
    }
    protection = attempt.protection();
    session.config().keepAlive().ifPresent(interval -> keepAlive = KeepAlive.start(control, interval));
  }

  private TransferSetup attempt() throws FtpException, TransferSetup.NotResumedException {
    TransferSetup attempt = new TransferSetup(session, this, command, restart);
    opening = attempt;
    channel = attempt.open();
    return attempt;
  }

  /** The TLS session could not be resumed: again over a new connection, at last without resuming. */
  private TransferSetup openAnew(TransferSetup.NotResumedException notResumed) throws FtpException {
    TransferSetup.NotResumedException reason = notResumed;
    for (int attempt = 1; attempt <= ATTEMPTS_ANEW; attempt++) {
      boolean anew = session.connectAnew();
      if (!anew && reason.refusal != null) {
        throw reason.refusal;
      }
      mayGoUnresumed = !anew || attempt == ATTEMPTS_ANEW;
      reset();
      try {
        return attempt();
      } catch (TransferSetup.NotResumedException e) {
        reason = e;
      }
    }
    throw reason.refusal != null
        ? reason.refusal
        : failure(command + ": no TLS session to resume", ErrorKind.TLS, true, reason);
  }

  private void reset() {
    lock.lock();
    try {
      over = false;
      session.again(this);
      control = session.control();
      followers = PipelinedCommands.none(control);
      commandSent = false;
      preliminary = null;
      finalReply = null;
    } finally {
      lock.unlock();
    }
  }

  /** Sends the command, unless the transfer was called off before. */
  void sendCommand() throws FtpException {
    lock.lock();
    try {
      if (abortRequested) {
        throw aborted();
      }
      followers = session.followers(behind);
      control.send(command, followers.commands());
      commandSent = true;
    } finally {
      lock.unlock();
    }
  }

  /** Reads the reply that starts the transfer, or ends it at once. */
  void readStart() throws FtpException {
    Reply reply = control.readReply(command, control.cut(session.config().timeouts().reply()));
    if (reply.isPreliminary()) {
      preliminary = reply;
    } else if (reply.isCompletion()) {
      finalReply = reply;
    } else {
      finalReply = reply;
      hearFollowers();
      throw abortRequested ? settled() : new Exchange(control, command, reply).refused();
    }
  }

  /** Looks, for at most so long, whether the server has ended the transfer already. */
  boolean endedEarly(Duration bound) throws FtpException {
    while (finalReply == null && control.hasReply(bound)) {
      readOne();
    }
    return finalReply != null;
  }

  /** Whether the data connection may go without resuming the TLS session: nothing else has helped. */
  boolean mayGoUnresumed() {
    return mayGoUnresumed;
  }

  /** Whether the server has answered the command. */
  boolean isCommandAnswered() {
    return preliminary != null || finalReply != null;
  }

  /** The reply to a command that was sent right behind; empty when it was not, or the reply got lost. */
  public Optional<Reply> answerTo(String verb) {
    return followers.answerTo(verb);
  }

  /** Whether the next transfer is prepared with this one, on a server that has taken that before. */
  boolean isOneOfSeveral() {
    return !followers.isEmpty() && session.pipeline().isProven();
  }

  boolean endedInError() {
    return failed();
  }

  @Nullable Reply finalReply() {
    return finalReply;
  }

  /** The final reply, waiting for it. */
  Reply awaitFinalReply(Duration bound) throws FtpException {
    Reply known = finalReply;
    while (known == null) {
      if (followers.isHolding() && !control.hasReply(control.cut(Pipeline.patience(session.config())))) {
        finalReply = followers.firstError();
      }
      known = finalReply == null ? readOne(bound) : finalReply;
    }
    return known;
  }

  private void readOne() throws FtpException {
    readOne(session.config().timeouts().reply());
  }

  /** Reads one reply and says whose it is; null when it was not the transfer's final one. */
  private @Nullable Reply readOne(Duration bound) throws FtpException {
    Reply reply = control.readReply(command, bound);
    KeepAlive pings = keepAlive;
    if (reply.isPreliminary()) {
      if (++preliminaries > ControlConnection.MAX_PRELIMINARY) {
        throw control.flooded(command);
      }
      if (preliminary == null) {
        preliminary = reply;
      }
      return null;
    }
    if (pings != null && pings.outstanding() > 0 && isOfNoop(reply)) {
      pings.answered();
      return null;
    }
    finalReply = followers.sort(reply, preliminary != null);
    return finalReply;
  }

  /** Reads what is owed for what was sent behind; trouble with that is no longer this transfer's. */
  private void hearFollowers() {
    if (followers.isEmpty()) {
      return;
    }
    PipelinedCommands sent = followers;
    try {
      sent.readAll(control.cut(Pipeline.patience(session.config())), control.cut(session.config().timeouts().reply()));
      session.hear(sent, command, finalReply);
    } catch (FtpException e) {
      LOG.debug("after {}: {}", command, e.getMessage());
    }
  }

  private static boolean isOfNoop(Reply reply) {
    return switch (reply.code()) {
      case 200, 202, 500, 501, 502, 503 -> true;
      default -> false;
    };
  }

  /** Reads data that has arrived; -1 when the transfer ended well. */
  public int read(byte[] buffer, int offset, int length) throws FtpException {
    return session.exclusively(() -> readAlone(buffer, offset, length));
  }

  private int readAlone(byte[] buffer, int offset, int length) throws FtpException {
    DataChannel data = data();
    if (data == null) {
      return -1;
    }
    checkTime();
    long deadline = System.nanoTime() + control.cut(session.config().timeouts().dataRead()).toNanos();
    while (true) {
      long left = deadline - System.nanoTime();
      try {
        int n = data.read(buffer, offset, length, Duration.ofNanos(Math.min(left, LOOK.toNanos())));
        if (n < 0) {
          complete();
          return -1;
        }
        bytes += n;
        return n;
      } catch (SocketTimeoutException e) {
        if (abortRequested || (endedEarly(Duration.ZERO) && failed())) {
          throw broken(e);
        }
        if (left <= LOOK.toNanos()) {
          throw timedOut("no data arrived", e);
        }
      } catch (FtpException e) {
        throw e;
      } catch (StallException e) {
        throw timedOut("no data arrived", e);
      } catch (IOException e) {
        throw broken(e);
      }
    }
  }

  /** Data that never cease leave no wait for the operation's bound to end. */
  private void checkTime() throws FtpException {
    if (control.isLate()) {
      throw timedOut("the operation did not end", new SocketTimeoutException("the bound of the operation is over"));
    }
  }

  /** Writes data. */
  public void write(byte[] source, int offset, int length) throws FtpException {
    session.exclusively(
        () -> {
          writeAlone(source, offset, length);
          return true;
        });
  }

  private void writeAlone(byte[] source, int offset, int length) throws FtpException {
    DataChannel data = data();
    if (data == null) {
      throw new IllegalStateException(command + " is over: nothing more can be written");
    }
    checkTime();
    try {
      if (endedEarly(Duration.ZERO) && failed()) {
        throw new IOException("the server ended the transfer");
      }
      offered += length;
      data.write(source, offset, length, control.cut(session.config().timeouts().dataWrite()));
      bytes += length;
    } catch (FtpException e) {
      throw e;
    } catch (StallException e) {
      throw timedOut("the server takes no data", e);
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private boolean failed() {
    Reply reply = finalReply;
    return reply != null && reply.isError();
  }

  /** The channel of a transfer that is not over; null when it is. */
  private @Nullable DataChannel data() throws FtpException {
    // In this order: a session closed by another thread is marked so before its transfer is over.
    boolean ended = over;
    control.checkOpen(command);
    if (ended) {
      FtpTransferException before = failure;
      if (result == null && before != null) {
        throw failure(before.getMessage() + " (told before)", before.kind(), before.certain(), before);
      }
      return null;
    }
    if (abortRequested) {
      throw broken(new IOException("called off"));
    }
    return channel;
  }

  /** Ends an upload well: everything was written. */
  public TransferResult finish() throws FtpException {
    return session.exclusively(
        () -> {
          DataChannel data = data();
          if (data != null) {
            complete();
          }
          return result();
        });
  }

  /** What came of it, if it ended well. */
  public Optional<TransferResult> succeeded() {
    return Optional.ofNullable(result);
  }

  /** What came of it, once it ended well. */
  public TransferResult result() {
    TransferResult known = result;
    if (known == null) {
      throw new IllegalStateException(command + " did not end well");
    }
    return known;
  }

  private void complete() throws FtpException {
    DataChannel data = channel;
    boolean truncated = false;
    if (data != null) {
      try {
        if (upload) {
          data.finishOutput(control.cut(session.config().timeouts().close()));
        }
      } catch (IOException e) {
        throw broken(e);
      }
      truncated = !upload && data.truncated() && demandsCloseNotify();
      data.close(control.cut(session.config().timeouts().close()));
    }
    Reply reply = awaitLastWord();
    stopKeepAlive();
    hearFollowers();
    if (finishUnlessAborting()) {
      throw settled();
    }
    Optional<ReplyClassifier> fault = ReplyClassifier.ofEnd(command.verb(), reply);
    if (fault.isPresent()) {
      String hint = protection == null ? "" : TransferSetup.hint(protection, reply);
      throw failure(command + " failed: " + reply + hint, fault.get().kind(), fault.get().certain(), null);
    }
    if (truncated) {
      throw failure(command + " was cut short: TLS was not ended properly", ErrorKind.TRUNCATED, true, null);
    }
    if (protection != null && !protection.resumed()) {
      session.profile().learn(Fact.TLS_REUSE_DEMANDED, false);
    }
    result =
        TransferResult.transferred(
            command.argument() == null ? "" : command.argument(),
            bytes,
            Duration.ofNanos(System.nanoTime() - start),
            reply,
            Optional.ofNullable(protection));
  }

  private boolean demandsCloseNotify() {
    return session.config().tls() instanceof TlsPolicy.Secured secured && secured.closeNotify();
  }

  /** All data is through: without the server's final reply nobody can say what became of it. */
  private Reply awaitLastWord() throws FtpException {
    try {
      return awaitFinalReply(session.config().timeouts().reply());
    } catch (FtpException e) {
      stopQuietly();
      if (e.kind() == ErrorKind.ABORTED) {
        throw e;
      }
      throw new FtpInDoubtException(
          command + ": all data was moved, but the final reply is missing: " + e.getMessage(),
          bytes,
          control.transcript().lines(),
          e);
    }
  }

  /** Marks the transfer as over; true when an ABOR got in between whose replies must be read first. */
  private boolean finishUnlessAborting() {
    lock.lock();
    try {
      over = !aborSent;
    } finally {
      lock.unlock();
    }
    if (over) {
      session.ended(this);
    }
    return !over;
  }

  private void stopKeepAlive() throws FtpException {
    KeepAlive pings = keepAlive;
    if (pings == null) {
      return;
    }
    pings.stop();
    keepAlive = null;
    if (pings.outstanding() > 0) {
      AbortResync.afterInterjections(control, pings.outstanding(), session.config().timeouts().close());
    }
  }

  private void stopQuietly() {
    KeepAlive pings = keepAlive;
    if (pings != null) {
      pings.stop();
    }
    closeData();
    markOver();
  }

  private FtpException timedOut(String what, IOException cause) {
    if (Thread.currentThread().isInterrupted()) {
      return broken(cause);
    }
    stopQuietly();
    return control.fail(
        new FtpTimeoutException(
            command + ": " + what + " in time, after " + bytes + " bytes",
            ErrorKind.TIMEOUT,
            control.transcript().lines(),
            cause));
  }

  /** The data connection failed or was closed on purpose: what the server says of it is read, and that is the error. */
  FtpException broken(IOException cause) {
    closeData();
    if (Thread.currentThread().isInterrupted() || !control.isOpen()) {
      stopQuietly();
      return control.lost(command, cause);
    }
    if (abortRequested) {
      return settled();
    }
    try {
      Reply reply = awaitFinalReply(session.config().timeouts().reply());
      stopKeepAlive();
      hearFollowers();
      if (finishUnlessAborting()) {
        return settled();
      }
      ReplyClassifier refusal = reply.isError() ? ReplyClassifier.of(command.verb(), reply) : new ReplyClassifier(ErrorKind.TRUNCATED, true);
      ErrorKind kind = refusal.kind() == ErrorKind.BUSY ? ErrorKind.TRUNCATED : refusal.kind();
      if (!followers.isEmpty()) {
        session.pipeline().suspect();
      }
      return failure(
          command + " broke off after " + bytes + " bytes: " + reply + " (" + cause.getMessage() + ")",
          kind,
          refusal.certain(),
          cause);
    } catch (FtpException e) {
      stopQuietly();
      e.addSuppressed(cause);
      return e;
    }
  }

  FtpTransferException failure(String message, ErrorKind kind, boolean certain, @Nullable Throwable cause) {
    var told = new FtpTransferException(message, finalReply, bytes, kind, certain, control.transcript().lines(), cause);
    if (failure == null) {
      failure = told;
    }
    return told;
  }

  /** Calls the transfer off; the thread that runs it gets an exception of the kind {@link ErrorKind#ABORTED}. Any thread may. */
  public void requestAbort() {
    lock.lock();
    try {
      if (over) {
        return;
      }
      abortRequested = true;
      if (commandSent) {
        sendAbor();
      }
    } finally {
      lock.unlock();
      closeData();
      pace.end();
    }
  }

  private void sendAbor() {
    if (aborSent || !control.isOpen()) {
      return;
    }
    try {
      control.interject(AbortResync.ABOR);
      aborSent = true;
    } catch (FtpException e) {
      // The connection is closed now and remembers why: whoever uses it next is told.
      aborSent = false;
    }
  }

  /** Calls the transfer off from its own thread, quietly: the session can be used afterwards, or is closed. */
  public void callOff() throws FtpException {
    session.exclusively(
        () -> {
          DataChannel data = channel;
          if (!over && data != null) {
            data.takeTickets();
          }
          if (!over) {
            requestAbort();
            settle();
          }
          return true;
        });
  }

  /** Ends a download that the caller wants no more of: quietly, since an unread end is no error. */
  public void closeEarly() throws FtpException {
    session.exclusively(
        () -> {
          DataChannel data = channel;
          if (over || data == null || !control.isOpen()) {
            return true;
          }
          if (abortRequested || !isAtEnd(data)) {
            requestAbort();
            settle();
          } else {
            complete();
          }
          return true;
        });
  }

  private static boolean isAtEnd(DataChannel data) {
    try {
      return data.read(new byte[1], 0, 1, PEEK) < 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** The exception for a transfer that was called off, after the control connection is in step again. */
  private FtpException settled() {
    try {
      settle();
      return aborted();
    } catch (FtpException e) {
      return e;
    }
  }

  private void settle() throws FtpException {
    closeData();
    KeepAlive pings = keepAlive;
    int outstanding = commandSent ? followers.owed() : 0;
    followers = PipelinedCommands.none(control);
    if (pings != null) {
      pings.stop();
      outstanding += pings.outstanding();
      keepAlive = null;
    }
    boolean owed;
    lock.lock();
    try {
      if (commandSent && finalReply == null) {
        sendAbor();
      }
      owed = aborSent;
    } finally {
      lock.unlock();
    }
    try {
      control.checkOpen(command);
      if (owed) {
        AbortResync.afterAbort(control, finalReply != null, outstanding, session.config().timeouts().close());
      } else if (outstanding > 0) {
        AbortResync.afterInterjections(control, outstanding, session.config().timeouts().close());
      }
    } finally {
      markOver();
    }
  }

  private FtpTransferException aborted() {
    return failure(command + " was called off after " + bytes + " bytes", ErrorKind.ABORTED, true, null);
  }

  private void markOver() {
    lock.lock();
    try {
      over = true;
    } finally {
      lock.unlock();
    }
    session.ended(this);
  }

  /** The session is being closed. */
  public void terminate() {
    pace.end();
    closeData();
    stopQuietly();
  }

  private void closeData() {
    TransferSetup pending = opening;
    if (pending != null) {
      pending.close();
    }
    DataChannel data = channel;
    if (data != null) {
      data.closeAbruptly();
    }
  }

  /** The preliminary reply, where there was one. */
  public Optional<Reply> preliminary() {
    return Optional.ofNullable(preliminary);
  }

  /** How TLS protects the data; empty when it does not. */
  public Optional<DataConnection.Protection> protection() {
    return Optional.ofNullable(protection);
  }

  /** Bytes moved so far. */
  public long bytes() {
    return bytes;
  }

  /** Bytes of an upload that may have left this side: those of a write that failed count too. */
  public long offered() {
    return offered;
  }

  /** Whether nothing more will happen. */
  public boolean isOver() {
    return over;
  }

  /** The command, as it is shown to people. */
  @Override
  public String toString() {
    return command.toString();
  }
}
