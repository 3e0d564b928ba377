package io.loomftp.internal.transfer;

import static io.loomftp.ReplyCode.COMMAND_OKAY;
import static io.loomftp.ReplyCode.ENTERING_PASSIVE_MODE;

import io.loomftp.DataMode;
import io.loomftp.ErrorKind;
import io.loomftp.FtpException;
import io.loomftp.FtpLocalException;
import io.loomftp.FtpTimeoutException;
import io.loomftp.FtpTransferException;
import io.loomftp.Reply;
import io.loomftp.internal.control.ControlConnection;
import io.loomftp.internal.control.Exchange;
import io.loomftp.internal.control.Pipeline;
import io.loomftp.internal.control.ServerProfile.Fact;
import io.loomftp.internal.control.SharedProfile;
import io.loomftp.internal.net.BackgroundConnect;
import io.loomftp.internal.net.DataAcceptor;
import io.loomftp.internal.net.DataListener;
import io.loomftp.internal.net.KeyedSocket;
import io.loomftp.internal.proxy.BoundPort;
import io.loomftp.internal.proxy.ProxyRoute;
import io.loomftp.internal.wire.BadReplyException;
import io.loomftp.internal.wire.PassiveAddress;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Negotiates a data connection: EPSV and PASV, EPRT and PORT (RFC 959, RFC 2428, RFC 1123). */
final class DataConnector {
  private final TransferContext context;
  private final TransferRequest request;
  private final ControlConnection control;
  private final SharedProfile profile;
  private final DataWait wait;
  private final TransferErrors errors;

  /** A connector for one transfer. */
  DataConnector(TransferContext context, TransferRequest request, DataWait wait, TransferErrors errors) {
    this.context = context;
    this.request = request;
    this.control = context.control();
    this.profile = context.profile();
    this.wait = wait;
    this.errors = errors;
  }

  /** Prepares the data connection for the command that will be sent next. */
  PendingDataConnection prepare() throws FtpException {
    return switch (context.config().dataMode()) {
      case DataMode.Passive passive -> passive(passive);
      case DataMode.Active active -> active(active);
    };
  }

  private PendingDataConnection passive(DataMode.Passive mode) throws FtpException {
    if (context.features().has("PRET")) {
      control.ask("PRET", request.command().line()).expect(COMMAND_OKAY);
    }
    PassiveDialer dialer = new PassiveDialer(context.config(), control, mode);
    Optional<PendingDataConnection> ahead = ahead(dialer);
    if (ahead.isPresent()) {
      return ahead.get();
    }
    boolean onlyEpsv = control.isIpv6();
    IOException trouble = null;
    if (onlyEpsv || (mode.epsv() && !profile.fails(Fact.EPSV))) {
      Exchange epsv = epsv();
      if (epsv.reply().isCompletion()) {
        try {
          return connect(dialer, epsv.reply());
        } catch (IOException e) {
          trouble = failureUnlessOver(e);
        }
      }
      if (onlyEpsv) {
        throw trouble == null ? epsv.refused() : noConnection(trouble);
      }
    }
    return pasv(dialer, trouble);
  }

  /** Sends EPSV; a server that does not answer it is not sent another one by any session. */
  private Exchange epsv() throws FtpException {
    try {
      return control.ask("EPSV");
    } catch (FtpTimeoutException e) {
      if (!control.isIpv6()) {
        profile.learn(Fact.EPSV, false);
      }
      throw e;
    }
  }

  private PendingDataConnection pasv(PassiveDialer dialer, @Nullable IOException epsvTrouble) throws FtpException {
    Exchange pasv = control.ask("PASV");
    if (!pasv.reply().isCompletion()) {
      throw epsvTrouble == null ? pasv.refused() : noConnection(epsvTrouble);
    }
    Reply reply = pasv.expect(ENTERING_PASSIVE_MODE);
    try {
      PassiveAddress.ofPasv(reply.text());
    } catch (BadReplyException e) {
      throw control.lost(pasv.command(), e);
    }
    try {
      PendingDataConnection data = connect(dialer, reply);
      profile.learn(Fact.EPSV, false);
      return data;
    } catch (IOException e) {
      failureUnlessOver(e);
      if (epsvTrouble != null) {
        e.addSuppressed(epsvTrouble);
      }
      throw noConnection(e);
    }
  }

  /** A connection to the port that was requested ahead, if there is one. */
  private Optional<PendingDataConnection> ahead(PassiveDialer dialer) throws FtpException {
    Optional<Pipeline.Port> port = context.pipeline().take(control);
    if (port.isEmpty()) {
      return Optional.empty();
    }
    BackgroundConnect early = port.get().connection();
    try {
      return Optional.of(await(early == null ? begin(dialer, port.get().reply()) : early));
    } catch (IOException e) {
      failureUnlessOver(e);
      context.pipeline().portFailed(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private BackgroundConnect begin(PassiveDialer dialer, Reply reply) {
    return dialer.begin(reply, Pipeline.UNUSED);
  }

  private PendingDataConnection connect(PassiveDialer dialer, Reply reply) throws IOException {
    return await(begin(dialer, reply));
  }

  private PendingDataConnection await(BackgroundConnect connect) throws IOException {
    return PendingDataConnection.passive(awaitSocket(connect));
  }

  /** Waits for the connection while the control connection is watched. */
  private KeyedSocket awaitSocket(BackgroundConnect connect) throws IOException {
    try (connect) {
      while (true) {
        KeyedSocket socket = connect.await(DataWait.SLICE);
        if (socket != null) {
          return socket;
        }
        wait.check();
      }
    }
  }

  /** Returns the failure, unless the session or the transfer has ended. */
  private IOException failureUnlessOver(IOException e) throws FtpException {
    if (e instanceof FtpException over) {
      throw over;
    }
    if (Thread.currentThread().isInterrupted()) {
      throw control.lost(request, e);
    }
    errors.checkCancelled();
    return e;
  }

  private FtpTransferException noConnection(IOException cause) {
    return new FtpTransferException(
        request + ": no data connection: " + cause.getMessage(),
        null,
        0,
        ErrorKind.CONNECT,
        true,
        control.transcript().lines(),
        cause);
  }

  private PendingDataConnection active(DataMode.Active mode) throws FtpException {
    if (control.route() instanceof ProxyRoute proxy) {
      return active(mode, proxy);
    }
    InetAddress local = control.localAddress();
    InetAddress given = mode.address().orElse(local);
    InetAddress told = given.isAnyLocalAddress() ? local : given;
    DataListener listener;
    try {
      InetAddress bind = isMine(given) ? given : local;
      listener = DataListener.open(bind, mode.ports().from(), mode.ports().to(), control.key());
    } catch (IOException e) {
      throw new FtpLocalException(
          request + ": cannot listen for the data connection: " + e.getMessage(),
          ErrorKind.CONNECT,
          true,
          control.transcript().lines(),
          e);
    }
    return announced(listener, mode, told, listener.port());
  }

  /** Makes a SOCKS 5 proxy listen in place of this side; the server is told the proxy's address. */
  private PendingDataConnection active(DataMode.Active mode, ProxyRoute proxy) throws FtpException {
    if (!proxy.mayListen()) {
      throw new FtpLocalException(
          request + ": active mode needs the server to connect to this side, which a proxy of this kind (" + proxy.proxy()
              + ") cannot do: use passive mode",
          ErrorKind.UNSUPPORTED,
          true,
          control.transcript().lines(),
          null);
    }
    Duration bound = control.cut(context.config().timeouts().connect());
    AtomicReference<BoundPort> port = new AtomicReference<>();
    try {
      awaitSocket(
          BackgroundConnect.begin(
              () -> {
                BoundPort bind = proxy.listen(bound);
                port.set(bind);
                return bind.socket();
              },
              bound));
    } catch (IOException e) {
      throw noConnection(failureUnlessOver(e));
    }
    BoundPort bind = Objects.requireNonNull(port.get());
    return announced(bind, mode, bind.address().getAddress(), bind.address().getPort());
  }

  private PendingDataConnection announced(DataAcceptor acceptor, DataMode.Active mode, InetAddress told, int port)
      throws FtpException {
    InetAddress peer = mode.checkingPeer() ? control.route().serverAddress().orElse(null) : null;
    PendingDataConnection data = PendingDataConnection.active(acceptor, peer);
    try {
      announce(told, port);
      return data;
    } catch (FtpException | RuntimeException e) {
      data.close();
      throw e;
    }
  }

  private void announce(InetAddress address, int port) throws FtpException {
    if (!profile.fails(Fact.EPRT) || address instanceof Inet6Address) {
      int protocol = address instanceof Inet4Address ? 1 : 2;
      Exchange eprt = control.ask("EPRT", "|" + protocol + "|" + plain(address) + "|" + port + "|");
      if (eprt.reply().isCompletion()) {
        return;
      }
      if (address instanceof Inet6Address) {
        throw eprt.refused();
      }
    }
    String host = address.getHostAddress().replace('.', ',');
    control.ask("PORT", host + "," + (port >> 8) + "," + (port & 0xFF)).expect(COMMAND_OKAY);
    profile.learn(Fact.EPRT, false);
  }

  /** The address without its zone, which has no meaning for the server. */
  private static String plain(InetAddress address) {
    String text = address.getHostAddress();
    int zone = text.indexOf('%');
    return zone < 0 ? text : text.substring(0, zone);
  }

  private static boolean isMine(@Nullable InetAddress address) throws SocketException {
    return address != null && (address.isAnyLocalAddress() || NetworkInterface.getByInetAddress(address) != null);
  }
}
