package io.loomftp;

import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Whether and how a session is protected by TLS (RFC 4217). Where TLS is configured, the session is protected or fails: no policy
 * falls back to clear text.
 */
public sealed interface TlsPolicy {
  /** No TLS: everything, including the password, travels in clear text. */
  static None none() {
    return new None();
  }

  /** {@code AUTH TLS} on the ordinary port, before the user name is sent. */
  static Secured explicit() {
    return new Secured(false, Optional.empty(), Optional.empty(), false, List.of("TLSv1.3", "TLSv1.2"), true);
  }

  /** TLS from the first byte, by default on port 990. */
  static Secured implicit() {
    return new Secured(true, Optional.empty(), Optional.empty(), false, List.of("TLSv1.3", "TLSv1.2"), true);
  }

  /** No TLS. */
  record None() implements TlsPolicy {}

  /**
   * TLS on the control connection and, unless {@code clearData}, on data connections. The certificate chain and the host name
   * are checked on both.
   *
   * @param implicit TLS from the first byte, not after {@code AUTH TLS}
   * @param context the source of trust and client keys, when it is not the JVM's default
   * @param pin the SHA-256 of the one certificate that is accepted, in lower-case hexadecimal
   * @param clearData data connections are not protected ({@code PROT C})
   * @param protocols the versions to offer, in JSSE's names
   * @param closeNotify whether a download that ends without TLS's close_notify counts as truncated
   */
  record Secured(
      boolean implicit,
      Optional<SSLContext> context,
      Optional<String> pin,
      boolean clearData,
      List<String> protocols,
      boolean closeNotify)
      implements TlsPolicy {
    /** Checks the pin and takes a copy of the protocols. */
    public Secured {
      protocols = List.copyOf(protocols);
      if (protocols.isEmpty()) {
        throw new IllegalArgumentException("no TLS version to offer");
      }
      pin = pin.map(Secured::fingerprint);
      if (pin.isPresent() && context.isPresent()) {
        throw new IllegalArgumentException("a pin cannot be combined with a context: the pin alone decides on trust");
      }
    }

    /** A copy with trust and client certificates from the caller's context. */
    public Secured withContext(SSLContext context) {
      return new Secured(implicit, Optional.of(context), pin, clearData, protocols, closeNotify);
    }

    /**
     * A copy that accepts one certificate only, regardless of its issuer and name.
     *
     * @param sha256 SHA-256 of the server's certificate (its DER form): 64 hexadecimal digits, colons allowed, as printed by
     *     {@code openssl x509 -fingerprint -sha256}
     */
    public Secured withPin(String sha256) {
      return new Secured(implicit, context, Optional.of(sha256), clearData, protocols, closeNotify);
    }

    /** A copy with data connections in clear text: names and file contents can be read by others. */
    public Secured withClearData() {
      return new Secured(implicit, context, pin, true, protocols, closeNotify);
    }

    /** A copy that offers only these versions: {@code TLSv1.3}, {@code TLSv1.2}. */
    public Secured withProtocols(String... protocols) {
      return new Secured(implicit, context, pin, clearData, List.of(protocols), closeNotify);
    }

    /**
     * A copy for servers that close data connections without a close_notify: a download that an attacker truncated then
     * cannot be distinguished from a complete one.
     */
    public Secured withoutCloseNotify() {
      return new Secured(implicit, context, pin, clearData, protocols, false);
    }

    private static String fingerprint(String text) {
      String hex = text.replace(":", "").toLowerCase(Locale.ROOT);
      if (hex.length() != 64) {
        throw new IllegalArgumentException("a SHA-256 has 64 hexadecimal digits: " + text);
      }
      HexFormat.of().parseHex(hex);
      return hex;
    }
  }
}
