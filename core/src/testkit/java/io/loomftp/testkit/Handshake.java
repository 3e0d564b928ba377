package io.loomftp.testkit;

/**
 * A TLS handshake that the server finished.
 *
 * @param data whether it was on a data connection
 * @param protocol such as {@code TLSv1.3}
 * @param resumed whether it resumed an earlier session
 */
public record Handshake(boolean data, String protocol, boolean resumed) {}
