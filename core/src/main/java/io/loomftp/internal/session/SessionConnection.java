package io.loomftp.internal.session;

import io.loomftp.Credentials;
import io.loomftp.ErrorKind;
import io.loomftp.Features;
import io.loomftp.FtpClosedException;
import io.loomftp.FtpConfig;
import io.loomftp.FtpConnectException;
import io.loomftp.FtpException;
import io.loomftp.FtpTlsException;
import io.loomftp.Reply;
import io.loomftp.TlsPolicy;
import io.loomftp.TransferType;
import io.loomftp.internal.control.ControlConnection;
import io.loomftp.internal.control.ExclusiveUse;
import io.loomftp.internal.control.Exchange;
import io.loomftp.internal.control.LoginSequence;
import io.loomftp.internal.control.OperationBounds;
import io.loomftp.internal.control.ServerProfile.Fact;
import io.loomftp.internal.control.SessionState;
import io.loomftp.internal.control.SharedProfile;
import io.loomftp.internal.control.TlsResumption;
import io.loomftp.internal.control.Transcript;
import io.loomftp.internal.net.TlsUpgrade;
import io.loomftp.internal.text.NameCodec;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The control connection of a session, and its replacement by a new one that is brought to the same state. */
final class SessionConnection {
  private static final Logger LOG = LoggerFactory.getLogger(SessionConnection.class);
  /** Keys for JSSE's session cache, above all port numbers, so that no other session is found under them. */
  private static final AtomicInteger KEYS = new AtomicInteger(70_000);

  /** The TLS version whose sessions can be resumed more than once. */
  private static final String REUSABLE = "TLSv1.2";

  private volatile FtpConfig config;
  private final NameCodec codec;
  private final Transcript transcript = new Transcript();
  private final OperationBounds bounds;
  private final ExclusiveUse use;
  private final SessionState state;
  private final SharedProfile profile;
  private final TlsResumption resumption = new TlsResumption();
  private final Reply greeting;

  private volatile LoginSequence login;
  private volatile Features features = Features.NONE;
  private volatile boolean outOfStep;
  private @Nullable Credentials credentials;

  /** Connects, reads the greeting, and establishes TLS where it is configured. */
  SessionConnection(
      FtpConfig config, OperationBounds bounds, ExclusiveUse use, SessionState state, SharedProfile profile)
      throws FtpException {
    this.config = config;
    this.codec = new NameCodec(config.charset());
    this.bounds = bounds;
    this.use = use;
    this.state = state;
    this.profile = profile;
    this.login = dial(protocols(), null);
    this.greeting = login.greet();
  }

  private LoginSequence dial(List<String> protocols, @Nullable LoginSequence before) throws FtpException {
    try {
      return LoginSequence.dial(config, KEYS.incrementAndGet(), codec, transcript, bounds, protocols, before);
    } catch (FtpConnectException e) {
      if (bounds.isCancelled()) {
        throw new FtpClosedException("connecting to " + config + " was aborted", ErrorKind.ABORTED, transcript.lines(), e);
      }
      throw e;
    }
  }

  private List<String> protocols() {
    return config.tls() instanceof TlsPolicy.Secured secured ? secured.protocols() : List.of();
  }

  /** Logs in; may be called again after a refusal. */
  Features login(Credentials who) throws FtpException {
    state.forgetType();
    if (credentials != null) {
      state.stateUnknown();
      credentials = null; // a new connection must not log in as the old user when this is refused
    }
    features = login.login(who);
    credentials = who;
    return features;
  }

  /**
   * Reconnects to a server that demands that data connections resume the control connection's session, when a TLS 1.3 client
   * has no ticket left to do so. A new connection brings new tickets. Where they run out again soon, TLS 1.2 is tried, with
   * which a session can be resumed any number of times if the server supports it.
   *
   * @return false when that is impossible since there was no login
   */
  boolean reconnectForTickets() throws FtpException {
    Credentials who = credentials;
    if (who == null) {
      return false;
    }
    LOG.warn("{}: the TLS session of the control connection can no longer be resumed; reconnecting", config);
    transcript.add("* no TLS session to resume: reconnecting");
    if (REUSABLE.equals(control().tlsVersion())) {
      profile.learn(Fact.TLS12_RESUMES, false);
    }
    control().close("replaced by a new connection");
    LoginSequence fresh = greetedWithTickets();
    resumption.reconnected();
    restore(fresh, who);
    return true;
  }

  private LoginSequence greetedWithTickets() throws FtpException {
    if (protocols().contains(REUSABLE) && !profile.fails(Fact.TLS12_RESUMES) && resumption.ranOutSoon()) {
      try {
        return greeted(List.of(REUSABLE));
      } catch (FtpTlsException e) {
        LOG.debug("{} does not support TLS 1.2: {}", config, e.getMessage());
        profile.learn(Fact.TLS12_RESUMES, false);
      }
    }
    return greeted(protocols());
  }

  /**
   * Connects, logs in and returns to the present folder; the session is usable afterwards.
   *
   * @throws FtpClosedException also when the session was closed on purpose, or there was no login
   */
  void reconnect() throws FtpException {
    Credentials who = credentials;
    if (use.isEnding() || who == null) {
      outOfStep = false;
      control().checkOpen("reconnecting");
      return;
    }
    LOG.debug("{}: reconnecting", config);
    transcript.add("* reconnecting");
    control().close("replaced by a new connection");
    restore(greeted(protocols()), who);
    outOfStep = false;
  }

  private LoginSequence greeted(List<String> protocols) throws FtpException {
    LoginSequence fresh = dial(protocols, login);
    login = fresh;
    if (use.isEnding()) {
      fresh.control().close("closed meanwhile");
    }
    fresh.greet();
    return fresh;
  }

  /** Restores the state of the old connection on the new one. */
  private void restore(LoginSequence fresh, Credentials who) throws FtpException {
    features = fresh.login(who);
    Optional<TransferType> type = state.type();
    state.forgetType();
    goBack(fresh.control());
    if (type.isPresent()) {
      state.setType(fresh.control(), type.get());
    }
  }

  /** Enters the present folder again: by the path that PWD gave, and if that is refused, step by step. */
  private void goBack(ControlConnection control) throws FtpException {
    FtpException refused = null;
    for (List<String> way : state.returnPaths()) {
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

  /**
   * The pending replies are unknown, so the connection can no longer be used. The next verb replaces it where that loses
   * nothing; else the session is closed.
   */
  void outOfStep() {
    control().close("the pending replies of the server are unknown: reconnect");
    outOfStep = credentials != null && !state.isStateUnknown() && !use.isEnding();
  }

  /** Whether the next verb begins by reconnecting. */
  boolean isToBeReplaced() {
    return outOfStep && !use.isEnding();
  }

  /** Reconnects if that is due. */
  void replaceIfDue() throws FtpException {
    if (isToBeReplaced()) {
      reconnect();
    }
  }

  /** Takes over the timeouts of this configuration. */
  void adopt(FtpConfig other) {
    config = other;
    control().adopt(other);
  }

  FtpConfig config() {
    return config;
  }

  ControlConnection control() {
    return login.control();
  }

  @Nullable
  TlsUpgrade tls() {
    return login.tls();
  }

  Features features() {
    return features;
  }

  Reply greeting() {
    return greeting;
  }

  Transcript transcript() {
    return transcript;
  }

  NameCodec codec() {
    return codec;
  }

  TlsResumption resumption() {
    return resumption;
  }
}
