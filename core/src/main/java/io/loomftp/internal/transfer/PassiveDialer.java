package io.loomftp.internal.transfer;

import io.loomftp.DataMode;
import io.loomftp.FtpConfig;
import io.loomftp.Reply;
import io.loomftp.internal.control.ControlConnection;
import io.loomftp.internal.control.Pipeline;
import io.loomftp.internal.net.BackgroundConnect;
import io.loomftp.internal.net.KeyedSocket;
import io.loomftp.internal.proxy.Route;
import io.loomftp.internal.wire.PassiveAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/** Connects to the port in a 229 or 227 reply, at an address that can be trusted. */
public final class PassiveDialer {
  private static final int FIRST_UNPRIVILEGED_PORT = 1024;

  private final FtpConfig config;
  private final ControlConnection control;
  private final DataMode.Passive mode;

  /** A dialer for one control connection. */
  public PassiveDialer(FtpConfig config, ControlConnection control, DataMode.Passive mode) {
    this.config = config;
    this.control = control;
    this.mode = mode;
  }

  /**
   * Begins to connect; an invalid reply is reported when the connection is awaited.
   *
   * @param unused the time after which an untaken connection is closed
   */
  public BackgroundConnect begin(Reply reply, Duration unused) {
    Duration bound = control.cut(config.timeouts().connect());
    return BackgroundConnect.begin(() -> dial(reply, bound), unused);
  }

  private KeyedSocket dial(Reply reply, Duration bound) throws IOException {
    if (reply.code() == Pipeline.EXTENDED || reply.code() != 227) {
      return dial(Optional.empty(), PassiveAddress.ofEpsv(reply.text()).port(), bound);
    }
    PassiveAddress address = PassiveAddress.ofPasv(reply.text());
    return dial(believed(address), address.port(), bound);
  }

  private KeyedSocket dial(Optional<InetAddress> other, int port, Duration bound) throws IOException {
    if (port < FIRST_UNPRIVILEGED_PORT && !mode.lowPorts()) {
      throw new IOException("port " + port + " is below 1024: no data is fetched from there");
    }
    Route route = control.route();
    return other.isPresent() ? route.connect(other.get(), port, bound) : route.connect(port, bound);
  }

  /** The host in the reply, where the caller trusts it and it is plausible; else data goes to the server itself. */
  private Optional<InetAddress> believed(PassiveAddress address) {
    InetAddress said = address.address();
    boolean senseless = said.isAnyLocalAddress() || said.isMulticastAddress() || said.getAddress()[0] == (byte) 0xFF;
    boolean serverIsInside = control.route().serverAddress().filter(PassiveDialer::isInside).isPresent();
    boolean plausible = !senseless && (serverIsInside || !isInside(said));
    return mode.believingHost() && plausible ? Optional.of(said) : Optional.empty();
  }

  private static boolean isInside(InetAddress address) {
    return address.isLoopbackAddress() || address.isLinkLocalAddress() || address.isSiteLocalAddress();
  }
}
