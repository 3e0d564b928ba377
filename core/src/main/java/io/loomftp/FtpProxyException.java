package io.loomftp;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * No connection to the server because of the proxy: it cannot be reached, refuses, does not answer in time, or answers something
 * else than its protocol. The kind is {@link ErrorKind#LOGIN} when it refuses its own login or demands one, else {@link
 * ErrorKind#CONNECT}.
 */
public final class FtpProxyException extends FtpConnectException {
  private static final long serialVersionUID = 1L;

  private final String proxy;
  private final @Nullable String reply;

  /** For the library: use what the session throws. */
  public FtpProxyException(
      String message, String proxy, @Nullable String reply, ErrorKind kind, List<String> transcript, @Nullable Throwable cause) {
    super(message, kind, transcript, cause);
    this.proxy = proxy;
    this.reply = reply;
  }

  /** The proxy as a URL, such as {@code socks5://proxy.example.org:1080}, without a user. */
  public String proxy() {
    return proxy;
  }

  /**
   * The answer with which the proxy refused: code and text, such as {@code 403 Filtered}, or {@code 2 connection not allowed by
   * ruleset} with the words of RFC 1928. Empty when there was none.
   */
  public Optional<String> reply() {
    return Optional.ofNullable(reply);
  }
}
