package io.loomftp.internal.transfer;

import io.loomftp.DataConnection;
import io.loomftp.ErrorKind;
import io.loomftp.FtpException;
import io.loomftp.FtpTransferException;
import io.loomftp.RateLimit;
import io.loomftp.Reply;
import io.loomftp.TransferResult;
import io.loomftp.internal.control.ControlConnection;
import io.loomftp.internal.control.ExclusiveUse;
import io.loomftp.internal.control.ReplyClassifier;
import io.loomftp.internal.control.ServerProfile.Fact;
import io.loomftp.internal.net.DataChannel;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One transfer, from its command to its final reply, through the states of {@link TransferState}.
 *
 * <ol>
 *   <li>PREPARING: a data connection is negotiated ({@link DataConnector}), REST is sent where it is needed
 *   <li>STARTING: the command is sent, the server replies 1yz; SECURING: with TLS the handshake follows ({@link TransferSetup})
 *   <li>MOVING: {@link #read} or {@link #write} move the data ({@link DataMover})
 *   <li>ENDING: the data ends, and the final reply is read: only both together are success
 *   <li>OVER: also after an error ({@link TransferErrors}) or an abort ({@link TransferAbort})
 * </ol>
 *
 * After any failure the control connection is in step, or reported to be out of step, or closed. Used by the session's
 * thread; any thread may {@link #requestAbort} and {@link #terminate}.
 */
public final class Transfer {
  private final TransferContext context;
  private final TransferRequest request;
  private final ControlConnection control;
  private final TransferReplies replies;
  private final DataLine line = new DataLine();
  private final TransferAbort abort;
  private final TransferErrors errors;
  private final DataWait wait;
  private final DataMover mover;
  private final TransferObserver observer;
  private final Throttle throttle = new Throttle();
  private final long start = System.nanoTime();

  private DataConnection.@Nullable Protection protection;
  private @Nullable TransferResult result;

  private Transfer(TransferContext context, TransferRequest request) {
    this.context = context;
    this.request = request;
    this.control = context.control();
    this.observer = new TransferObserver(control, request, line);
    this.replies = new TransferReplies(context, request);
    this.abort = new TransferAbort(context, request, replies, line);
    this.errors = new TransferErrors(context, request, replies, line, abort);
    this.wait = new DataWait(context, request, replies, abort);
    this.mover = new DataMover(context, replies, line, wait, errors);
    context.config().rateLimit().ifPresent(throttle::limit);
  }

  /** Builds a transfer; nothing is sent before {@link #open}. */
  public static Transfer of(TransferContext context, TransferRequest request) {
    return new Transfer(context, request);
  }

  // PREPARING, STARTING, SECURING

  /** Establishes the data connection and sends the command. */
  public void open() throws FtpException, NotResumedException {
    try {
      establish();
      observer.opened();
    } catch (Throwable e) {
      observer.failed(e);
      throw e;
    }
  }

  private void establish() throws FtpException, NotResumedException {
    TransferSetup setup = new TransferSetup(context, request, replies, line, abort, errors, wait);
    try {
      setup.open();
    } catch (Throwable e) {
      errors.stop();
      throw e;
    }
    protection = setup.protection();
    if (abort.isRequested()) {
      throw errors.settled();
    }
    replies.startKeepAlive();
    abort.enter(TransferState.MOVING);
  }

  // MOVING

  /** Reads data that has arrived; -1 when the transfer succeeded. */
  public int read(byte[] buffer, int offset, int length) throws FtpException {
    return run(
        () -> {
          DataChannel data = data();
          int n = data == null ? -1 : mover.read(data, buffer, offset, length);
          if (n < 0 && data != null) {
            complete(data);
          } else if (n > 0) {
            observer.moved();
          }
          return n;
        });
  }

  /** At least how many bytes {@link #readPaced} returns at once; 0 when it may wait. */
  public int available() {
    DataChannel data = line.channel();
    try {
      return data == null || throttle.limits() || abort.isOver() ? 0 : data.available();
    } catch (IOException e) {
      return 0; // the next read tells
    }
  }

  /** Writes a block of data. */
  public void write(byte[] source, int offset, int length) throws FtpException {
    run(
        () -> {
          DataChannel data = data();
          if (data == null) {
            throw new IllegalStateException(request + " is over: nothing more can be written");
          }
          mover.write(data, source, offset, length);
          if (length > 0) {
            observer.moved();
          }
          return true;
        });
  }

  /** Runs exclusively. */
  private <T> T run(ExclusiveUse.Work<T, FtpException> work) throws FtpException {
    try {
      T done = context.use().run(work);
      if (observer.isOn() && abort.isOver()) {
        if (result == null) {
          observer.aborted();
        } else {
          observer.succeeded();
        }
      }
      return done;
    } catch (Throwable e) {
      if (observer.isOn() && abort.isOver()) {
        observer.failed(e);
      }
      throw e;
    }
  }

  /** The channel of a transfer that is not over; null when it succeeded. */
  private @Nullable DataChannel data() throws FtpException {
    // In this order: a session closed by another thread is marked so before its transfer is over.
    boolean ended = abort.isOver();
    if (!ended || result == null) {
      FtpTransferException before = errors.again();
      if (before != null) {
        throw before;
      }
      control.checkOpen(request);
    }
    if (ended) {
      return null;
    }
    if (abort.isRequested()) {
      throw errors.settled();
    }
    return line.channel();
  }

  /** Adds a rate limit for this transfer; those of the configuration apply as well. */
  public void limit(RateLimit limit) {
    throttle.limit(limit);
  }

  /** The number of bytes to move at a time, out of this many, for an even rate. */
  public int portion(int length) {
    return throttle.portion(length);
  }

  /** Waits until the rate limits permit this many bytes more; returns at once when the transfer was aborted. */
  public void awaitTurn(int bytes) throws FtpException {
    Duration time = throttle.take(bytes);
    try {
      if (!time.isZero() && abort.await(control.cut(time))) {
        throttle.lift();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw errors.broken((IOException) new InterruptedIOException("interrupted").initCause(e));
    }
  }

  /** Reads data that has arrived, within the rate limits; -1 when the transfer succeeded. */
  public int readPaced(byte[] buffer, int offset, int length) throws FtpException {
    int n = read(buffer, offset, portion(length));
    if (n > 0) {
      awaitTurn(n);
    }
    return n;
  }

  /** Writes data within the rate limits. */
  public void writePaced(byte[] source, int offset, int length) throws FtpException {
    int at = offset;
    do {
      int step = portion(offset + length - at);
      awaitTurn(step);
      write(source, at, step); // also of nothing: that checks whether the server has ended the transfer
      at += step;
    } while (at < offset + length);
  }

  // ENDING

  /** Completes an upload after everything was written. */
  public TransferResult finish() throws FtpException {
    return run(
        () -> {
          DataChannel data = data();
          if (data != null) {
            complete(data);
          }
          return result();
        });
  }

  private void complete(DataChannel data) throws FtpException {
    abort.enter(TransferState.ENDING);
    boolean truncated = mover.end(data, request.upload());
    Reply reply;
    boolean inStep;
    try {
      reply = replies.awaitFinal(context.config().timeouts().reply());
      inStep = replies.settleOthers();
    } catch (FtpException e) {
      throw errors.inDoubt(e);
    }
    if (!abort.endUnlessAborting(inStep)) {
      throw errors.settled();
    }
    Optional<ReplyClassifier> fault = ReplyClassifier.ofEnd(request.command().verb(), reply);
    if (fault.isPresent()) {
      throw refused(reply, fault.get());
    }
    if (truncated) {
      throw errors.failure(request + " was truncated: the TLS connection ended without close_notify", ErrorKind.TRUNCATED, true,
          null);
    }
    if (protection != null && !protection.resumed()) {
      context.profile().learn(Fact.TLS_REUSE_DEMANDED, false);
    }
    result =
        TransferResult.transferred(
            request.command().argument() == null ? "" : request.command().argument(),
            line.bytes(),
            Duration.ofNanos(System.nanoTime() - start),
            reply,
            Optional.ofNullable(protection));
  }

  private FtpTransferException refused(Reply reply, ReplyClassifier refusal) {
    if (refusal.kind() == ErrorKind.CONNECT) {
      context.pipeline().transferFailed(replies.followers(), request.command(), line.bytes());
    }
    String hint = protection == null ? "" : TransferSetup.hint(protection, reply);
    return errors.failure(request + " failed: " + reply + hint, refusal.kind(), refusal.certain(), null);
  }

  // OVER, and how a transfer gets there early

  /**
   * Aborts the transfer; the thread that runs it gets an exception of the kind {@link ErrorKind#ABORTED}. Called by any
   * thread.
   */
  public void requestAbort() {
    abort.request();
  }

  /** Aborts the transfer from its own thread without an exception: afterwards the session is usable or closed. */
  public void abortQuietly() throws FtpException {
    run(
        () -> {
          if (!abort.isOver()) {
            settleQuietly();
          }
          return true;
        });
  }

  /** Ends a download early, without an exception, since an unread end is no error. */
  public void closeEarly() throws FtpException {
    run(
        () -> {
          DataChannel data = line.channel();
          if (abort.isOver() || data == null || !control.isOpen()) {
            return true;
          }
          if (abort.isRequested() || !DataMover.isAtEnd(data)) {
            settleQuietly();
          } else {
            complete(data);
          }
          return true;
        });
  }

  private void settleQuietly() throws FtpException {
    abort.settle();
    errors.aborted();
  }

  /** Ends every wait at once and sends nothing, since the session is being closed. Called by any thread. */
  public void terminate() {
    abort.request();
    line.close();
    errors.stop();
    if (context.use().isFree()) {
      observer.failed(ErrorKind.CLOSED);
    }
  }

  /** The result, if the transfer succeeded. */
  public Optional<TransferResult> succeeded() {
    return Optional.ofNullable(result);
  }

  /** The result of a transfer that succeeded. */
  public TransferResult result() {
    TransferResult known = result;
    if (known == null) {
      throw new IllegalStateException(request + " did not succeed");
    }
    return known;
  }

  /** The reply to a command that was sent behind this one; empty when it was not sent, or its reply was lost. */
  public Optional<Reply> answerTo(String verb) {
    return replies.followers().answerTo(verb);
  }

  /** The preliminary reply, where there was one. */
  public Optional<Reply> preliminary() {
    return replies.preliminary();
  }

  /** How TLS protects the data; empty when it does not. */
  public Optional<DataConnection.Protection> protection() {
    return Optional.ofNullable(protection);
  }

  /** Bytes moved so far. */
  public long bytes() {
    return line.bytes();
  }

  /** Bytes of an upload that may have been sent, including those of a failed write. */
  public long offered() {
    return line.offered();
  }

  /** Whether the transfer was aborted and did not succeed. */
  public boolean isAborted() {
    return abort.isRequested() && result == null;
  }

  /** Whether the transfer is over. */
  public boolean isOver() {
    return abort.isOver();
  }

  /** The command for display. */
  @Override
  public String toString() {
    return request.toString();
  }
}
