package io.loomftp.internal.proxy;

import java.io.IOException;

/** Makes a proxy connect, on a connection to it that becomes the one to the target. */
interface Handshake {
  /** The scheme by which the proxy is named in messages. */
  String scheme();

  /** Makes the proxy connect to the target; afterwards all bytes are the target's. */
  void connect(ProxyStream stream, Target target) throws IOException;
}
