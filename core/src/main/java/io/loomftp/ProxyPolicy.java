package io.loomftp;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;

/**
 * Whether and how a session goes through a proxy. All connections of a session take the same way, control and data, with every
 * {@link TlsPolicy}. {@link Timeouts#connect()} bounds the whole of connecting: the TCP connection to the proxy and the exchange
 * with it.
 *
 * {@snippet :
 * FtpConfig config = FtpConfig.builder("ftp.example.org")
 *     .credentials("alice", password)
 *     .proxy(ProxyPolicy.socks5("proxy.example.org", 1080).withCredentials("bob", proxyPassword))
 *     .build();
 * }
 *
 * <p>With SOCKS and HTTP proxies the server's name is resolved by the proxy, never on this side, and TLS is end to end: the proxy
 * sees neither names nor contents, and the certificate is the server's. With {@link FtpProxy} the proxy takes part in the session:
 * it sees the password and all data, and TLS protects the way to it only.
 *
 * <p>A failure to reach the proxy, or its refusal, is a {@link FtpProxyException}; for a data connection it is a {@link
 * FtpTransferException} of the kind {@link ErrorKind#CONNECT} whose message says what the proxy answered. Passwords for proxies
 * never appear in {@code toString()}, logs, transcripts or exceptions.
 */
public sealed interface ProxyPolicy {
  /** Connects to the server itself, whatever proxies the JVM's system properties name; the default. */
  static Direct direct() {
    return new Direct();
  }

  /** A SOCKS 5 proxy (RFC 1928), by default without a login. */
  static Socks5 socks5(String host, int port) {
    return new Socks5(host, port, Optional.empty());
  }

  /** A SOCKS 4a proxy, by default with an empty user id. */
  static Socks4a socks4a(String host, int port) {
    return new Socks4a(host, port, "");
  }

  /** An HTTP proxy with the method CONNECT (RFC 9110 section 9.3.6), by default without a login. */
  static HttpConnect httpConnect(String host, int port) {
    return new HttpConnect(host, port, Optional.empty());
  }

  /** An FTP proxy that is told the server by {@code USER user@host}, by default without a login of its own. */
  static FtpProxy ftp(String host, int port) {
    return new FtpProxy(host, port, FtpProxy.Login.USER_AT_HOST, Optional.empty());
  }

  /**
   * The proxy that the JVM's default {@link ProxySelector} chooses for {@code ftp://host:port}, asked anew for each session: by
   * the system properties {@code ftp.proxyHost}, {@code socksProxyHost} and {@code ftp.nonProxyHosts}, or whatever the program
   * has installed.
   */
  static Selected system() {
    return new Selected(Optional.empty(), Optional.empty());
  }

  /**
   * The proxy that a selector chooses for {@code ftp://host:port}, asked anew for each session. Its proxies are tried in their
   * order: those of the type {@code HTTP} with CONNECT, {@code SOCKS} as SOCKS 5; {@code DIRECT} is none.
   */
  static Selected selectedBy(ProxySelector selector) {
    return new Selected(Optional.of(selector), Optional.empty());
  }

  /**
   * The same as a proxy of the JDK: type {@code HTTP} with CONNECT, {@code SOCKS} as SOCKS 5.
   *
   * @throws IllegalArgumentException when its address has no host and port
   */
  static ProxyPolicy of(Proxy proxy) {
    if (proxy.type() == Proxy.Type.DIRECT) {
      return direct();
    }
    SocketAddress address = proxy.address();
    if (!(address instanceof InetSocketAddress at)) {
      throw new IllegalArgumentException("a proxy has a host and a port, not " + address);
    }
    return proxy.type() == Proxy.Type.HTTP
        ? httpConnect(at.getHostString(), at.getPort())
        : socks5(at.getHostString(), at.getPort());
  }

  /** No proxy. */
  record Direct() implements ProxyPolicy {}

  /**
   * A SOCKS 5 proxy (RFC 1928). Active mode works where the proxy supports BIND: the server then connects to the proxy, at an
   * address that the proxy chooses.
   *
   * @param host name or address of the proxy
   * @param port of the proxy
   * @param credentials the user and the password for the proxy (RFC 1929), 1 to 255 bytes of UTF-8 each, sent when it asks
   */
  record Socks5(String host, int port, Optional<Credentials> credentials) implements ProxyPolicy {
    private static final int LONGEST = 255;

    /** Checks host, port and the lengths of user and password. */
    public Socks5 {
      check(host, port);
      credentials.ifPresent(who -> {
        length(who.user(), "user");
        length(new String(who.password()), "password");
      });
    }

    /** A copy with a login (RFC 1929). */
    public Socks5 withCredentials(String user, String password) {
      return withCredentials(Credentials.of(user, password));
    }

    /** A copy with a login (RFC 1929). */
    public Socks5 withCredentials(Credentials credentials) {
      return new Socks5(host, port, Optional.of(credentials));
    }

    private static void length(String text, String what) {
      int bytes = text.getBytes(StandardCharsets.UTF_8).length;
      if (bytes == 0 || bytes > LONGEST) {
        throw new IllegalArgumentException("a " + what + " for SOCKS 5 has 1 to 255 bytes, not " + bytes);
      }
    }
  }

  /**
   * A SOCKS 4a proxy: SOCKS 4 with the server's name resolved by the proxy. It has no passwords. Active mode is not possible.
   *
   * @param host name or address of the proxy
   * @param port of the proxy
   * @param user the user id that is sent, which may be empty
   */
  record Socks4a(String host, int port, String user) implements ProxyPolicy {
    /** Checks host, port and user id. */
    public Socks4a {
      check(host, port);
      if (user.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("a user id for SOCKS 4 has no NUL");
      }
    }

    /** A copy with a user id. */
    public Socks4a withUser(String user) {
      return new Socks4a(host, port, user);
    }
  }

  /**
   * An HTTP proxy with the method CONNECT (RFC 9110 section 9.3.6). It must allow CONNECT to port 21 (990 with implicit TLS) and to
   * the server's data ports, which many do not. Active mode is not possible.
   *
   * @param host name or address of the proxy
   * @param port of the proxy
   * @param credentials the user and the password for the proxy, sent with the first request by the scheme Basic (RFC 7617)
   */
  record HttpConnect(String host, int port, Optional<Credentials> credentials) implements ProxyPolicy {
    /** Checks host, port and user. */
    public HttpConnect {
      check(host, port);
      credentials.ifPresent(who -> {
        if (who.user().indexOf(':') >= 0) {
          throw new IllegalArgumentException("a user for the scheme Basic has no colon (RFC 7617 section 2)");
        }
      });
    }

    /** A copy with a login by the scheme Basic (RFC 7617). */
    public HttpConnect withCredentials(String user, String password) {
      return withCredentials(Credentials.of(user, password));
    }

    /** A copy with a login by the scheme Basic (RFC 7617). */
    public HttpConnect withCredentials(Credentials credentials) {
      return new HttpConnect(host, port, Optional.of(credentials));
    }
  }

  /**
   * An FTP proxy: a server of FTP that is told at login which other server to talk to, and passes on commands and data. Data
   * connections go to the proxy's address. TLS, explicit or implicit, is established with the proxy, before any login, and its
   * certificate must match the proxy's name.
   *
   * @param host name or address of the proxy
   * @param port of the proxy
   * @param login how the proxy is told the server
   * @param credentials the user and the password for the proxy itself, sent first with USER and PASS
   */
  record FtpProxy(String host, int port, Login login, Optional<Credentials> credentials) implements ProxyPolicy {
    /** How an FTP proxy is told the server. A port is named where it is not 21. */
    public enum Login {
      /** {@code USER user@host} or {@code USER user@host:port}. */
      USER_AT_HOST,
      /** {@code USER user@host} or {@code USER user@host port}. */
      USER_AT_HOST_PORT,
      /** {@code SITE host} or {@code SITE host:port}, then {@code USER user}. */
      SITE,
      /** {@code OPEN host} or {@code OPEN host:port}, then {@code USER user}. */
      OPEN
    }

    /** Checks host and port. */
    public FtpProxy {
      check(host, port);
      Objects.requireNonNull(login, "login");
    }

    /** A copy that is told the server in another way. */
    public FtpProxy withLogin(Login login) {
      return new FtpProxy(host, port, login, credentials);
    }

    /** A copy with a login at the proxy itself, before the one at the server. */
    public FtpProxy withCredentials(String user, String password) {
      return withCredentials(Credentials.of(user, password));
    }

    /** A copy with a login at the proxy itself, before the one at the server. */
    public FtpProxy withCredentials(Credentials credentials) {
      return new FtpProxy(host, port, login, Optional.of(credentials));
    }
  }

  /**
   * What a {@link ProxySelector} chooses.
   *
   * @param selector the selector; empty for the JVM's default one
   * @param credentials the user and the password for the proxy that is chosen
   */
  record Selected(Optional<ProxySelector> selector, Optional<Credentials> credentials) implements ProxyPolicy {
    /** A copy with a login at the proxy that is chosen. */
    public Selected withCredentials(String user, String password) {
      return withCredentials(Credentials.of(user, password));
    }

    /** A copy with a login at the proxy that is chosen. */
    public Selected withCredentials(Credentials credentials) {
      return new Selected(selector, Optional.of(credentials));
    }
  }

  private static void check(String host, int port) {
    if (host.isBlank() || host.chars().anyMatch(c -> c <= ' ')) {
      throw new IllegalArgumentException("not a host of a proxy: '" + host.strip() + "'");
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("not a port of a proxy: " + port);
    }
  }
}
