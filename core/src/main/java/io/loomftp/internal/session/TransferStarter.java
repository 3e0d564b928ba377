package io.loomftp.internal.session;

import io.loomftp.DataMode;
import io.loomftp.ErrorKind;
import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.FtpTransferException;
import io.loomftp.Reply;
import io.loomftp.TransferType;
import io.loomftp.internal.control.ControlConnection;
import io.loomftp.internal.control.ExclusiveUse;
import io.loomftp.internal.control.OperationBounds;
import io.loomftp.internal.control.Pipeline;
import io.loomftp.internal.control.ServerProfile.Fact;
import io.loomftp.internal.control.SessionState;
import io.loomftp.internal.control.SharedProfile;
import io.loomftp.internal.transfer.NotResumedException;
import io.loomftp.internal.transfer.PassiveDialer;
import io.loomftp.internal.transfer.Transfer;
import io.loomftp.internal.transfer.TransferContext;
import io.loomftp.internal.transfer.TransferRequest;
import io.loomftp.internal.wire.Command;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts transfers: sets the TYPE, tests whether commands can be sent ahead, and starts again where that helps. */
final class TransferStarter {
  private static final Logger LOG = LoggerFactory.getLogger(TransferStarter.class);

  /** The number of restarts of a transfer whose TLS session could not be resumed. */
  private static final int ATTEMPTS_ANEW = 3;

  private final SessionConnection connection;
  private final SessionState state;
  private final SharedProfile profile;
  private final Pipeline pipeline;
  private final ExclusiveUse use;
  private final OperationBounds bounds;
  private final Runnable onEnd;

  private volatile @Nullable Transfer open;
  private volatile boolean starting;
  private boolean brokenOffAtOpening;

  /**
   * The starter of one session.
   *
   * @param onEnd called when a started transfer has ended
   */
  TransferStarter(
      SessionConnection connection,
      SessionState state,
      SharedProfile profile,
      Pipeline pipeline,
      ExclusiveUse use,
      OperationBounds bounds,
      Runnable onEnd) {
    this.connection = connection;
    this.state = state;
    this.profile = profile;
    this.pipeline = pipeline;
    this.use = use;
    this.bounds = bounds;
    this.onEnd = onEnd;
  }

  /** The transfer that is open or being started; null when there is none. Called by any thread. */
  @Nullable
  Transfer open() {
    return open;
  }

  /** Whether the last verb was a transfer that was aborted while it was being opened, after the server had begun it. */
  boolean isBrokenOffAtOpening() {
    return brokenOffAtOpening;
  }

  /** Forgets how an earlier verb ended, since the next may end before it starts a transfer. */
  void verbBegins() {
    brokenOffAtOpening = false;
  }

  /**
   * Starts a transfer; its data can be moved afterwards.
   *
   * @param isPartOfOperation whether it moves a whole file, so that others may follow
   */
  Transfer start(TransferRequest request, TransferType type, boolean isPartOfOperation) throws FtpException {
    if (isPartOfOperation) {
      prepare(type);
    }
    checkCancelled(request.toString());
    setType(type);
    checkCancelled(request.toString());
    if (isPartOfOperation) {
      connectEarly();
    }
    starting = true;
    try {
      return start(request);
    } catch (Throwable e) {
      // Servers do not agree on whether a REST still holds when the command behind it was refused.
      if (request.restart() > 0) {
        state.stateUnknown();
      }
      open = null;
      throw e;
    } finally {
      starting = false;
    }
  }

  private Transfer start(TransferRequest request) throws FtpException {
    boolean mayGoUnresumed = false;
    for (int attempt = 1;; attempt++) {
      Transfer transfer = Transfer.of(context(mayGoUnresumed), request);
      open = transfer;
      try {
        transfer.open();
        return transfer;
      } catch (NotResumedException e) {
        if (attempt > ATTEMPTS_ANEW) {
          throw e.refusal().orElseGet(() -> noTickets(request, e));
        }
        boolean anew = connection.reconnectForTickets();
        if (!anew && e.refusal().isPresent()) {
          throw e.refusal().get();
        }
        mayGoUnresumed = !anew || attempt == ATTEMPTS_ANEW;
        String what = connection.control().masked(request.toString());
        connection.control().observer().retried(what, attempt + 1, Duration.ZERO, ErrorKind.TLS);
      } catch (FtpException e) {
        brokenOffAtOpening = transfer.isAborted() && transfer.preliminary().isPresent();
        throw e;
      }
    }
  }

  private TransferContext context(boolean mayGoUnresumed) {
    return new TransferContext(
        connection.control(),
        connection.config(),
        connection.features(),
        connection.tls(),
        pipeline,
        profile,
        connection.resumption(),
        mayGoUnresumed,
        use,
        bounds.cancellation(),
        this::ended);
  }

  private void ended(boolean inStep) {
    open = null;
    if (!inStep) {
      connection.outOfStep();
    }
    if (!starting) {
      onEnd.run();
    }
  }

  /** Throws when the operation was cancelled. */
  void checkCancelled(String before) throws FtpException {
    if (bounds.isCancelled()) {
      throw new FtpTransferException(
          "aborted before " + before, null, 0, ErrorKind.ABORTED, true, connection.transcript().lines(), null);
    }
  }

  /** Throws when the operation was cancelled, its thread was interrupted, or its time is used up. */
  void checkGoesOn(String before) throws FtpException {
    checkCancelled(before);
    boolean interrupted = Thread.currentThread().isInterrupted();
    if (interrupted || bounds.isOver()) {
      throw new FtpTransferException(
          interrupted ? "interrupted before " + before : "the operation exceeded its timeout before " + before,
          null, 0, interrupted ? ErrorKind.ABORTED : ErrorKind.TIMEOUT, true, connection.transcript().lines(), null);
    }
  }

  private FtpException noTickets(TransferRequest request, NotResumedException cause) {
    return new FtpTransferException(
        request + ": no TLS session to resume", null, 0, ErrorKind.TLS, true, connection.transcript().lines(), cause);
  }

  /** Prepares to send commands ahead where that is useful: the first time on a server it is tested with harmless commands. */
  private void prepare(TransferType type) throws FtpException {
    if (!pipeline.isAllowed(connection.config(), connection.features()) || pipeline.isProven()) {
      return;
    }
    if (type != TransferType.MANUAL && !pipeline.hasPort(connection.control())) {
      tryTwoAtOnce(type);
    }
  }

  /**
   * Sends TYPE and EPSV in one flight. RFC 959 does not promise that servers read them as two commands; one that does not is
   * detected within a short bound and reconnected to, since its pending replies are unknown.
   */
  private void tryTwoAtOnce(TransferType type) throws FtpException {
    ControlConnection control = connection.control();
    Command typeCommand = SessionState.typeCommand(type);
    Command passiveCommand = pipeline.passiveCommand(connection.config());
    long deadline = System.nanoTime() + Pipeline.PATIENCE.toNanos();
    state.forgetType();
    try {
      control.send(typeCommand, List.of(passiveCommand));
      Optional<Reply> first = read(control, typeCommand, deadline);
      Optional<Reply> second = first.isPresent() ? read(control, passiveCommand, deadline) : Optional.empty();
      if (second.isPresent()) {
        boolean taken = first.get().isCompletion();
        profile.learn(Fact.TWO_AT_ONCE, taken);
        if (taken) {
          state.typeSet(type);
          pipeline.keep(control, second.get(), Fact.TWO_AT_ONCE);
        }
        return;
      }
    } catch (FtpException e) {
      if (e.kind() == ErrorKind.ABORTED || control.bounds().isOver()) {
        throw e;
      }
      LOG.debug("the connection was lost over two commands at once: {}", e.getMessage());
    }
    pipeline.disprove(Fact.TWO_AT_ONCE, "no reply to each of two commands in time");
    connection.transcript().add("* the server does not support two commands at once");
    connection.reconnect();
  }

  private static Optional<Reply> read(ControlConnection control, Command command, long deadline) throws FtpException {
    Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    return control.hasReply(left) ? Optional.of(control.readFinal(command, Pipeline.PATIENCE)) : Optional.empty();
  }

  /** Sets the representation type unless it is in force already. */
  void setType(TransferType type) throws FtpException {
    if (type != TransferType.MANUAL && state.type().filter(type::equals).isEmpty()) {
      state.setType(connection.control(), type);
    }
  }

  /** Connects to the prepared port while other commands are sent. */
  void connectEarly() {
    FtpConfig config = connection.config();
    ControlConnection control = connection.control();
    if (config.dataMode() instanceof DataMode.Passive passive) {
      pipeline.connectEarly(
          control, reply -> Optional.of(new PassiveDialer(config, control, passive).begin(reply, Pipeline.UNUSED)));
    }
  }
}
