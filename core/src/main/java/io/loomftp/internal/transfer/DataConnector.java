package io.loomftp.internal.transfer;

import static io.loomftp.ReplyCode.COMMAND_OKAY;
import static io.loomftp.ReplyCode.ENTERING_PASSIVE_MODE;

import io.loomftp.DataMode;
import io.loomftp.ErrorKind;
import io.loomftp.Features;
import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.FtpLocalException;
import io.loomftp.FtpTransferException;
import io.loomftp.Reply;
import io.loomftp.internal.control.ControlConnection;
import io.loomftp.internal.control.Exchange;
import io.loomftp.internal.control.Pipeline;
import io.loomftp.internal.control.ServerProfile.Fact;
import io.loomftp.internal.control.SharedProfile;
import io.loomftp.internal.net.DataListener;
import io.loomftp.internal.net.Dialer;
import io.loomftp.internal.net.KeyedSocket;
import io.loomftp.internal.session.SessionCore;
import io.loomftp.internal.wire.BadReplyException;
import io.loomftp.internal.wire.Command;
import io.loomftp.internal.wire.PassiveAddress;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Optional;
import org.apache.commons.io.IOUtils;
import org.jspecify.annotations.Nullable;

/** Agrees with the server on a data connection: EPSV and PASV, EPRT and PORT (RFC 959, RFC 2428, RFC 1123). */
public final class DataConnector {
  public static final int EXTENDED = 229;
  private static final int FIRST_UNPRIVILEGED_PORT = 1024;

  private final FtpConfig config;
  private final ControlConnection control;
  private final SharedProfile profile;
  private final Pipeline pipeline;
  private final Features features;
  private final Command command;
  private final int key;

  /** For a transfer of this command. */
  public DataConnector(SessionCore conversation, Command command) {
    this.config = conversation.config();
    this.control = conversation.control();
    this.profile = conversation.profile();
    this.pipeline = conversation.pipeline();
    this.features = conversation.features();
    this.command = command;
    this.key = control.key();
  }

  /** Prepares the data connection for the command that will be sent next. */
  PendingDataConnection prepare() throws FtpException {
    return switch (config.dataMode()) {
      case DataMode.Passive passive -> passive(passive);
      case DataMode.Active active -> active(active);
    };
  }

  private PendingDataConnection passive(DataMode.Passive mode) throws FtpException {
    if (features.has("PRET")) {
      control.ask("PRET", command.line()).expect(COMMAND_OKAY);
    }
    Optional<PendingDataConnection> ahead = ahead(mode);
    if (ahead.isPresent()) {
      return ahead.get();
    }
    boolean onlyEpsv = control.serverAddress() instanceof Inet6Address;
    IOException trouble = null;
    if (!profile.fails(Fact.EPSV)) {
      Exchange epsv = control.ask("EPSV");
      if (epsv.reply().isCompletion()) {
        try {
          return connect(control.serverAddress(), PassiveAddress.ofEpsv(epsv.reply().text()).port(), mode);
        } catch (IOException e) {
          trouble = e;
          interrupted(e);
        }
      }
      if (onlyEpsv) {
        throw trouble == null ? epsv.refused() : noConnection(trouble);
      }
    }
    Exchange pasv = control.ask("PASV");
    if (!pasv.reply().isCompletion()) {
      throw trouble == null ? pasv.refused() : noConnection(trouble);
    }
    PassiveAddress address = address(pasv.expect(ENTERING_PASSIVE_MODE));
    try {
      PendingDataConnection data = connect(host(address, mode), address.port(), mode);
      profile.learn(Fact.EPSV, false);
      return data;
    } catch (IOException e) {
      interrupted(e);
      if (trouble != null) {
        e.addSuppressed(trouble);
      }
      throw noConnection(e);
    }
  }

  /** A connection to the port that the server opened ahead of its time, if it did. */
  private Optional<PendingDataConnection> ahead(DataMode.Passive mode) throws FtpException {
    Optional<Pipeline.Port> port = pipeline.take(control);
    if (port.isEmpty()) {
      return Optional.empty();
    }
    DataPreconnect early = port.get().connection();
    try {
      return Optional.of(PendingDataConnection.passive(early == null ? dial(port.get().reply(), mode) : early.await()));
    } catch (IOException e) {
      IOUtils.closeQuietly(early);
      interrupted(e);
      pipeline.giveUp("the port opened ahead is not there: " + e.getMessage());
      return Optional.empty();
    }
  }

  /** Begins to connect to a port, if that is possible. */
  public Optional<DataPreconnect> early(Reply reply) {
    return config.dataMode() instanceof DataMode.Passive mode
        ? Optional.of(DataPreconnect.begin(() -> dial(reply, mode)))
        : Optional.empty();
  }

  private KeyedSocket dial(Reply reply, DataMode.Passive mode) throws IOException {
    if (reply.code() == EXTENDED) {
      return dial(control.serverAddress(), PassiveAddress.ofEpsv(reply.text()).port(), mode);
    }
    PassiveAddress address = PassiveAddress.ofPasv(reply.text());
    return dial(host(address, mode), address.port(), mode);
  }

  private PassiveAddress address(Reply reply) throws FtpException {
    try {
      return PassiveAddress.ofPasv(reply.text());
    } catch (BadReplyException e) {
      throw control.lost(Command.of("PASV"), e);
    }
  }

  /** The control connection's own address, unless the caller asked for the one in the reply and that one makes sense. */
  private InetAddress host(PassiveAddress address, DataMode.Passive mode) {
    InetAddress server = control.serverAddress();
    if (!mode.believingHost()) {
      return server;
    }
    InetAddress said = address.address();
    boolean senseless = said.isAnyLocalAddress() || said.isMulticastAddress() || said.getAddress()[0] == (byte) 0xFF;
    return senseless || (isInside(said) && !isInside(server)) ? server : said;
  }

  private static boolean isInside(InetAddress address) {
    return address.isLoopbackAddress() || address.isLinkLocalAddress() || address.isSiteLocalAddress();
  }

  private PendingDataConnection connect(InetAddress host, int port, DataMode.Passive mode) throws IOException {
    return PendingDataConnection.passive(dial(host, port, mode));
  }

  private KeyedSocket dial(InetAddress host, int port, DataMode.Passive mode) throws IOException {
    if (port < FIRST_UNPRIVILEGED_PORT && !mode.lowPorts()) {
      throw new IOException("port " + port + " is below 1024: no data is fetched from there");
    }
    var to = new InetSocketAddress(host, port);
    return Dialer.connect(to, config.localAddress().orElse(null), key, control.cut(config.timeouts().connect()));
  }

  private void interrupted(IOException e) throws FtpException {
    if (Thread.currentThread().isInterrupted()) {
      throw control.lost(command, e);
    }
  }

  private FtpTransferException noConnection(IOException cause) {
    return new FtpTransferException(
        command + ": no data connection: " + cause.getMessage(),
        null,
        0,
        ErrorKind.CONNECT,
        true,
        control.transcript().lines(),
        cause);
  }

  private PendingDataConnection active(DataMode.Active mode) throws FtpException {
    InetAddress local = control.localAddress();
    InetAddress given = mode.address().orElse(local);
    InetAddress told = given.isAnyLocalAddress() ? local : given;
    DataListener listener;
    try {
      InetAddress bind = isMine(given) ? given : local;
      listener = DataListener.open(bind, mode.ports().from(), mode.ports().to(), key);
    } catch (IOException e) {
      throw new FtpLocalException(
          command + ": cannot listen for the data connection: " + e.getMessage(),
          ErrorKind.CONNECT,
          true,
          control.transcript().lines(),
          e);
    }
    PendingDataConnection data = PendingDataConnection.active(listener, mode.checkingPeer() ? control.serverAddress() : null);
    try {
      announce(told, listener.port());
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

  /** The address without a zone, which means nothing to the server. */
  private static String plain(InetAddress address) {
    String text = address.getHostAddress();
    int zone = text.indexOf('%');
    return zone < 0 ? text : text.substring(0, zone);
  }

  private static boolean isMine(@Nullable InetAddress address) throws SocketException {
    return address != null && (address.isAnyLocalAddress() || NetworkInterface.getByInetAddress(address) != null);
  }
}
