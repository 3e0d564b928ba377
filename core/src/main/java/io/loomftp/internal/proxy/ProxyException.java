package io.loomftp.internal.proxy;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A proxy cannot be reached, refuses, does not answer, or does not answer as a proxy does. */
public final class ProxyException extends IOException {
  private static final long serialVersionUID = 1L;

  private enum Fault {
    REFUSED,
    LOGIN,
    BROKEN,
    UNREACHABLE
  }

  private final String proxy;
  private final @Nullable String reply;
  private final Fault fault;

  private ProxyException(String message, String proxy, @Nullable String reply, Fault fault, @Nullable Throwable cause) {
    super(message, cause);
    this.proxy = proxy;
    this.reply = reply;
    this.fault = fault;
  }

  /** The proxy refused a request with this answer. */
  static ProxyException refused(String proxy, String what, String reply) {
    return new ProxyException("the proxy " + proxy + " refused " + what + ": " + reply, proxy, reply, Fault.REFUSED, null);
  }

  /** The proxy refused the login, or demands one. */
  static ProxyException login(String proxy, String what, @Nullable String reply) {
    return new ProxyException("the proxy " + proxy + " " + what, proxy, reply, Fault.LOGIN, null);
  }

  /** The proxy broke the protocol or the connection. */
  static ProxyException broken(String proxy, String what, @Nullable Throwable cause) {
    return new ProxyException("the proxy " + proxy + " " + what, proxy, null, Fault.BROKEN, cause);
  }

  /** No connection to the proxy. */
  static ProxyException unreachable(String proxy, IOException cause) {
    return new ProxyException("no connection to the proxy " + proxy + ": " + cause.getMessage(), proxy, null, Fault.UNREACHABLE,
        cause);
  }

  /** The proxy as a URL, without a user. */
  public String proxy() {
    return proxy;
  }

  /** The answer with which the proxy refused, or null. */
  public @Nullable String reply() {
    return reply;
  }

  /** Whether the proxy refused a login or demands one. */
  public boolean isLogin() {
    return fault == Fault.LOGIN;
  }

  /** Whether there was no connection to the proxy. */
  boolean isUnreachable() {
    return fault == Fault.UNREACHABLE;
  }
}
