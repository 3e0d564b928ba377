package io.loomftp.internal.session;

import static io.loomftp.ReplyCode.COMMAND_OKAY;
import static io.loomftp.ReplyCode.FILE_ACTION_OKAY;
import static io.loomftp.ReplyCode.PATH_CREATED;

import io.loomftp.Credentials;
import io.loomftp.Features;
import io.loomftp.FtpClosedException;
import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.FtpTlsException;
import io.loomftp.Reply;
import io.loomftp.TlsPolicy;
import io.loomftp.TransferType;
import io.loomftp.internal.control.ControlConnection;
import io.loomftp.internal.control.Deadline;
import io.loomftp.internal.control.Exchange;
import io.loomftp.internal.control.LoginSequence;
import io.loomftp.internal.control.Pipeline;
import io.loomftp.internal.control.PipelinedCommands;
import io.loomftp.internal.control.ServerProfile.Fact;
import io.loomftp.internal.control.ServerProfiles;
import io.loomftp.internal.control.SessionState;
import io.loomftp.internal.control.SharedProfile;
import io.loomftp.internal.control.TlsResumption;
import io.loomftp.internal.control.Transcript;
import io.loomftp.internal.net.TlsUpgrade;
import io.loomftp.internal.text.NameCodec;
import io.loomftp.internal.transfer.DataConnector;
import io.loomftp.internal.transfer.Transfer;
import io.loomftp.internal.wire.BadReplyException;
import io.loomftp.internal.wire.Command;
import io.loomftp.internal.wire.QuotedPath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session with one server: the control connection, what is known of the server, and at most one transfer. It sees to it
 * that one thread uses it at a time.
 */
public final class SessionCore {
  private static final Logger LOG = LoggerFactory.getLogger(SessionCore.class);
  /** Keys for JSSE's session cache, above all port numbers so that nobody else's session is found under them. */
  private static final AtomicInteger KEYS = new AtomicInteger(70_000);

  /** The version whose sessions can be resumed more than once. */
  private static final String REUSABLE = "TLSv1.2";

  /** Stands for a transfer whose command is not known yet. */
  private static final Command NEXT = Command.of("NOOP");

  private static final long A_MOMENT = Duration.ofMillis(1).toNanos();

  private volatile FtpConfig config;
  private final NameCodec codec;
  private final Transcript transcript = new Transcript();
  private final AtomicReference<@Nullable Thread> user = new AtomicReference<>();
  private final SessionState state = new SessionState();
  private final SharedProfile profile;
  private final TlsResumption resumption = new TlsResumption();
  private final Pipeline pipeline = new Pipeline();
  private final Deadline deadline = new Deadline();

  private volatile LoginSequence login;
  private volatile @Nullable Transfer transfer;
  private volatile Features features = Features.NONE;
  private Reply greeting;
  private @Nullable Credentials credentials;
  private volatile boolean closing;
  private volatile @Nullable CountDownLatch pausing;
  private boolean inOperation;

  private SessionCore(FtpConfig config) throws FtpException {
    this.config = config;
    this.profile = ServerProfiles.JVM.of(config.host(), config.port());
    this.codec = new NameCodec(config.charset());
    deadline.begin(config.timeouts().operation());
    this.login = LoginSequence.dial(config, KEYS.incrementAndGet(), codec, transcript, deadline, protocols(), null);
    this.greeting = login.greet();
    deadline.clear();
  }

  /** Connects, reads the greeting, and puts TLS in place where it is asked for. */
  public static SessionCore connect(FtpConfig config) throws FtpException {
    return new SessionCore(config);
  }

  private List<String> protocols() {
    return config.tls() instanceof TlsPolicy.Secured secured ? secured.protocols() : List.of();
  }

  /** A piece of a verb's work. */
  @FunctionalInterface
  public interface Step<T> {
    /** Talks to the server. */
    T run(ControlConnection control) throws FtpException;
  }

  /**
   * Runs a verb: alone, on an open session, with no stream open, within the bound for whole operations, and with all its
   * arguments fit to be sent.
   */
  public <T> T runVerb(Step<T> step, String... arguments) throws FtpException {
    return exclusively(
        () -> {
          Transfer open = transfer;
          if (open != null) {
            throw new IllegalStateException("close " + open + " first: it is still open");
          }
          for (String argument : arguments) {
            Command.checkArgument(argument, codec, config.limits().argument());
          }
          operationBegins();
          if (!inOperation) {
            pipeline.somethingElse();
          }
          try {
            control().checkOpen("this");
            return step.run(control());
          } finally {
            if (transfer == null) {
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

  /** Runs a call that is made of several verbs and streams under one bound for the whole operation. */
  public <T> T runOperation(Operation<T> call) throws FtpException {
    return exclusively(
        () -> {
          operationBegins();
          pipeline.wholeFile();
          inOperation = true;
          connectEarly();
          try {
            return call.run();
          } finally {
            inOperation = false;
            pipeline.callEnds(control());
            operationEnds();
          }
        });
  }

  private void operationBegins() {
    if (!inOperation) {
      deadline.begin(config.timeouts().operation());
    }
  }

  private void operationEnds() {
    if (!inOperation) {
      deadline.clear();
    }
  }

  /** What only one thread may do at a time. */
  public interface Exclusive<T, E extends Exception> {
    T run() throws E;
  }

  /** Runs something that no second thread may interrupt with verbs of its own. */
  public <T, E extends Exception> T exclusively(Exclusive<T, E> work) throws E {
    Thread me = Thread.currentThread();
    Thread other = user.compareAndExchange(null, me);
    while (closing && other != null && other != me) {
      // Another thread is ending the session, within its bounds: what is told then is that, not that it was here first.
      LockSupport.parkNanos(A_MOMENT);
      other = user.compareAndExchange(null, me);
    }
    if (other == me) {
      return work.run();
    }
    if (other != null) {
      throw new IllegalStateException(
          "the session is in use by thread '" + other.getName() + "': one thread at a time may use it");
    }
    try {
      return work.run();
    } finally {
      user.set(null);
    }
  }

  /** Logs in; may be tried again after a refusal. */
  public void login(Credentials who) throws FtpException {
    runVerb(
        control -> {
          if (credentials != null) {
            state.stateUnknown();
          }
          features = login.login(who);
          credentials = who;
          return features;
        },
        who.user());
  }

  /** Sends a transfer command and moves its data. */
  public Transfer transfer(Command command, boolean upload, long restart, TransferType type) throws FtpException {
    return transfer(command, upload, restart, type, List.of());
  }

  /**
   * Sends a transfer command and moves its data.
   *
   * @param behind what may be sent right behind the command, where the server takes that: {@link Transfer#answerTo} has the
   *     replies then. It is carried out even if the transfer fails, so it must do no harm
   */
  public Transfer transfer(Command command, boolean upload, long restart, TransferType type, List<Command> behind)
      throws FtpException {
    setType(type);
    Transfer opening = new Transfer(this, command, upload, restart, behind);
    transfer = opening;
    try {
      opening.open();
      return opening;
    } catch (FtpException | RuntimeException | Error e) {
      // Servers do not agree on whether a REST still holds when the command behind it was refused.
      if (restart > 0) {
        state.stateUnknown();
      }
      ended(opening);
      throw e;
    }
  }

  /** Sets the type, and asks for a passive port in the same flight: that shows whether the server can take it. */
  private void setTypeAndAskForPort(TransferType type) throws FtpException {
    Command typing = typing(type);
    PipelinedCommands port = new PipelinedCommands(control(), List.of(Pipeline.question(profile.get())));
    state.forgetType();
    control().send(typing, port.commands());
    Reply reply = control().readFinal(typing, config.timeouts().reply());
    port.readAll(Pipeline.patience(config), config.timeouts().reply());
    if (port.wasOdd()) {
      pipeline.giveUp("no reply to the second of two commands");
    } else {
      pipeline.shown();
      port.answerTo(port.commands().getFirst().verb()).ifPresent(answer -> pipeline.keep(control(), answer));
    }
    new Exchange(control(), typing, reply).expect(COMMAND_OKAY);
    state.typeSet(type);
    connectEarly();
  }

  private void connectEarly() {
    if (inOperation) {
      pipeline.connectEarly(control(), new DataConnector(this, NEXT));
    }
  }

  /**
   * Sends a command and one that means nothing without it: in one flight where the server takes that, else the second when
   * the first went well.
   *
   * @param between runs when the second may be on its way
   * @return what became of the first, and of the second if that was sent
   */
  public List<Exchange> both(Command first, Command second, Runnable between) throws FtpException {
    PipelinedCommands sent = followers(List.of(second), false);
    if (sent.isEmpty()) {
      Exchange begun = control().ask(first);
      if (begun.reply().isError()) {
        return List.of(begun);
      }
      between.run();
      return List.of(begun, control().ask(second));
    }
    between.run();
    control().send(first, sent.commands());
    Exchange begun = new Exchange(control(), first, control().readFinal(first, config.timeouts().reply()));
    return List.of(begun, new Exchange(control(), second, control().readFinal(second, config.timeouts().reply())));
  }

  /** What to send behind a transfer's command: also the question for the port of the next, where files follow each other. */
  public PipelinedCommands followers(List<Command> wanted) {
    return followers(wanted, pipeline.isInARow());
  }

  private PipelinedCommands followers(List<Command> wanted, boolean port) {
    if (!pipeline.isAllowed(config, features) || !pipeline.isShown()) {
      return PipelinedCommands.none(control());
    }
    List<Command> all = new ArrayList<>(wanted);
    if (port) {
      all.add(Pipeline.question(profile.get()));
    }
    return new PipelinedCommands(control(), all);
  }

  /** What came of the commands that were sent behind a transfer's. */
  public void hear(PipelinedCommands sent, Command command, @Nullable Reply end) {
    if (sent.wasOdd()) {
      pipeline.giveUp("replies out of turn after " + command);
      return;
    }
    Optional<Reply> port = sent.answerTo("EPSV").or(() -> sent.answerTo("PASV"));
    port.ifPresent(reply -> pipeline.keep(control(), reply));
    if (pipeline.isProven()) {
      connectEarly();
    }
    if (port.isPresent() && !pipeline.hasPort(control())) {
      pipeline.giveUp("no port for the transfer after " + command);
    } else if (end != null && end.isCompletion()) {
      pipeline.proven();
    }
  }

  /** Whether the last transfer may have broken because of what was sent behind it; from then on nothing is. Told once. */
  public boolean takeSuspicion() {
    return pipeline.takeSuspicion();
  }

  /** A transfer that seemed over goes on. */
  public void again(Transfer revived) {
    transfer = revived;
  }

  /** The transfer is over and other verbs may follow. */
  public void ended(Transfer over) {
    if (transfer == over) {
      transfer = null;
      operationEnds();
    }
  }

  /** Sets the representation type unless it is in force already. */
  public void setType(TransferType type) throws FtpException {
    if (type == TransferType.MANUAL || isInForce(type)) {
      return;
    }
    if (inOperation && pipeline.isAllowed(config, features)) {
      setTypeAndAskForPort(type);
    } else {
      sendType(type);
    }
  }

  private boolean isInForce(TransferType type) {
    return state.type().filter(type::equals).isPresent();
  }

  private static Command typing(TransferType type) {
    return Command.of("TYPE", type == TransferType.ASCII ? "A" : "I");
  }

  /** Sets the representation type, whatever is in force. */
  public Reply sendType(TransferType type) throws FtpException {
    state.forgetType();
    Command typing = typing(type);
    Reply reply = control().ask(typing).expect(COMMAND_OKAY);
    state.typeSet(type);
    return reply;
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
   * Connects anew, logs in and goes back to the present folder: for servers that demand that data connections resume the
   * control connection's session, but have left a TLS 1.3 client no ticket to do so. A new connection brings new tickets.
   * Where they run out again soon, TLS 1.2 is tried: with that a session can be resumed any number of times, if the server
   * plays along.
   *
   * @return false when that is not possible with this configuration
   */
  public boolean connectAnew() throws FtpException {
    Credentials who = credentials;
    if (who == null) {
      return false;
    }
    LOG.warn("{}: the TLS session of the control connection can no longer be resumed; connecting anew", config);
    transcript.add("* no TLS session to resume: connecting anew");
    if (REUSABLE.equals(control().tlsVersion())) {
      profile.learn(Fact.TLS12_RESUMES, false);
    }
    control().close("replaced by a new connection");
    LoginSequence fresh = greeted();
    resumption.reconnected();
    restore(fresh, who);
    return true;
  }

  /**
   * Connects, logs in and goes back to the present folder after the connection was lost; the session is usable then.
   *
   * @throws FtpClosedException also when the session was closed on purpose, or nobody had logged in
   */
  public void reconnect() throws FtpException {
    Credentials who = credentials;
    if (closing || who == null) {
      control().checkOpen("connecting anew");
      return;
    }
    LOG.debug("{}: connecting anew", config);
    transcript.add("* connecting anew");
    control().close("replaced by a new connection");
    restore(dialed(protocols()), who);
  }

  /** Ends the session for a reason that its exception tells. */
  public void giveUp(FtpException reason) {
    control().close(String.valueOf(reason.getMessage()));
  }

  /** Makes a new connection what the old one was. */
  private void restore(LoginSequence fresh, Credentials who) throws FtpException {
    features = fresh.login(who);
    Optional<TransferType> type = state.type();
    state.forgetType();
    goBack(fresh.control());
    if (type.isPresent()) {
      setType(type.get());
    }
  }

  /** Enters the present folder again: by the path that PWD told, and if that is refused, as it was entered before. */
  private void goBack(ControlConnection control) throws FtpException {
    FtpException refused = null;
    for (List<String> way : state.waysBack()) {
      int step = 0;
      while (step < way.size()) {
        Exchange cwd = control.ask("CWD", way.get(step));
        if (!cwd.reply().isCompletion()) {
          refused = cwd.refused();
          break;
        }
        step++;
      }
      if (step == way.size()) {
        return;
      }
      if (step > 0) {
        break; // the other way begins in the folder after login
      }
    }
    control.close("the folder could not be entered again");
    FtpException reason = Objects.requireNonNull(refused);
    throw control.fail(
        new FtpClosedException(
            "reconnected, but the folder cannot be entered again: " + reason.getMessage(),
            reason.kind(),
            transcript.lines(),
            reason));
  }

  /** Waits between two attempts; false when {@link #abort} or {@link #close} or an interrupt ended the waiting. */
  public boolean pause(Duration time) {
    CountDownLatch ended = new CountDownLatch(1);
    pausing = ended;
    try {
      return !closing && !ended.await(deadline.cut(time).toNanos(), TimeUnit.NANOSECONDS) && !closing;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      pausing = null;
    }
  }

  /** Whether the operation has used up its time. */
  public boolean isLate() {
    return deadline.isOver();
  }

  private void endPause() {
    CountDownLatch waiting = pausing;
    if (waiting != null) {
      waiting.countDown();
    }
  }

  private LoginSequence greeted() throws FtpException {
    if (protocols().contains(REUSABLE) && !profile.fails(Fact.TLS12_RESUMES) && resumption.ranOutSoon()) {
      try {
        return dialed(List.of(REUSABLE));
      } catch (FtpTlsException e) {
        LOG.debug("{} has no TLS 1.2: {}", config, e.getMessage());
        profile.learn(Fact.TLS12_RESUMES, false);
      }
    }
    return dialed(protocols());
  }

  private LoginSequence dialed(List<String> protocols) throws FtpException {
    LoginSequence fresh =
        LoginSequence.dial(config, KEYS.incrementAndGet(), codec, transcript, deadline, protocols, login);
    login = fresh;
    if (closing) {
      fresh.control().close("closed meanwhile");
    }
    fresh.greet();
    return fresh;
  }

  /** Calls off the transfer that is running or open, if there is one; any thread may. */
  public void abort() {
    endPause();
    Transfer running = transfer;
    if (running != null) {
      running.requestAbort();
    }
  }

  /** Ends the session: with QUIT when nobody is using it, at once otherwise; any thread may. */
  public void close() {
    closing = true;
    endPause();
    Thread other = user.compareAndExchange(null, Thread.currentThread());
    if (other != null && other != Thread.currentThread()) {
      Transfer running = transfer;
      control().condemn("close() was called");
      if (running != null) {
        // Before the server sees us leave: it might end the data in good order then, and they would seem complete.
        running.terminate();
      }
      control().close("close() was called");
      return;
    }
    try {
      Transfer open = transfer;
      if (open != null) {
        control().close("close() was called while " + open + " was open");
        open.terminate();
      } else if (control().isOpen()) {
        quit();
      }
    } finally {
      pipeline.drop();
      if (other == null) {
        user.set(null);
      }
    }
  }

  private void quit() {
    Command quit = Command.of("QUIT");
    try {
      control().send(quit);
      control().readReply(quit, config.timeouts().close());
    } catch (FtpException e) {
      LOG.debug("no farewell from {}: {}", config, e.getMessage());
    } finally {
      control().close("close() was called");
    }
  }

  /** QUIT with its reply; the session is closed whatever that says. */
  public Reply leave() throws FtpException {
    return runVerb(
        control -> {
          closing = true;
          try {
            return control.ask("QUIT").reply();
          } finally {
            control.close("QUIT was sent");
          }
        });
  }

  /** Takes over what may change in a running session, from the next verb on. */
  public void adopt(FtpConfig other) {
    exclusively(
        () -> {
          FtpConfig.Builder mixed =
              config.toBuilder()
                  .dataMode(other.dataMode())
                  .transferType(other.transferType())
                  .blockSize(other.blockSize())
                  .sendWindow(other.sendWindow())
                  .listHidden(other.listHidden())
                  .timeouts(other.timeouts());
          config = mixed.build();
          control().adopt(config);
          return true;
        });
  }

  /** Whether no verb is running in another thread, and no stream is open. */
  boolean isFree() {
    Thread using = user.get();
    return transfer == null && (using == null || using == Thread.currentThread());
  }

  /** Whether the next command can be sent, as far as is known. */
  public boolean isOpen() {
    return control().isOpen();
  }

  /** Where to and how. */
  public FtpConfig config() {
    return config;
  }

  /** What the server said it can. */
  public Features features() {
    return features;
  }

  /** What the server said first. */
  public Reply greeting() {
    return greeting;
  }

  /** The conversation so far. */
  public Transcript transcript() {
    return transcript;
  }

  /** How names become bytes here. */
  public NameCodec codec() {
    return codec;
  }

  Deadline deadline() {
    return deadline;
  }

  /** The control connection in use. */
  public ControlConnection control() {
    return login.control();
  }

  public @Nullable TlsUpgrade tls() {
    return login.tls();
  }

  /** Whether data connections are to be protected. */
  public boolean protectingData() {
    return config.tls() instanceof TlsPolicy.Secured secured && !secured.clearData();
  }

  /** What this session has set on its connection. */
  public SessionState state() {
    return state;
  }

  /** What is known of the server, for this session and all others. */
  public SharedProfile profile() {
    return profile;
  }

  /** Whether data connections resume the TLS session. */
  public TlsResumption resumption() {
    return resumption;
  }

  /** What is sent ahead of its time. */
  public Pipeline pipeline() {
    return pipeline;
  }
}
