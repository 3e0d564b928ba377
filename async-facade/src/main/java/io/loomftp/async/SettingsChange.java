package io.loomftp.async;

import io.loomftp.FtpConfig;
import java.util.function.UnaryOperator;

/**
 * A change of settings in the order of commands: {@code trans_mode conn_mode blocksize timeout}. Sends nothing and has no
 * event.
 */
final class SettingsChange extends Operation<Void> {
  private final UnaryOperator<FtpConfig.Builder> change;

  SettingsChange(SessionLoop session, UnaryOperator<FtpConfig.Builder> change) {
    super(session, "", "");
    this.change = change;
  }

  @Override
  boolean runsBeforeLogin() {
    return true;
  }

  @Override
  Outcome<Void> run() {
    session().adjust(change);
    return new Outcome<>(null, null);
  }
}
