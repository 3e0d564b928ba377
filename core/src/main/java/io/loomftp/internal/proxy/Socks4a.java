package io.loomftp.internal.proxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Inet4Address;
import java.nio.charset.StandardCharsets;

/** SOCKS 4 with names that the proxy resolves (SOCKS 4a). */
final class Socks4a implements Handshake {
  private static final int VERSION = 4;
  private static final int CONNECT = 1;
  private static final int GRANTED = 90;
  private static final int FIRST_REFUSAL = 91;
  private static final int LAST_REFUSAL = 93;

  /** Port and address, which mean nothing in the reply to CONNECT. */
  private static final int REST_OF_REPLY = 6;

  /** An address 0.0.0.x with x not 0 says that a name follows. */
  private static final byte[] NAME_FOLLOWS = {0, 0, 0, 1};

  private final String user;

  Socks4a(String user) {
    this.user = user;
  }

  @Override
  public String scheme() {
    return "socks4a";
  }

  @Override
  public void connect(ProxyStream stream, Target target) throws IOException {
    var message = new ByteArrayOutputStream();
    message.write(VERSION);
    message.write(CONNECT);
    message.write(target.port() >> 8);
    message.write(target.port());
    boolean byAddress = target.literal() instanceof Inet4Address;
    message.writeBytes(target.literal() instanceof Inet4Address address ? address.getAddress() : NAME_FOLLOWS);
    message.writeBytes(user.getBytes(StandardCharsets.UTF_8));
    message.write(0);
    if (!byAddress) {
      message.writeBytes(target.host().getBytes(StandardCharsets.UTF_8));
      message.write(0);
    }
    stream.send(message.toByteArray());
    int version = stream.read();
    int code = stream.read();
    if ((version != 0 && version != VERSION) || code < GRANTED || code > LAST_REFUSAL) {
      throw ProxyException.broken(
          stream.proxy(), "answered with version " + version + " and code " + code + ": that is not SOCKS 4", null);
    }
    if (code != GRANTED) {
      throw ProxyException.refused(stream.proxy(), "to connect to " + target, code + " " + words(code));
    }
    stream.read(REST_OF_REPLY);
  }

  private static String words(int code) {
    return code == FIRST_REFUSAL
        ? "request rejected or failed"
        : code == LAST_REFUSAL ? "the user id differs from the one that identd gives" : "no identd on this side";
  }
}
