package io.loomftp.internal.control;

import io.loomftp.Credentials;
import io.loomftp.ErrorKind;
import io.loomftp.Features;
import io.loomftp.FtpClosedException;
import io.loomftp.FtpConfig;
import io.loomftp.FtpConnectException;
import io.loomftp.FtpException;
import io.loomftp.FtpLoginException;
import io.loomftp.FtpProtocolException;
import io.loomftp.FtpProxyException;
import io.loomftp.FtpTlsException;
import io.loomftp.LoginCommand;
import io.loomftp.ProxyPolicy;
import io.loomftp.Reply;
import io.loomftp.ReplyCode;
import io.loomftp.TlsPolicy;
import io.loomftp.internal.net.TlsUpgrade;
import io.loomftp.internal.proxy.ProxyException;
import io.loomftp.internal.proxy.RouteDialer;
import io.loomftp.internal.text.NameCodec;
import io.loomftp.internal.wire.Command;
import io.loomftp.internal.wire.FeatureReply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.commons.io.IOUtils;
import org.jspecify.annotations.Nullable;

/**
 * Opens a session: connect, greeting, TLS, USER and PASS, FEAT, and the configured commands after
 * login (RFC 959 section 5.4, RFC 4217, RFC 2389).
 */
public final class LoginSequence {
  private static final Command GREETING = Command.of("GREETING");
  private static final Command HANDSHAKE = Command.of("TLS");
  private static final int MAX_GREETINGS = 8;

  /** The bound for the reply to FEAT when another one came in its place. */
  private static final Duration LATE = Duration.ofSeconds(1);

  private final FtpConfig config;
  private final Transcript transcript;
  private final ControlConnection control;
  private final @Nullable TlsUpgrade tls;
  private final @Nullable FtpProxyLogin proxy;
  private final ConnectionPermits.Permit permit;
  /** Whether the server accepts PBSZ and PROT only after the login. */
  private boolean protectionLater;
  /** Whether the greeting said that the login is done (230, RFC 959 section 5.4). */
  private boolean alreadyLoggedIn;

  private LoginSequence(
      FtpConfig config, Transcript transcript, ControlConnection control, @Nullable TlsUpgrade tls,
      ConnectionPermits.Permit permit) {
    this.config = config;
    this.transcript = transcript;
    this.control = control;
    this.tls = tls;
    this.proxy = FtpProxyLogin.of(config, control);
    this.permit = permit;
  }

  /**
   * Establishes the TCP connection when the connection limit of the server permits; reads nothing yet.
   *
   * @param before the sequence whose connection this one replaces, or null
   */
  public static LoginSequence dial(
      FtpConfig config, int key, NameCodec codec, Transcript transcript, OperationBounds bounds, List<String> protocols,
      @Nullable LoginSequence before)
      throws FtpException {
    Duration wait = bounds.cut(config.timeouts().connect());
    ConnectionPermits.Permit permit =
        before == null
            ? PermitRegistry.take(config, wait, bounds.cancellation())
            : before.permit.next(config, wait, bounds.cancellation());
    try {
      return dial(config, key, codec, transcript, bounds, protocols, permit);
    } catch (FtpException e) {
      permit.failed(e);
      permit.released();
      throw e;
    } catch (Throwable e) {
      permit.released();
      throw e;
    }
  }

  private static LoginSequence dial(
      FtpConfig config, int key, NameCodec codec, Transcript transcript, OperationBounds bounds, List<String> protocols,
      ConnectionPermits.Permit permit)
      throws FtpException {
    RouteDialer.Dialed dialed = null;
    try {
      transcript.add("* connecting to " + config.host() + " port " + config.port());
      TlsUpgrade tls = tlsFor(config, key, protocols);
      dialed = ControlDial.connect(config, key, bounds);
      transcript.add("* connected to " + dialed.route());
      var control = new ControlConnection(config, dialed, codec, transcript, bounds, permit);
      return new LoginSequence(config, transcript, control, tls, permit);
    } catch (IOException e) {
      IOUtils.closeQuietly(dialed == null ? null : dialed.socket());
      String message = "cannot connect to " + config + ": " + e.getMessage();
      if (ControlDial.isCalledOff(bounds)) {
        throw new FtpConnectException(message, ErrorKind.ABORTED, transcript.lines(), e);
      }
      if (e instanceof ProxyException refusal) {
        ErrorKind kind = refusal.isLogin() ? ErrorKind.LOGIN : ErrorKind.CONNECT;
        throw new FtpProxyException(message, refusal.proxy(), refusal.reply(), kind, transcript.lines(), e);
      }
      throw new FtpConnectException(message, ErrorKind.CONNECT, transcript.lines(), e);
    } catch (GeneralSecurityException e) {
      throw new FtpTlsException("cannot set up TLS: " + e.getMessage(), ErrorKind.TLS, transcript.lines(), e);
    }
  }

  private static @Nullable TlsUpgrade tlsFor(FtpConfig config, int key, List<String> protocols)
      throws GeneralSecurityException {
    if (!(config.tls() instanceof TlsPolicy.Secured secured)) {
      return null;
    }
    String peer = config.proxy() instanceof ProxyPolicy.FtpProxy proxy ? proxy.host() : config.host();
    return new TlsUpgrade(secured.context().orElse(null), secured.pin().orElse(null), peer, key, protocols);
  }

  public ControlConnection control() {
    return control;
  }

  public @Nullable TlsUpgrade tls() {
    return tls;
  }

  /** Reads the greeting and establishes TLS, before a user name is sent; the connection is closed if that fails. */
  public Reply greet() throws FtpException {
    try {
      if (!(config.tls() instanceof TlsPolicy.Secured secured) || tls == null) {
        return greeting(false);
      }
      if (secured.implicit()) {
        handshake(() -> control.startTls(tls));
        Reply greeting = greeting(false);
        protectData();
        return greeting;
      }
      Reply greeting = greeting(true);
      authTls(tls);
      protectData();
      return greeting;
    } catch (Throwable e) {
      control.close(String.valueOf(e.getMessage()));
      throw e;
    }
  }

  private Reply greeting(boolean strict) throws FtpException {
    Reply reply;
    int greetings = 0;
    try {
      do {
        reply = control.readReply(GREETING, config.timeouts().reply());
      } while (reply.isPreliminary() && ++greetings < MAX_GREETINGS);
    } catch (FtpException e) {
      throw e.kind() == ErrorKind.BUSY ? control.fail(connectFailure(e, ErrorKind.BUSY)) : e;
    }
    boolean ready = strict ? reply.code() == ReplyCode.SERVICE_READY.code() : reply.isCompletion();
    if (!ready) {
      ErrorKind kind = reply.isTransientError() ? ErrorKind.BUSY : ErrorKind.CONNECT;
      throw control.fail(
          new FtpConnectException(config + " is not ready: " + reply, kind, transcript.lines(), null));
    }
    permit.greeted();
    alreadyLoggedIn = reply.code() == ReplyCode.LOGGED_IN.code();
    return reply;
  }

  private FtpConnectException connectFailure(FtpException cause, ErrorKind kind) {
    return new FtpConnectException(config + " refuses the connection: " + cause.getMessage(), kind, transcript.lines(), cause);
  }

  private void authTls(TlsUpgrade upgrade) throws FtpException {
    Exchange auth = control.ask("AUTH", "TLS");
    if (auth.reply().code() != ReplyCode.SECURITY_EXCHANGE_COMPLETE.code()) {
      throw tlsFailure("AUTH TLS refused: " + auth.reply(), null);
    }
    handshake(() -> control.upgrade(upgrade));
  }

  private interface Handshake {
    void run() throws IOException;
  }

  private void handshake(Handshake handshake) throws FtpException {
    try {
      handshake.run();
    } catch (IOException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw control.lost(HANDSHAKE, e);
      }
      if (control.bounds().isCancelled()) {
        throw control.fail(
            new FtpClosedException("aborted in the TLS handshake with " + config, ErrorKind.ABORTED, transcript.lines(), e));
      }
      throw tlsFailure("no TLS with " + config + ": " + e.getMessage(), e);
    }
  }

  private FtpTlsException tlsFailure(String message, @Nullable Throwable cause) {
    return control.fail(new FtpTlsException(message, ErrorKind.TLS, transcript.lines(), cause));
  }

  /**
   * PBSZ and PROT (RFC 4217 section 9). Servers that want the login first answer 530, some 503: they are sent again after it.
   * Where data is to travel in clear text, a refusal has no effect: that is the default (RFC 2228 section 3).
   */
  private void protectData() throws FtpException {
    boolean clear = config.tls() instanceof TlsPolicy.Secured secured && secured.clearData();
    boolean before = !protectionLater;
    for (Command command : List.of(Command.of("PBSZ", "0"), Command.of("PROT", clear ? "C" : "P"))) {
      Reply reply = control.ask(command).reply();
      boolean early = reply.code() == ReplyCode.NOT_LOGGED_IN.code() || reply.code() == ReplyCode.BAD_SEQUENCE.code();
      if (before && early) {
        protectionLater = true;
        return;
      }
      if (!reply.isCompletion() && !(clear && reply.firstDigit() == 5)) {
        throw tlsFailure(command + " refused: " + reply, null);
      }
    }
    protectionLater = false;
  }

  /** USER, PASS, ACCT as far as the server asks for them (RFC 959 section 5.4), then FEAT and what follows from it. */
  public Features login(Credentials credentials) throws FtpException {
    if (alreadyLoggedIn && proxy == null) {
      alreadyLoggedIn = false;
      transcript.add("* the greeting says that the login is done: USER and PASS are not sent");
    } else {
      identify(credentials);
    }
    if (protectionLater) {
      protectData();
    }
    Features features = FeatureReply.of(feat());
    if (features.has("UTF8") && config.charset().equals(StandardCharsets.UTF_8)) {
      control.ask("OPTS", "UTF8 ON");
    }
    control.loggedIn();
    for (LoginCommand command : config.afterLogin()) {
      send(command);
    }
    return features;
  }

  /**
   * Sends FEAT, which is answered by 211 or an error (RFC 2389 section 3.2); another 2yz before that is a late reply to the
   * login and is dropped.
   */
  private Reply feat() throws FtpException {
    Command feat = Command.of("FEAT");
    Reply reply = control.ask(feat).reply();
    for (int i = 0; i < MAX_GREETINGS && reply.isCompletion() && reply.code() != ReplyCode.SYSTEM_STATUS.code(); i++) {
      if (!control.hasReply(control.cut(LATE))) {
        control.uncertain();
        return reply;
      }
      transcript.add("* dropped, since it is no reply to FEAT: " + reply);
      reply = control.readFinal(feat, config.timeouts().reply());
    }
    if (reply.isIntermediate()) {
      control.uncertain(); // a late reply to USER
    }
    return reply;
  }

  private void identify(Credentials credentials) throws FtpException {
    Command user = Command.of("USER", proxy == null ? credentials.user() : proxy.user(credentials.user()));
    Command password = Command.of("PASS", new String(credentials.password()));
    Optional<Command> account = credentials.account().map(a -> Command.of("ACCT", a));
    // A password that cannot be sent must be refused before the user name is sent.
    control.check(user);
    control.check(password);
    account.ifPresent(control::check);
    if (proxy != null) {
      proxy.check();
      proxy.enter();
    }
    permit.beginLogin(credentials);
    Command last = user;
    Reply reply = askUser(user);
    if (reply.code() == ReplyCode.NEED_PASSWORD.code()) {
      last = password;
      reply = control.ask(last).reply();
    }
    if (reply.code() == ReplyCode.NEED_ACCOUNT.code()) {
      if (account.isEmpty()) {
        throw refused(last, reply);
      }
      last = account.get();
      reply = control.ask(last).reply();
    }
    if (!reply.isCompletion()) {
      throw proxy != null && last.equals(user) && reply.isError() && reply.code() != ReplyCode.NOT_LOGGED_IN.code()
          ? proxy.refused(user, reply, ErrorKind.CONNECT)
          : refused(last, reply);
    }
  }

  /** Sends USER; another 220 is a late part of the greeting and never the reply to it. */
  private Reply askUser(Command user) throws FtpException {
    Reply reply = proxy == null ? control.ask(user).reply() : proxy.ask(user);
    for (int i = 0; i < MAX_GREETINGS && reply.code() == ReplyCode.SERVICE_READY.code(); i++) {
      transcript.add("* dropped, since it is no reply to USER: " + reply);
      reply = control.readFinal(user, config.timeouts().reply());
    }
    return reply;
  }

  private void send(LoginCommand wanted) throws FtpException {
    String[] parts = wanted.command().split(" ", 2);
    Command command = parts.length == 1 ? Command.of(parts[0]) : Command.of(parts[0], parts[1]);
    Exchange exchange = control.ask(command);
    if (exchange.reply().isCompletion() || (wanted.optional() && exchange.reply().isError())) {
      return;
    }
    FtpException refused = exchange.refused();
    throw control.fail(
        new FtpClosedException(
            command + ", configured to be sent after login, was refused: " + exchange.reply()
                + "; make it optional if the session can work without it",
            refused.kind(),
            transcript.lines(),
            refused));
  }

  private FtpException refused(Command command, Reply reply) {
    if (reply.isPreliminary() || (reply.isIntermediate() && reply.code() != ReplyCode.NEED_ACCOUNT.code())) {
      return control.fail(
          new FtpProtocolException(
              command + ": " + reply + " is no valid reply to it", ErrorKind.PROTOCOL, transcript.lines(), null));
    }
    boolean busy = reply.isTransientError() && reply.code() != 430;
    var refusal =
        new FtpLoginException(command.toString(), reply, busy ? ErrorKind.BUSY : ErrorKind.LOGIN, transcript.lines());
    permit.failed(refusal);
    return refusal;
  }
}
