package io.loomftp.internal.proxy;

import io.loomftp.Credentials;
import io.loomftp.FtpConfig;
import io.loomftp.ProxyPolicy;
import io.loomftp.internal.net.Dialer;
import io.loomftp.internal.net.KeyedSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Connects to the server of a configuration on the way that its {@link ProxyPolicy} demands. */
public final class RouteDialer {
  private final FtpConfig config;
  private final @Nullable InetAddress local;
  private final int key;

  private RouteDialer(FtpConfig config, int key) {
    this.config = config;
    this.local = config.localAddress().orElse(null);
    this.key = key;
  }

  /**
   * A control connection and the way that it took.
   *
   * @param route for the other connections of the session
   * @param socket connected; with an FTP proxy to that
   */
  public record Dialed(Route route, KeyedSocket socket) {}

  /**
   * Connects.
   *
   * @param key of all the session's sockets
   * @param bound for all of it
   * @throws ProxyException when the proxy is the reason that this fails
   */
  public static Dialed dial(FtpConfig config, int key, Duration bound) throws IOException {
    return new RouteDialer(config, key).dial(config.proxy(), bound);
  }

  private Dialed dial(ProxyPolicy policy, Duration bound) throws IOException {
    return switch (policy) {
      case ProxyPolicy.Direct none -> direct(config.host(), config.port(), bound);
      case ProxyPolicy.Socks5 p -> through(new Hop(new Socks5(p.credentials()), p.host(), p.port()), bound);
      case ProxyPolicy.Socks4a p -> through(new Hop(new Socks4a(p.user()), p.host(), p.port()), bound);
      case ProxyPolicy.HttpConnect p -> through(new Hop(new HttpConnect(p.credentials()), p.host(), p.port()), bound);
      case ProxyPolicy.FtpProxy p -> toFtpProxy(p, bound);
      case ProxyPolicy.Selected selected -> selected(selected, bound);
    };
  }

  private Dialed direct(String host, int port, Duration bound) throws IOException {
    KeyedSocket socket = Dialer.connect(host, port, local, key, bound);
    return new Dialed(new DirectRoute(socket.remote(), local, key), socket);
  }

  private Dialed toFtpProxy(ProxyPolicy.FtpProxy proxy, Duration bound) throws IOException {
    try {
      return direct(proxy.host(), proxy.port(), bound);
    } catch (IOException e) {
      throw ProxyException.unreachable(Hop.url("ftp", proxy.host(), proxy.port()), e);
    }
  }

  private Dialed through(Hop hop, Duration bound) throws IOException {
    Target server = Target.of(config.host(), config.port());
    return hop.talk(null, local, key, bound, stream -> {
      hop.handshake().connect(stream, server);
      KeyedSocket socket = stream.socket();
      return new Dialed(new ProxyRoute(hop, socket.remote(), server, local, key), socket);
    });
  }

  /** Tries the proxies in their order, as long as they cannot be reached: one that refuses is not avoided. */
  private Dialed selected(ProxyPolicy.Selected selected, Duration bound) throws IOException {
    Optional<ProxySelector> selector = selected.selector().or(() -> Optional.ofNullable(ProxySelector.getDefault()));
    if (selector.isEmpty()) {
      return dial(ProxyPolicy.direct(), bound);
    }
    URI server = uri();
    List<Proxy> proxies = selector.get().select(server);
    if (proxies.isEmpty()) {
      return dial(ProxyPolicy.direct(), bound);
    }
    long deadline = System.nanoTime() + bound.toNanos();
    IOException trouble = null;
    for (int i = 0; i < proxies.size(); i++) {
      Duration share = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()) / (proxies.size() - i));
      Proxy proxy = proxies.get(i);
      try {
        return dial(withCredentials(ProxyPolicy.of(proxy), selected.credentials()), share);
      } catch (IOException e) {
        if ((e instanceof ProxyException refusal && !refusal.isUnreachable()) || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        if (proxy.type() != Proxy.Type.DIRECT) {
          selector.get().connectFailed(server, proxy.address(), e);
        }
        if (trouble != null) {
          e.addSuppressed(trouble);
        }
        trouble = e;
      }
    }
    throw Objects.requireNonNull(trouble);
  }

  private URI uri() throws IOException {
    try {
      return new URI("ftp", null, config.host(), config.port(), "/", null, null);
    } catch (URISyntaxException e) {
      throw new IOException("no proxy can be selected for the host '" + config.host() + "': " + e.getReason(), e);
    }
  }

  private static ProxyPolicy withCredentials(ProxyPolicy policy, Optional<Credentials> credentials) {
    return switch (policy) {
      case ProxyPolicy.Socks5 p when credentials.isPresent() -> p.withCredentials(credentials.get());
      case ProxyPolicy.HttpConnect p when credentials.isPresent() -> p.withCredentials(credentials.get());
      default -> policy;
    };
  }
}
