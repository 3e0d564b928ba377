package io.loomftp.internal.proxy;

import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A host and a port to connect to through a proxy. A name stays a name: the proxy resolves it.
 *
 * @param host name or address as text
 * @param literal the address where the host is one, else null
 * @param port 1 to 65535
 */
record Target(String host, @Nullable InetAddress literal, int port) {
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  /** A target by name or by address in text; nothing is looked up. */
  static Target of(String host, int port) {
    InetAddress literal = literal(host);
    return literal == null ? new Target(ascii(host), null, port) : of(literal, port);
  }

  /** A target by address, without its zone, which has no meaning elsewhere. */
  static Target of(InetAddress address, int port) {
    String text = address.getHostAddress();
    int zone = text.indexOf('%');
    return new Target(zone < 0 ? text : text.substring(0, zone), address, port);
  }

  /** The address that the text is, or null for a name. */
  static @Nullable InetAddress literal(String host) {
    if (host.indexOf(':') < 0 && !IPV4.matcher(host).matches()) {
      return null;
    }
    try {
      return InetAddress.getByName(host); // an address in text is not looked up
    } catch (UnknownHostException e) {
      return null;
    }
  }

  private static String ascii(String host) {
    if (host.chars().allMatch(c -> c < 128)) {
      return host;
    }
    try {
      return IDN.toASCII(host).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return host;
    }
  }

  /** As in a URL: brackets around an IPv6 address. */
  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
