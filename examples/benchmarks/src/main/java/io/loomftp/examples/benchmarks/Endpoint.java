package io.loomftp.examples.benchmarks;

import io.loomftp.FtpConfig;
import io.loomftp.TlsPolicy;
import io.loomftp.testkit.Certificates;

/**
 * Where and how a client logs in.
 *
 * @param host an address
 * @param port of the control connection
 * @param user the user's name
 * @param password the user's password
 * @param tls whether by AUTH TLS, version 1.3
 * @param far whether behind the link with latency, where only EPSV leads data connections over the link
 */
record Endpoint(String host, int port, String user, String password, boolean tls, boolean far) {
  /** A configuration with this login and defaults for everything else. */
  FtpConfig config() {
    TlsPolicy policy = tls
        ? TlsPolicy.explicit().withProtocols("TLSv1.3").withPin(Certificates.fingerprint(Certificates.Identity.SERVER))
        : TlsPolicy.none();
    return FtpConfig.builder(host).port(port).credentials(user, password).tls(policy).build();
  }

  /** The same server behind another address. */
  Endpoint behind(String address) {
    return new Endpoint(address, port, user, password, tls, true);
  }

  /** The URL of a file, or of the first folder. */
  String url(String path) {
    return "ftp://" + host + ":" + port + "/" + path;
  }
}
