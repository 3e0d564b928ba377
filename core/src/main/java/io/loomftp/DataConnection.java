package io.loomftp;

import java.net.InetSocketAddress;

/**
 * Describes an established data connection.
 *
 * @param command the transfer command, such as {@code RETR notes.txt}
 * @param passive whether the client opened the connection
 * @param local address of the local end
 * @param remote address of the remote end, which is the proxy where the session goes through one
 */
public record DataConnection(String command, boolean passive, InetSocketAddress local, InetSocketAddress remote) {
  /**
   * How TLS protected a data connection.
   *
   * @param protocol the version, in JSSE's name
   * @param cipherSuite the cipher suite, in JSSE's name
   * @param resumed whether the TLS session of the control connection was resumed, which proves that both connections have the
   *     same peers
   */
  public record Protection(String protocol, String cipherSuite, boolean resumed) {}
}
