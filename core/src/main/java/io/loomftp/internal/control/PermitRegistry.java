package io.loomftp.internal.control;

import io.loomftp.ErrorKind;
import io.loomftp.FtpConfig;
import io.loomftp.FtpConnectException;
import io.loomftp.FtpException;
import io.loomftp.internal.retry.Cancellation;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The {@link ConnectionPermits} of each server that this JVM connects to, by host and port, whatever the user. */
public final class PermitRegistry {
  private static final Map<String, ConnectionPermits> ALL = new ConcurrentHashMap<>();
  private static final int MANY = 1_000;

  private PermitRegistry() {}

  /** The permits of this configuration's server. */
  public static ConnectionPermits of(FtpConfig config) {
    if (ALL.size() > MANY) {
      ALL.values().removeIf(ConnectionPermits::isForgotten);
    }
    String server = config.host().toLowerCase(Locale.ROOT) + ":" + config.port();
    ConnectionPermits permits =
        ALL.computeIfAbsent(server, s -> new ConnectionPermits(s, ConnectRate.USUAL, System::nanoTime));
    permits.forgetOldLimit();
    return permits;
  }

  /** Forgets all servers; connections that are open keep the permits they have. */
  public static void forgetAll() {
    ALL.clear();
  }

  /**
   * The permit handed over to this thread, else one of this configuration's server.
   *
   * @param bound how long to wait for it
   * @param cancellation ends the wait
   * @throws FtpConnectException of the kind {@link ErrorKind#BUSY} when the limit is reached and no permit becomes free in time
   */
  static ConnectionPermits.Permit take(FtpConfig config, Duration bound, Cancellation cancellation) throws FtpException {
    ConnectionPermits.Permit handedOver = ConnectionPermits.handedOver();
    return handedOver == null ? of(config).await(config, bound, cancellation) : handedOver;
  }
}
