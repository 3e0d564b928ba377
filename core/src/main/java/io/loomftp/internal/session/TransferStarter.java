package io.loomftp.internal.session;

import io.loomftp.DataMode;
import io.loomftp.ErrorKind;
import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.FtpTransferException;
import io.loomftp.Reply;
import io.loomftp.TransferType;
import io.loomftp.internal.control.ControlConnection;
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
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts transfers: sets the TYPE, finds out whether something can be sent ahead, and starts again where that helps. */
final class TransferStarter {
  private static final Logger LOG = LoggerFactory.getLogger(TransferStarter.class);

  /** How often a transfer is started again since its TLS session could not be resumed. */
  private static final int ATTEMPTS_ANEW = 3;

  private final SessionConnection connection;
  private final SessionState state;
  private final SharedProfile profile;
  private final Pipeline pipeline;

  TransferStarter(SessionConnection connection, SessionState state, SharedProfile profile, Pipeline pipeline) {
    this.connection = connection;
    this.state = state;
    this.profile = profile;
    this.pipeline = pipeline;
  }

  /** Builds the context of a transfer over the present connection. */
  @FunctionalInterface
  interface Contexts {
    TransferContext next(boolean mayGoUnresumed);
  }

  /**
   * Starts a transfer; its data can be moved then.
   *
   * @param begun receives each transfer that is begun: any thread may call it off then
   */
  Transfer start(TransferRequest request, Contexts contexts, Consumer<Transfer> begun) throws FtpException {
    boolean mayGoUnresumed = false;
    for (int attempt = 1; ; attempt++) {
      Transfer transfer = Transfer.of(contexts.next(mayGoUnresumed), request);
      begun.accept(transfer);
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
      }
    }
  }

  private FtpException noTickets(TransferRequest request, NotResumedException cause) {
    return new FtpTransferException(
        request + ": no TLS session to resume", null, 0, ErrorKind.TLS, true, connection.transcript().lines(), cause);
  }

  /** Gets ready to send ahead, if that is of use: the first time on a server it is tried with commands that do no harm. */
  void prepare(TransferType type) throws FtpException {
    if (!pipeline.isAllowed(connection.config(), connection.features()) || pipeline.isProven()) {
      return;
    }
    if (type != TransferType.MANUAL && !pipeline.hasPort(connection.control())) {
      tryTwoAtOnce(type);
    }
  }

  /**
   * Sends TYPE and EPSV in one flight. RFC 959 promises no server that takes them for two commands; one that does not is found
   * out within a bound that hurts nobody, and is talked to over a new connection then, since nobody knows what it still owes.
   */
  private void tryTwoAtOnce(TransferType type) throws FtpException {
    ControlConnection control = connection.control();
    Command typing = SessionState.typing(type);
    Command question = pipeline.question(connection.config());
    long deadline = System.nanoTime() + Pipeline.PATIENCE.toNanos();
    state.forgetType();
    try {
      control.send(typing, List.of(question));
      Optional<Reply> first = read(control, typing, deadline);
      Optional<Reply> second = first.isPresent() ? read(control, question, deadline) : Optional.empty();
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
    connection.transcript().add("* the server does not take two commands at once");
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

  /** Connects to the port that is at hand, while other things are asked. */
  void connectEarly() {
    FtpConfig config = connection.config();
    ControlConnection control = connection.control();
    if (config.dataMode() instanceof DataMode.Passive passive) {
      pipeline.connectEarly(
          control, reply -> Optional.of(new PassiveDialer(config, control, passive).begin(reply, Pipeline.UNUSED)));
    }
  }
}
