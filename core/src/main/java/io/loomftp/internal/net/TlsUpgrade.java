package io.loomftp.internal.net;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.apache.commons.io.IOUtils;
import org.jspecify.annotations.Nullable;

/**
 * Layers TLS over the sockets of one FTP session: first the control connection, then each data connection with the very same
 * parameters, without which JSSE would not resume.
 */
public final class TlsUpgrade {
  private static final String MARK = "io.loomftp.control";
  private static final Duration LOOK = Duration.ofMillis(250);

  private final SSLContext context;
  private final String host;
  private final int key;
  private final List<String> protocols;
  private final boolean checkingName;
  /** Stored in the control connection's TLS session; resumed sessions share the store. */
  private final Object mark = new Object();

  /**
   * The TLS setup of one FTP session.
   *
   * @param context the source of trust and keys, or null for the JVM's default
   * @param pin SHA-256 of the only certificate to accept, in lower-case hexadecimal, or null
   * @param host the name the caller gave, which the certificate must match
   * @param key of all the session's sockets
   */
  public TlsUpgrade(
      @Nullable SSLContext context, @Nullable String pin, String host, int key, List<String> protocols)
      throws GeneralSecurityException {
    if (pin != null) {
      this.context = SSLContext.getInstance("TLS");
      this.context.init(null, new TrustManager[] {new PinnedTrust(pin)}, null);
    } else {
      this.context = context == null ? SSLContext.getDefault() : context;
    }
    this.host = host;
    this.key = key;
    this.protocols = List.copyOf(protocols);
    this.checkingName = pin == null;
  }

  /**
   * TLS over the control connection; the handshake is complete when this returns. The raw socket is closed if it fails.
   *
   * @param stop whether the handshake is to end; asked at intervals by another thread
   */
  public SSLSocket control(KeyedSocket raw, Duration bound, BooleanSupplier stop) throws IOException {
    SSLSocket socket = handshake(raw, bound, false, stop);
    socket.getSession().putValue(MARK, mark);
    return socket;
  }

  /**
   * TLS over a data connection; the handshake is complete when this returns. The raw socket is closed if it fails.
   *
   * @param resumingOnly fail before anything is sent when there is no session to resume
   */
  public SSLSocket data(KeyedSocket raw, Duration bound, boolean resumingOnly) throws IOException {
    return handshake(raw, bound, resumingOnly, null);
  }

  /** Whether a data connection resumed the control connection's TLS session. */
  public boolean resumed(SSLSocket data) {
    return mark.equals(data.getSession().getValue(MARK));
  }

  private SSLSocket handshake(KeyedSocket raw, Duration bound, boolean resumingOnly, @Nullable BooleanSupplier stop)
      throws IOException {
    SSLSocket socket = null;
    AtomicBoolean underway = new AtomicBoolean(true);
    StallGuard guard = new StallGuard(raw);
    if (stop != null) {
      guard.watch(
          LOOK,
          () -> {
            if (underway.get() && stop.getAsBoolean()) {
              IOUtils.closeQuietly(raw);
            }
          });
    }
    try {
      socket = (SSLSocket) context.getSocketFactory().createSocket(raw, host, key, true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setProtocols(protocols.toArray(String[]::new));
      parameters.setEndpointIdentificationAlgorithm(checkingName ? "HTTPS" : null);
      socket.setSSLParameters(parameters);
      socket.setEnableSessionCreation(!resumingOnly);
      raw.setSoTimeout(Dialer.millis(bound));
      guard.run(bound, socket::startHandshake);
      return socket;
    } catch (IOException | RuntimeException e) {
      IOUtils.closeQuietly(raw);
      IOUtils.closeQuietly(socket);
      throw e;
    } finally {
      underway.set(false);
    }
  }
}
