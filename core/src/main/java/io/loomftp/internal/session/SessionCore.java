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
 * One session with one server: runs verbs and operations one at a time, within their bounds, over a control connection that is
 * replaced when it has to be, and with at most one transfer open.
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
    this.profile = ServerProfiles.JVM.of(config.host(), config.port());
    this.pipeline = new Pipeline(profile);
    bounds.begin(config.timeouts().operation());
    this.connection = new SessionConnection(config, bounds, use, state, profile);
    this.starter = new TransferStarter(connection, state, profile, pipeline, use, bounds, this::transferEnded);
    bounds.end();
  }

  /** Connects, reads the greeting, and puts TLS in place where it is asked for. */
  public static SessionCore connect(FtpConfig config) throws FtpException {
    return new SessionCore(config);
  }

  /** A piece of a verb's work. */
  @FunctionalInterface
  public interface Step<T> {
    /** Talks to the server. */
    T run(ControlConnection control) throws FtpException;
  }

  /**
   * Runs a verb: alone, on an open session, with no stream open, within the bound for whole operations, and with all its
   * arguments fit to be sent. Within an operation that was cancelled it is not begun.
   */
  public <T> T runVerb(Step<T> step, String... arguments) throws FtpException {
    return use.run(
        () -> {
          Transfer open = starter.open();
          if (open != null) {
            throw new IllegalStateException("close " + open + " first: it is still open");
          }
          for (String argument : arguments) {
            Command.checkArgument(argument, codec(), config().limits().argument());
          }
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

  /** Sees that a verb could be run with these arguments, and runs none. */
  public void check(String... arguments) throws FtpException {
    runVerb(control -> true, arguments);
  }

  /** A call made of several verbs and streams. */
  @FunctionalInterface
  public interface Operation<T> {
    /** Uses the session's verbs. */
    T run() throws FtpException;
  }

  /** Runs a call that is made of several verbs and streams under one bound and one cancellation. */
  public <T> T runOperation(Operation<T> call) throws FtpException {
    return use.run(
        () -> {
          bounds.begin(config().timeouts().operation());
          pipeline.wholeFile();
          inOperation = true;
          starter.connectEarly();
          try {
            return call.run();
          } finally {
            inOperation = false;
            pipeline.callEnds(control());
            operationEnds();
          }
        });
  }

  private void operationBegins(String... arguments) throws FtpException {
    if (inOperation) {
      starter.checkCancelled(arguments.length == 0 ? "the next command" : "the next command for " + arguments[0]);
    } else {
      bounds.begin(config().timeouts().operation());
      pipeline.somethingElse();
    }
  }

  private void operationEnds() {
    if (!inOperation) {
      bounds.end();
    }
  }

  /** Runs what must be done even though the operation was cancelled; {@link #abort} cancels this then. */
  public <T, E extends Exception> T cleanUp(ExclusiveUse.Work<T, E> work) throws E {
    Cancellation before = bounds.exchange(new Cancellation());
    try {
      return work.run();
    } finally {
      bounds.exchange(before);
    }
  }

  /** Runs something that no second thread may interrupt with verbs of its own. */
  public <T, E extends Exception> T exclusively(ExclusiveUse.Work<T, E> work) throws E {
    return use.run(work);
  }

  /** Logs in; may be tried again after a refusal. */
  public void login(Credentials who) throws FtpException {
    runVerb(control -> connection.login(who), who.user());
  }

  /** Sends a transfer command and moves its data. */
  public Transfer transfer(Command command, boolean upload, long restart, TransferType type) throws FtpException {
    return transfer(command, upload, restart, type, List.of());
  }

  /**
   * Sends a transfer command and gets its data connection up.
   *
   * @param behind what may be sent behind the command: see {@link TransferRequest}
   */
  public Transfer transfer(Command command, boolean upload, long restart, TransferType type, List<Command> behind)
      throws FtpException {
    return starter.start(new TransferRequest(command, upload, restart, behind), type, inOperation);
  }

  private void transferEnded() {
    if (inOperation) {
      starter.connectEarly();
    }
    operationEnds();
  }

  /**
   * Sends a command and one that means nothing without it: in one flight where the server takes that, else the second when
   * the first went well.
   *
   * @param between runs when the second may be on its way
   * @return what became of the first, and of the second if that was sent
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

  /** Whether the last transfer may have broken because of what was sent ahead; from then on nothing is. Told once. */
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

  /** Forgets what is in force: the caller sent something that may have changed it. */
  public void forgetType() {
    state.forgetType();
  }

  /** A folder was entered; null is the one above. */
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
   * PWD, or XPWD for a server that only knows that (RFC 1123 section 4.1.3.1): the path in the reply, or the reply's text
   * where there is no path in it.
   */
  public String workingDirectory() throws FtpException {
    Reply reply = control().askEither("PWD", "XPWD", null).expect(PATH_CREATED);
    Optional<String> path = QuotedPath.orBare(reply.text());
    path.ifPresent(state::told);
    return path.orElseGet(() -> reply.text().strip());
  }

  /** The present folder in a form that CWD takes; empty where PWD is refused or tells no path. */
  public Optional<String> folderIfTold() throws FtpException {
    Reply reply = control().askEither("PWD", "XPWD", null).reply();
    Optional<String> path = reply.isCompletion() ? QuotedPath.orBare(reply.text()) : Optional.empty();
    path.ifPresent(state::told);
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
   * Connects, logs in and goes back to the present folder after the connection was lost; the session is usable then.
   *
   * @throws io.loomftp.FtpClosedException also when the session was closed on purpose, or nobody had logged in
   */
  public void reconnect() throws FtpException {
    connection.reconnect();
  }

  /** Ends the session for a reason that its exception tells. */
  public void giveUp(FtpException reason) {
    control().close(String.valueOf(reason.getMessage()));
  }

  /** Waits between two attempts; false when {@link #abort} or {@link #close} or an interrupt ended the waiting. */
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

  /** Cancels the operation that is running or whose stream is open, if there is one; any thread may. */
  public void abort() {
    bounds.cancel();
  }

  /** Ends the session: with QUIT when nobody is using it, at once otherwise; any thread may. */
  public void close() {
    use.ending();
    if (!use.runUnlessBusy(this::closeAlone)) {
      control().condemn("close() was called");
      // Before the server sees us leave: it might end the data in good order then, and they would seem complete.
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
      LOG.debug("no farewell from {}: {}", config(), e.getMessage());
    } finally {
      control().close("close() was called");
    }
  }

  /** QUIT with its reply; the session is closed whatever that says, also when there is no connection to send it over. */
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

  /** Takes over what may change in a running session, from the next verb on. */
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

  /** Whether the next verb has to begin by connecting anew. */
  public boolean isToBeReplaced() {
    return connection.isToBeReplaced();
  }

  /** Where to and how. */
  public FtpConfig config() {
    return connection.config();
  }

  /** What the server said it can. */
  public Features features() {
    return connection.features();
  }

  /** What the server said first. */
  public Reply greeting() {
    return connection.greeting();
  }

  /** The conversation so far. */
  public Transcript transcript() {
    return connection.transcript();
  }

  /** How names become bytes here. */
  public NameCodec codec() {
    return connection.codec();
  }

  /** The control connection in use. */
  public ControlConnection control() {
    return connection.control();
  }

  /** What this session has set on its connection. */
  public SessionState state() {
    return state;
  }

  /** What is known of the server, for this session and all others. */
  public SharedProfile profile() {
    return profile;
  }
}
