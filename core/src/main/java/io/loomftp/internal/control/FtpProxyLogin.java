package io.loomftp.internal.control;

import io.loomftp.Credentials;
import io.loomftp.ErrorKind;
import io.loomftp.FtpClosedException;
import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.FtpProxyException;
import io.loomftp.ProxyPolicy;
import io.loomftp.Reply;
import io.loomftp.ReplyCode;
import io.loomftp.internal.wire.Command;
import org.jspecify.annotations.Nullable;

/** Tells an FTP proxy which server to talk to: by SITE or OPEN before the login, or as part of the user's name. */
final class FtpProxyLogin {
  private static final int FTP_PORT = 21;

  private final ProxyPolicy.FtpProxy proxy;
  private final ControlConnection control;
  private final String host;
  private final int port;
  private boolean entered;

  private FtpProxyLogin(ProxyPolicy.FtpProxy proxy, FtpConfig config, ControlConnection control) {
    this.proxy = proxy;
    this.control = control;
    this.host = config.host().indexOf(':') < 0 ? config.host() : "[" + config.host() + "]";
    this.port = config.port();
  }

  /** The login at the proxy of this configuration; null where there is no FTP proxy. */
  static @Nullable FtpProxyLogin of(FtpConfig config, ControlConnection control) {
    return config.proxy() instanceof ProxyPolicy.FtpProxy proxy ? new FtpProxyLogin(proxy, config, control) : null;
  }

  /** The name by which the user of the server logs in. */
  String user(String user) {
    return switch (proxy.login()) {
      case USER_AT_HOST -> user + "@" + server();
      case USER_AT_HOST_PORT -> user + "@" + host + (port == FTP_PORT ? "" : " " + port);
      case SITE, OPEN -> user;
    };
  }

  private String server() {
    return port == FTP_PORT ? host : host + ":" + port;
  }

  /** Throws when a command cannot be encoded; sends nothing. */
  void check() {
    proxy.credentials().ifPresent(who -> {
      control.check(userCommand(who));
      control.check(passwordCommand(who));
    });
    control.check(Command.of("SITE", server()));
  }

  /** Logs in at the proxy itself where that is configured, and names the server where the user's name does not; once. */
  void enter() throws FtpException {
    if (entered) {
      return;
    }
    if (proxy.credentials().isPresent()) {
      logIn(proxy.credentials().get());
    }
    if (proxy.login() == ProxyPolicy.FtpProxy.Login.SITE || proxy.login() == ProxyPolicy.FtpProxy.Login.OPEN) {
      Command command = Command.of(proxy.login().name(), server());
      Reply reply = ask(command);
      if (!reply.isCompletion() && !reply.isIntermediate()) {
        throw refused(command, reply, ErrorKind.CONNECT);
      }
    }
    entered = true;
  }

  private void logIn(Credentials who) throws FtpException {
    Command command = userCommand(who);
    Reply reply = ask(command);
    if (reply.code() == ReplyCode.NEED_PASSWORD.code()) {
      command = passwordCommand(who);
      reply = ask(command);
    }
    // 331 and 332 can be a request for the server's own user and account.
    if (!reply.isCompletion() && !reply.isIntermediate()) {
      throw refused(command, reply, ErrorKind.LOGIN);
    }
  }

  private static Command userCommand(Credentials who) {
    return Command.of("USER", who.user());
  }

  private static Command passwordCommand(Credentials who) {
    return Command.of("PASS", new String(who.password()));
  }

  /** Sends a command to the proxy; a 421 in reply is a refusal of the proxy. */
  Reply ask(Command command) throws FtpException {
    try {
      return control.ask(command).reply();
    } catch (FtpClosedException e) {
      if (e.kind() != ErrorKind.BUSY) {
        throw e;
      }
      String message = "the proxy " + url() + " refused " + e.getMessage();
      throw new FtpProxyException(message, url(), null, ErrorKind.CONNECT, control.transcript().lines(), e);
    }
  }

  /** The exception for a refusal by the proxy itself; the connection is ended. */
  FtpProxyException refused(Command command, Reply reply, ErrorKind kind) {
    String message = "the proxy " + url() + " refused " + command + ": " + reply;
    return control.fail(
        new FtpProxyException(message, url(), reply.toString(), kind, control.transcript().lines(), null));
  }

  private String url() {
    return "ftp://" + (proxy.host().indexOf(':') < 0 ? proxy.host() : "[" + proxy.host() + "]") + ":" + proxy.port();
  }
}
