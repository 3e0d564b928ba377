package io.loomftp;

import java.net.InetSocketAddress;

/**
 * What is known of a data connection that is up.
 *
 * @param command the transfer command, such as {@code RETR notes.txt}
 * @param passive whether this side connected
 * @param local address of this end
 * @param remote address of the other end
 */
public record DataConnection(String command, boolean passive, InetSocketAddress local, InetSocketAddress remote) {
  /**
   * How TLS protected a data connection.
   *
   * @param protocol the version, in JSSE's name
   * @param cipherSuite the cipher suite, in JSSE's name
   * @param resumed whether the control connection's TLS session was resumed: the proof that both ends are the same two
   */
  public record Protection(String protocol, String cipherSuite, boolean resumed) {}
}
