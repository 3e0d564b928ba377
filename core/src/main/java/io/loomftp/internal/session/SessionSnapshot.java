package io.loomftp.internal.session;

import static io.loomftp.ReplyCode.FILE_ACTION_OKAY;

import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.FtpReplyException;
import io.loomftp.TransferType;
import io.loomftp.internal.control.ControlConnection;
import io.loomftp.internal.control.SessionState;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Saves the settings and the folder of a session and restores them, if that is certain to work. */
public final class SessionSnapshot {
  private static final Logger LOG = LoggerFactory.getLogger(SessionSnapshot.class);

  /** Commands without lasting effects on the connection, except those that {@link SessionState} records. */
  private static final Set<String> TRACELESS =
      Set.of("NOOP", "ALLO", "STAT", "HELP", "SYST", "FEAT", "PWD", "XPWD", "CWD", "XCWD", "CDUP", "XCUP", "TYPE", "SIZE",
          "MDTM", "MFMT", "MFCT", "MFF", "MLST", "DELE", "MKD", "XMKD", "RMD", "XRMD", "AVBL", "HASH", "MD5", "XCRC", "XMD5",
          "XSHA", "XSHA1", "XSHA256", "XSHA512", "LIST", "NLST", "MLSD");

  private static final Set<String> TRACELESS_SITE = Set.of("CHMOD", "CHGRP", "UTIME", "SYMLINK", "HELP");

  private final SessionCore session;
  private @Nullable FtpConfig config;
  private @Nullable String folder;
  private SessionState.@Nullable Place place;

  /** The snapshot of one session. */
  public SessionSnapshot(SessionCore session) {
    this.session = session;
  }

  /** Records a command of the caller: its lasting effects are unknown unless it is known to have none. */
  public void sent(String verb, String argument) {
    String upper = verb.toUpperCase(Locale.ROOT);
    boolean traceless =
        upper.equals("SITE")
            ? TRACELESS_SITE.contains(argument.strip().split(" ", 2)[0].toUpperCase(Locale.ROOT))
            : TRACELESS.contains(upper);
    if (!traceless || (upper.equals("TYPE") && session.config().transferType() == TransferType.MANUAL)) {
      session.state().stateUnknown();
    }
  }

  /** Saves the settings and the folder. */
  public void set() throws FtpException {
    folder = session.runVerb(control -> session.folderIfTold()).orElse(null);
    config = session.config();
    session.state().marked();
    place = session.state().place();
  }

  /**
   * Restores what was saved.
   *
   * @return false when the state of the connection is not known
   */
  public boolean restore() throws FtpException {
    FtpConfig before = config;
    if (before == null || !session.isFree()) {
      return false;
    }
    return session.exclusively(
        () -> {
          if (!session.isOpen() || session.isToBeReplaced() || session.state().isStateUnknown()) {
            return false;
          }
          if (session.config() != before) {
            session.adopt(before);
            config = session.config();
          }
          return !session.state().hasMoved() || goBack();
        });
  }

  private boolean goBack() throws FtpException {
    String home = folder;
    SessionState.Place marked = place;
    if (home == null || marked == null) {
      return false;
    }
    try {
      session.runVerb(control -> control.askEither("CWD", "XCWD", home).expect(FILE_ACTION_OKAY), home);
      session.state().returnedTo(marked);
      return true;
    } catch (FtpReplyException e) {
      LOG.debug("cannot return to {}: {}", home, e.getMessage());
      return false;
    }
  }

  /** Whether the connection is up and no unsolicited reply has arrived; sends nothing. */
  public boolean isQuiet() {
    if (!session.isFree()) {
      return session.isOpen();
    }
    return session.exclusively(
        () -> {
          try {
            return session.isOpen() && !session.control().hasReply(ControlConnection.A_MOMENT);
          } catch (FtpException e) {
            LOG.debug("lost while idle: {}", e.getMessage());
            return false;
          }
        });
  }
}
