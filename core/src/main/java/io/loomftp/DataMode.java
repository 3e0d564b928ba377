package io.loomftp;

import java.net.InetAddress;
import java.util.Optional;

/** Selects the side that opens data connections. */
public sealed interface DataMode {
  /**
   * The client connects to the server: EPSV (RFC 2428), then PASV (RFC 959) where that is refused or unreachable; what
   * works is remembered for the server. Data connections always go to the control connection's own address.
   */
  static Passive passive() {
    return new Passive(false, false, true);
  }

  /**
   * The server connects to the client, at the control connection's local address and any free port (EPRT or PORT). Through a
   * SOCKS 5 proxy it connects to the proxy, at an address that the proxy chooses (BIND of RFC 1928); through SOCKS 4a and HTTP
   * proxies active mode is not possible.
   */
  static Active active() {
    return new Active(Optional.empty(), PortRange.ANY, true);
  }

  /** The server connects to the client at an address and in a range of ports that the caller chooses. */
  static Active active(InetAddress address, PortRange ports) {
    return new Active(Optional.of(address), ports, true);
  }

  /**
   * Passive mode.
   *
   * @param believingHost whether the host in a 227 reply is used in place of the control connection's address. A loopback,
   *     link-local, private or multicast address is refused all the same when the server itself is not at such an address
   * @param lowPorts whether data ports below 1024 are accepted, off by default since no honest server uses them
   * @param epsv whether EPSV is tried before PASV; over IPv6, where there is nothing else, EPSV is always used
   */
  record Passive(boolean believingHost, boolean lowPorts, boolean epsv) implements DataMode {
    /** A copy that connects to the host in a 227 reply, for servers whose data comes from another machine. */
    public Passive withBelievingHost() {
      return new Passive(true, lowPorts, epsv);
    }

    /** A copy that accepts data ports below 1024. */
    public Passive withLowPorts() {
      return new Passive(believingHost, true, epsv);
    }

    /** A copy that uses PASV alone, for servers and firewalls that leave EPSV unanswered or block its ports. */
    public Passive withoutEpsv() {
      return new Passive(believingHost, lowPorts, false);
    }
  }

  /**
   * Active mode.
   *
   * @param address the address to advertise, when it is not the control connection's local one. It is also listened on
   *     where it is an address of this machine; behind a NAT that forwards the ports it is the outside address
   * @param ports the local ports to listen on
   * @param checkingPeer whether connections from any address but the server's are dropped (RFC 2577 section 4)
   */
  record Active(Optional<InetAddress> address, PortRange ports, boolean checkingPeer) implements DataMode {
    /** A copy that accepts a connection from any address, for servers whose data comes from another machine. */
    public Active withAnyPeer() {
      return new Active(address, ports, false);
    }
  }
}
