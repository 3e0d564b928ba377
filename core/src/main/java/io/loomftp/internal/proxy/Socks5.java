package io.loomftp.internal.proxy;

import io.loomftp.Credentials;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** SOCKS 5 (RFC 1928), with user and password (RFC 1929). */
final class Socks5 implements Handshake {
  private static final int VERSION = 5;
  private static final int LOGIN_VERSION = 1;

  private static final int WITHOUT_LOGIN = 0;
  private static final int WITH_PASSWORD = 2;
  private static final int NOTHING_GOOD = 0xFF;

  private static final int CONNECT = 1;
  private static final int BIND = 2;

  private static final int IPV4 = 1;
  private static final int NAME = 3;
  private static final int IPV6 = 4;
  private static final int IPV4_BYTES = 4;
  private static final int IPV6_BYTES = 16;
  private static final int LONGEST_NAME = 255;

  /** The replies of RFC 1928 section 6, from 1 on. */
  private static final List<String> REFUSALS =
      List.of("general SOCKS server failure", "connection not allowed by ruleset", "network unreachable", "host unreachable",
          "connection refused", "TTL expired", "command not supported", "address type not supported");

  private final Optional<Credentials> credentials;

  Socks5(Optional<Credentials> credentials) {
    this.credentials = credentials;
  }

  @Override
  public String scheme() {
    return "socks5";
  }

  @Override
  public void connect(ProxyStream stream, Target target) throws IOException {
    enter(stream);
    request(stream, CONNECT, target);
    readReply(stream, stream.read(), "to connect to " + target);
  }

  /**
   * Makes the proxy listen for one connection of the target (BIND).
   *
   * @return where it listens; unresolved when it gave a name
   */
  InetSocketAddress bind(ProxyStream stream, Target target) throws IOException {
    enter(stream);
    request(stream, BIND, target);
    return readReply(stream, stream.read(), "to listen for " + target + " (BIND)");
  }

  /**
   * Reads the second reply to BIND, after which all bytes are the peer's.
   *
   * @param version the first byte of it
   * @return the peer that connected; unresolved when the proxy gave a name
   */
  static InetSocketAddress accepted(ProxyStream stream, int version) throws IOException {
    return readReply(stream, version, "to go on listening (BIND)");
  }

  /** The choice of a way to log in (RFC 1928 section 3), and the login. */
  private void enter(ProxyStream stream) throws IOException {
    stream.send(
        credentials.isPresent()
            ? new byte[] {VERSION, 2, WITHOUT_LOGIN, WITH_PASSWORD}
            : new byte[] {VERSION, 1, WITHOUT_LOGIN});
    checkVersion(stream, stream.read());
    int method = stream.read();
    if (method == NOTHING_GOOD) {
      String demands =
          credentials.isPresent()
              ? "accepts neither a user and password nor connections without (reply 255)"
              : "demands a login (reply 255): give it a user and a password";
      throw ProxyException.login(stream.proxy(), demands, "255");
    }
    if (method == WITH_PASSWORD && credentials.isPresent()) {
      logIn(stream, credentials.get());
    } else if (method != WITHOUT_LOGIN) {
      throw garbage(stream, "chose the way " + method + " to log in, which was not offered");
    }
  }

  /** RFC 1929. */
  private static void logIn(ProxyStream stream, Credentials who) throws IOException {
    byte[] user = who.user().getBytes(StandardCharsets.UTF_8);
    byte[] password = new String(who.password()).getBytes(StandardCharsets.UTF_8);
    var message = new ByteArrayOutputStream();
    message.write(LOGIN_VERSION);
    message.write(user.length);
    message.writeBytes(user);
    message.write(password.length);
    message.writeBytes(password);
    stream.send(message.toByteArray());
    int version = stream.read();
    if (version != LOGIN_VERSION && version != VERSION) {
      throw garbage(stream, "answered the login with version " + version);
    }
    int status = stream.read();
    if (status != 0) {
      throw ProxyException.login(
          stream.proxy(), "refused the user '" + who.user() + "' or the password (status " + status + ")", "status " + status);
    }
  }

  private static void request(ProxyStream stream, int command, Target target) throws IOException {
    var message = new ByteArrayOutputStream();
    message.write(VERSION);
    message.write(command);
    message.write(0);
    InetAddress literal = target.literal();
    if (literal != null) {
      byte[] address = literal.getAddress();
      message.write(address.length == IPV4_BYTES ? IPV4 : IPV6);
      message.writeBytes(address);
    } else {
      byte[] name = target.host().getBytes(StandardCharsets.UTF_8);
      if (name.length > LONGEST_NAME) {
        throw ProxyException.broken(stream.proxy(), "cannot be told a host name of " + name.length + " bytes", null);
      }
      message.write(NAME);
      message.write(name.length);
      message.writeBytes(name);
    }
    message.write(target.port() >> 8);
    message.write(target.port());
    stream.send(message.toByteArray());
  }

  private static InetSocketAddress readReply(ProxyStream stream, int version, String what) throws IOException {
    checkVersion(stream, version);
    int reply = stream.read();
    if (reply != 0) { // some proxies send no more than this
      String words = reply <= REFUSALS.size() ? REFUSALS.get(reply - 1) : "unknown reply";
      throw ProxyException.refused(stream.proxy(), what, reply + " " + words);
    }
    stream.read();
    int type = stream.read();
    byte[] host = switch (type) {
      case IPV4 -> stream.read(IPV4_BYTES);
      case IPV6 -> stream.read(IPV6_BYTES);
      case NAME -> stream.read(stream.read());
      default -> throw garbage(stream, "answered with an address of the type " + type);
    };
    int port = stream.read() << 8 | stream.read();
    return type == NAME
        ? InetSocketAddress.createUnresolved(new String(host, StandardCharsets.ISO_8859_1), port)
        : new InetSocketAddress(InetAddress.getByAddress(host), port);
  }

  private static void checkVersion(ProxyStream stream, int version) throws ProxyException {
    if (version != VERSION) {
      throw garbage(stream, "answered with version " + version);
    }
  }

  private static ProxyException garbage(ProxyStream stream, String what) {
    return ProxyException.broken(stream.proxy(), what + ": that is not SOCKS 5", null);
  }
}
