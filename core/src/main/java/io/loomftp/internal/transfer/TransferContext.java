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
 * The parts of a session that a transfer uses.
 *
 * @param control the connection that the command is sent over
 * @param config the settings in force
 * @param features the features of the server
 * @param tls the TLS layer of data connections, or null
 * @param pipeline the commands sent ahead
 * @param profile the profile of the server
 * @param resumption whether data connections resume the TLS session
 * @param mayGoUnresumed whether the data connection may do without resumption, since nothing else has worked
 * @param use the exclusive use of the session
 * @param cancellation the cancellation of the operation that the transfer is part of
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
     * Called when the transfer is over.
     *
     * @param inStep false when the pending replies are unknown, so that the control connection can no longer be used
     */
    void ended(boolean inStep);
  }

  /** Whether data connections are protected. */
  boolean protectsData() {
    return config.tls() instanceof TlsPolicy.Secured secured && !secured.clearData();
  }

  /** Whether data that ends without a close_notify counts as truncated. */
  boolean demandsCloseNotify() {
    return config.tls() instanceof TlsPolicy.Secured secured && secured.closeNotify();
  }
}
