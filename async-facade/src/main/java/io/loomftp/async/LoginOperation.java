package io.loomftp.async;

import io.loomftp.Credentials;
import io.loomftp.FtpSession;
import io.loomftp.Reply;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Connects and logs in, or only logs in. */
final class LoginOperation extends Operation<Reply> {
  private static final Set<String> VERBS = Set.of("USER", "PASS", "ACCT");

  private final Optional<Credentials> credentials;
  private volatile @Nullable Reply welcome;
  private boolean loggingIn;
  private boolean isLoggedIn;

  private LoginOperation(SessionLoop session, String name, Optional<Credentials> credentials) {
    super(session, name, "");
    this.credentials = credentials;
  }

  /** Connects, and logs in if the configuration has credentials. The value is the greeting. */
  static LoginOperation connect(SessionLoop session) {
    return new LoginOperation(session, "connect", session.config().credentials());
  }

  /**
   * Connects again after the connection was lost.
   *
   * @param accepted what the server accepted before, where anybody was logged in
   */
  static LoginOperation reconnect(SessionLoop session, Optional<Credentials> accepted) {
    return new LoginOperation(session, "connect", accepted.or(() -> session.config().credentials()));
  }

  /**
   * Logs in. The value is the reply that accepts the login.
   *
   * @param credentials empty for those of the configuration
   */
  static LoginOperation login(SessionLoop session, Optional<Credentials> credentials) {
    return new LoginOperation(session, "login", credentials);
  }

  @Override
  void replied(String verb, Reply reply) {
    super.replied(verb, reply);
    if (VERBS.contains(verb) && reply.isCompletion()) {
      welcome = reply;
    }
  }

  @Override
  Outcome<Reply> run() throws Exception {
    if (name().equals("login")) {
      loggingIn = true;
      Reply reply = login(session().open(), given());
      return new Outcome<>(reply, authenticated(reply));
    }
    FtpSession known = session().known();
    if (known != null) {
      isLoggedIn = session().isLoggedIn();
      return new Outcome<>(known.greeting(), null);
    }
    FtpSession ftp = session().dial();
    Reply greeting = ftp.greeting();
    session().events().announce(new FtpEvent.Connected(session().alias(), greeting.code(), greeting.text()));
    if (credentials.isEmpty()) {
      isLoggedIn = greeting.code() == 230; // RFC 959 section 5.4: no login is needed
      return new Outcome<>(greeting, null);
    }
    return new Outcome<>(greeting, authenticated(login(ftp, credentials.get())));
  }

  private Reply login(FtpSession ftp, Credentials who) throws Exception {
    loggingIn = true;
    welcome = null;
    ftp.login(who);
    isLoggedIn = true;
    session().accepted(who);
    Reply reply = welcome;
    return reply == null ? Reply.of(230, "logged in") : reply;
  }

  private FtpEvent authenticated(Reply reply) {
    return new FtpEvent.Authenticated(session().alias(), reply.code(), reply.text());
  }

  private Credentials given() {
    return credentials
        .or(() -> session().config().credentials())
        .orElseThrow(() -> new IllegalStateException("no credentials in the configuration"));
  }

  @Override
  boolean runsBeforeLogin() {
    return true;
  }

  @Override
  void ended(@Nullable Throwable reason) {
    Throwable missing = isLoggedIn ? null : new IllegalStateException("nobody is logged in: call login first");
    session().loggedIn(reason == null ? missing : reason);
  }

  @Override
  FtpEvent failure(Throwable reason) {
    return failed(loggingIn ? "login" : "connect", reason);
  }
}
