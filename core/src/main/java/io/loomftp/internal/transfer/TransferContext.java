package io.loomftp.internal.transfer;

import io.loomftp.Features;
import io.loomftp.FtpConfig;
import io.loomftp.TlsPolicy;
import io.loomftp.internal.control.ControlConnection;
import io.loomftp.internal.control.ExclusiveUse;
import io.loomftp.internal.control.Pipeline;
import io.loomftp.internal.control.SharedProfile;
import io.loomftp.internal.control.TlsResumption;
import io.loomftp.internal.net.TlsUpgrade;
import io.loomftp.internal.retry.Cancellation;
import org.jspecify.annotations.Nullable;

/**
 * What a transfer needs of the session that starts it.
 *
 * @param control the connection that the command is sent over
 * @param config the settings in force
 * @param features what the server says it can
 * @param tls what protects data connections, or null
 * @param pipeline what is sent ahead
 * @param profile what is known of the server
 * @param resumption whether data connections resume the TLS session
 * @param mayGoUnresumed whether the data connection may go without resuming the TLS session, since nothing else has helped
 * @param use lets one thread at a time use the session
 * @param cancellation calls off the operation that the transfer is part of
 * @param ending is notified when the transfer is over
 */
public record TransferContext(
    ControlConnection control,
    FtpConfig config,
    Features features,
    @Nullable TlsUpgrade tls,
    Pipeline pipeline,
    SharedProfile profile,
    TlsResumption resumption,
    boolean mayGoUnresumed,
    ExclusiveUse use,
    Cancellation cancellation,
    Ending ending) {

  /** Receives the end of a transfer. */
  @FunctionalInterface
  public interface Ending {
    /**
     * The transfer is over; the session may go on.
     *
     * @param inStep false when nobody can say what the server still owes, and the control connection is of no use any more
     */
    void ended(boolean inStep);
  }

  /** Whether data connections are to be protected. */
  boolean protectsData() {
    return config.tls() instanceof TlsPolicy.Secured secured && !secured.clearData();
  }

  /** Whether data that ends without a close_notify is taken for cut short. */
  boolean demandsCloseNotify() {
    return config.tls() instanceof TlsPolicy.Secured secured && secured.closeNotify();
  }
}
