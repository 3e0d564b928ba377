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

  private LoginOperation(SessionLoop session, String name, Optional<Credentials> credentials) {
    super(session, name, "");
    this.credentials = credentials;
  }

  /** Connects, and logs in if the configuration has credentials. The value is the greeting. */
  static LoginOperation connect(SessionLoop session) {
    return new LoginOperation(session, "connect", session.config().credentials());
  }

  /** Logs in. The value is the reply that accepts the login. */
  static LoginOperation login(SessionLoop session, Credentials credentials) {
    return new LoginOperation(session, "login", Optional.of(credentials));
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
      Reply reply = login(session().open(), credentials.orElseThrow());
      return new Outcome<>(reply, authenticated(reply));
    }
    FtpSession known = session().known();
    if (known != null) {
      return new Outcome<>(known.greeting(), null);
    }
    FtpSession ftp = session().dial(this);
    Reply greeting = ftp.greeting();
    session().events().announce(new FtpEvent.Connected(session().alias(), greeting.code(), greeting.text()));
    if (credentials.isEmpty()) {
      return new Outcome<>(greeting, null);
    }
    return new Outcome<>(greeting, authenticated(login(ftp, credentials.get())));
  }

  private Reply login(FtpSession ftp, Credentials who) throws Exception {
    loggingIn = true;
    welcome = null;
    ftp.login(who);
    Reply reply = welcome;
    return reply == null ? Reply.of(230, "logged in") : reply;
  }

  private FtpEvent authenticated(Reply reply) {
    return new FtpEvent.Authenticated(session().alias(), reply.code(), reply.text());
  }

  @Override
  @Nullable
  FtpEvent endEvent() {
    Throwable reason = trouble();
    return reason == null ? super.endEvent() : failed(loggingIn ? "login" : "connect", reason);
  }
}
