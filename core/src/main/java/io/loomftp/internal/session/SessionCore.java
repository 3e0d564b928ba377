package io.loomftp.internal.session;

import static io.loomftp.ReplyCode.PATH_CREATED;

import io.loomftp.Credentials;
import io.loomftp.Features;
import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.Reply;
import io.loomftp.TransferType;
import io.loomftp.internal.control.ControlConnection;
import io.loomftp.internal.control.Exchange;
import io.loomftp.internal.control.ExclusiveUse;
import io.loomftp.internal.control.OperationBounds;
import io.loomftp.internal.control.Pipeline;
import io.loomftp.internal.control.ServerProfiles;
import io.loomftp.internal.control.SessionState;
import io.loomftp.internal.control.SharedProfile;
import io.loomftp.internal.control.Transcript;
import io.loomftp.internal.retry.Cancellation;
import io.loomftp.internal.text.NameCodec;
import io.loomftp.internal.transfer.Transfer;
import io.loomftp.internal.transfer.TransferRequest;
import io.loomftp.internal.wire.BadReplyException;
import io.loomftp.internal.wire.Command;
import io.loomftp.internal.wire.QuotedPath;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session with one server: runs verbs and operations one at a time, within their timeouts, over a control connection that is
 * replaced when necessary, and with at most one transfer open.
 */
public final class SessionCore {
  private static final Logger LOG = LoggerFactory.getLogger(SessionCore.class);

  private final ExclusiveUse use = new ExclusiveUse();
  private final OperationBounds bounds = new OperationBounds();
  private final SessionState state = new SessionState();
  private final SharedProfile profile;
  private final Pipeline pipeline;
  private final SessionConnection connection;
  private final TransferStarter starter;

  private volatile boolean inOperation;

  private SessionCore(FtpConfig config) throws FtpException {
    this.profile = ServerProfiles.JVM.of(config);
    this.pipeline = new Pipeline(profile);
    bounds.begin(config.timeouts().operation());
    this.connection = new SessionConnection(config, bounds, use, state, profile);
    this.starter = new TransferStarter(connection, state, profile, pipeline, use, bounds, this::transferEnded);
    bounds.end();
  }

  /** Connects, reads the greeting, and establishes TLS where it is configured. */
  public static SessionCore connect(FtpConfig config) throws FtpException {
    return new SessionCore(config);
  }

  /** The work of a verb. */
  @FunctionalInterface
  public interface Step<T> {
    /** Sends commands and reads replies. */
    T run(ControlConnection control) throws FtpException;
  }

  /**
   * Runs a verb: exclusively, on an open session, with no stream open, within the timeout for operations, and with arguments
   * that can be sent. Within a cancelled operation it is not begun.
   */
  public <T> T runVerb(Step<T> step, String... arguments) throws FtpException {
    return use.run(
        () -> {
          Transfer open = starter.open();
          if (open != null) {
            throw new IllegalStateException("close " + open + " first: it is still open");
          }
          starter.verbBegins();
          for (String argument : arguments) {
            Command.checkArgument(argument, codec(), config().limits().argument());
          }
          control().requireNoListener();
          operationBegins(arguments);
          try {
            connection.replaceIfDue();
            control().checkOpen("this");
            return step.run(control());
          } finally {
            if (starter.open() == null) {
              operationEnds();
            }
          }
        });
  }

  /** Checks that a verb can be run with these arguments; runs none. */
  public void check(String... arguments) throws FtpException {
    runVerb(control -> true, arguments);
  }

  /** A call that consists of several verbs and streams. */
  @FunctionalInterface
  public interface Operation<T> {
    /** Runs verbs of the session. */
    T run() throws FtpException;
  }

  /** Runs a call that consists of several verbs and streams under one timeout and one cancellation. */
  public <T> T runOperation(Operation<T> call) throws FtpException {
    return startOperation(
        () -> {
          pipeline.beginFile();
          starter.connectEarly();
          return call.run();
        },
        call);
  }

  /** Runs a call of several verbs under one timeout and one cancellation, or as a part of the operation that is running. */
  public <T> T runVerbs(Operation<T> call) throws FtpException {
    return startOperation(
        () -> {
          pipeline.beginOther();
          return call.run();
        },
        call);
  }

  /** Runs the first; within an operation, and while a stream is open, whose bounds must stay, the second. */
  private <T> T startOperation(Operation<T> operation, Operation<T> part) throws FtpException {
    return use.run(
        () -> {
          if (inOperation || starter.open() != null) {
            return part.run();
          }
          bounds.begin(config().timeouts().operation());
          inOperation = true;
          try {
            return operation.run();
          } finally {
            inOperation = false;
            pipeline.callEnds(control());
            operationEnds();
          }
        });
  }

  /** Checks between two commands of a long call that it was not cancelled, interrupted or late. */
  public void checkGoesOn(String next) throws FtpException {
    starter.checkGoesOn(next);
  }

  private void operationBegins(String... arguments) throws FtpException {
    if (inOperation) {
      starter.checkCancelled(arguments.length == 0 ? "the next command" : "the next command for " + arguments[0]);
    } else {
      bounds.begin(config().timeouts().operation());
      pipeline.beginOther();
    }
  }

  private void operationEnds() {
    if (!inOperation) {
      bounds.end();
    }
  }

  /** Runs cleanup that is necessary even though the operation was cancelled; {@link #abort} then cancels the cleanup. */
  public <T, E extends Exception> T cleanUp(ExclusiveUse.Work<T, E> work) throws E {
    Cancellation before = bounds.exchange(new Cancellation());
    try {
      return work.run();
    } finally {
      bounds.exchange(before);
    }
  }

  /** Runs work during which no other thread may use the session. */
  public <T, E extends Exception> T exclusively(ExclusiveUse.Work<T, E> work) throws E {
    return use.run(work);
  }

  /** Logs in; may be called again after a refusal. */
  public void login(Credentials who) throws FtpException {
    runVerb(control -> connection.login(who), who.user());
  }

  /** Starts a transfer. */
  public Transfer transfer(Command command, boolean upload, long restart, TransferType type) throws FtpException {
    return transfer(command, upload, restart, type, List.of());
  }

  /**
   * Starts a transfer: sends its command and establishes the data connection.
   *
   * @param behind commands that may be sent behind it: see {@link TransferRequest}
   */
  public Transfer transfer(Command command, boolean upload, long restart, TransferType type, List<Command> behind)
      throws FtpException {
    return starter.start(new TransferRequest(command, upload, restart, behind), type, inOperation);
  }

  /** Whether the last verb was a transfer that was aborted while it was being opened, after the server had begun it. */
  public boolean isBrokenOffAtOpening() {
    return starter.isBrokenOffAtOpening();
  }

  private void transferEnded() {
    if (inOperation) {
      starter.connectEarly();
    }
    operationEnds();
  }

  /**
   * Sends a command and one that depends on it: in one flight where the server supports that, else the second after the
   * first succeeded.
   *
   * @param between runs when the second may have been sent
   * @return the first with its reply, and the second if it was sent
   */
  public List<Exchange> both(Command first, Command second, Runnable between) throws FtpException {
    if (!pipeline.isAllowed(config(), features()) || !pipeline.isProven()) {
      Exchange begun = control().ask(first);
      if (begun.reply().isError()) {
        return List.of(begun);
      }
      between.run();
      return List.of(begun, control().ask(second));
    }
    between.run();
    control().send(first, List.of(second));
    Duration bound = config().timeouts().reply();
    Exchange begun = control().exchange(first, control().readFinal(first, bound));
    return List.of(begun, control().exchange(second, control().readFinal(second, bound)));
  }

  /** Whether commands sent ahead may have broken the last transfer; none is sent ahead from then on. True once. */
  public boolean takeSuspicion() {
    return pipeline.takeSuspicion();
  }

  /** Sets the representation type unless it is in force already. */
  public void setType(TransferType type) throws FtpException {
    starter.setType(type);
  }

  /** Sets the representation type, whatever is in force. */
  public Reply sendType(TransferType type) throws FtpException {
    return state.setType(control(), type);
  }

  /** Forgets the type in force, since the caller sent a command that may have changed it. */
  public void forgetType() {
    state.forgetType();
  }

  /** Records that a folder was entered; null for the parent folder. */
  public void entered(@Nullable String path) throws FtpException {
    state.entered(path);
    if (state.trailIsLong()) {
      Optional<String> folder = folderIfTold();
      if (folder.isPresent()) {
        state.entered(folder.get());
      }
    }
  }

  /**
   * PWD, or XPWD for a server that supports only that (RFC 1123 section 4.1.3.1): the path in the reply, or the reply's text
   * where there is no path in it.
   */
  public String workingDirectory() throws FtpException {
    Reply reply = control().askEither("PWD", "XPWD", null).expect(PATH_CREATED);
    Optional<String> path = QuotedPath.orBare(reply.text());
    path.ifPresent(state::pwdRead);
    return path.orElseGet(() -> reply.text().strip());
  }

  /** The present folder in a form that CWD accepts; empty where PWD is refused or gives no path. */
  public Optional<String> folderIfTold() throws FtpException {
    Reply reply = control().askEither("PWD", "XPWD", null).reply();
    Optional<String> path = reply.isCompletion() ? QuotedPath.orBare(reply.text()) : Optional.empty();
    path.ifPresent(state::pwdRead);
    return path;
  }

  /** The quoted path of a reply, where there is one that can be read. */
  public Optional<String> pathIn(Reply reply) {
    try {
      return Optional.of(QuotedPath.of(reply.text()));
    } catch (BadReplyException e) {
      LOG.debug("{}", e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * Connects, logs in and returns to the present folder after the connection was lost; the session is usable afterwards.
   *
   * @throws io.loomftp.FtpClosedException also when the session was closed on purpose, or there was no login
   */
  public void reconnect() throws FtpException {
    connection.reconnect();
  }

  /** Closes the session; later calls throw this reason. */
  public void end(FtpException reason) {
    control().close(String.valueOf(reason.getMessage()));
  }

  /** Waits between two attempts; false when {@link #abort}, {@link #close} or an interrupt ended the wait. */
  public boolean pause(Duration time) {
    try {
      return !use.isEnding() && !bounds.cancellation().await(bounds.cut(time)) && !use.isEnding();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Whether the operation has used up its time. */
  public boolean isLate() {
    return bounds.isOver();
  }

  /** Cancels the operation that is running or whose stream is open, if there is one; called by any thread. */
  public void abort() {
    bounds.cancel();
  }

  /** Ends the session: with QUIT when nobody is using it, at once otherwise; called by any thread. */
  public void close() {
    use.ending();
    if (!use.runUnlessBusy(this::closeAlone)) {
      control().markClosing("close() was called");
      // Before the server sees the end: it might then end the data cleanly, and they would look complete.
      Transfer running = starter.open();
      bounds.cancel();
      if (running != null) {
        running.terminate();
      }
      control().close("close() was called");
    }
    pipeline.drop();
  }

  private void closeAlone() {
    Transfer open = starter.open();
    if (open != null) {
      control().close("close() was called while " + open + " was open");
      open.terminate();
    } else if (control().isOpen()) {
      quit();
    }
  }

  private void quit() {
    Command quit = Command.of("QUIT");
    try {
      control().send(quit);
      control().readReply(quit, config().timeouts().close());
    } catch (FtpException e) {
      LOG.debug("no reply to QUIT from {}: {}", config(), e.getMessage());
    } catch (RuntimeException e) {
      LOG.warn("the listener of {} failed at QUIT", config(), e);
    } finally {
      control().close("close() was called");
    }
  }

  /** Sends QUIT and returns the reply; the session is closed in any case, also when there is no connection. */
  public Reply leave() throws FtpException {
    return use.run(
        () -> {
          if (starter.open() == null) {
            use.ending();
          }
          return runVerb(
              control -> {
                try {
                  return control.ask("QUIT").reply();
                } finally {
                  control.close("QUIT was sent");
                  pipeline.drop();
                }
              });
        });
  }

  /** Takes over the settings that may change in a running session, from the next verb on. */
  public void adopt(FtpConfig other) {
    use.run(
        () -> {
          FtpConfig.Builder mixed =
              config().toBuilder()
                  .dataMode(other.dataMode())
                  .transferType(other.transferType())
                  .blockSize(other.blockSize())
                  .sendWindow(other.sendWindow())
                  .listHidden(other.listHidden())
                  .timeouts(other.timeouts());
          connection.adopt(mixed.build());
          return true;
        });
  }

  /** Whether no verb is running in another thread, and no stream is open. */
  boolean isFree() {
    return starter.open() == null && use.isFree();
  }

  /** Whether the next command can be sent, perhaps over a new connection, as far as is known. */
  public boolean isOpen() {
    return control().isOpen() || connection.isToBeReplaced();
  }

  /** Whether the next verb begins by reconnecting. */
  public boolean isToBeReplaced() {
    return connection.isToBeReplaced();
  }

  /** The configuration in force. */
  public FtpConfig config() {
    return connection.config();
  }

  /** The features of the server. */
  public Features features() {
    return connection.features();
  }

  /** The greeting of the server. */
  public Reply greeting() {
    return connection.greeting();
  }

  /** The transcript of the session. */
  public Transcript transcript() {
    return connection.transcript();
  }

  /** The codec of names. */
  public NameCodec codec() {
    return connection.codec();
  }

  /** The control connection in use. */
  public ControlConnection control() {
    return connection.control();
  }

  /** The state that this session has set on its connection. */
  public SessionState state() {
    return state;
  }

  /** The profile of the server, shared by all sessions. */
  public SharedProfile profile() {
    return profile;
  }
}
