package io.loomftp.internal.session;

import static io.loomftp.ReplyCode.FILE_ACTION_OKAY;

import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.FtpReplyException;
import io.loomftp.TransferType;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Remembers how a session stood at one moment, and brings it back there, if that can be done for certain. */
public final class Bookmark {
  private static final Logger LOG = LoggerFactory.getLogger(Bookmark.class);

  /** Commands that leave nothing behind on the connection, or only what {@link SessionState} keeps account of. */
  private static final Set<String> TRACELESS =
      Set.of("NOOP", "ALLO", "STAT", "HELP", "SYST", "FEAT", "PWD", "XPWD", "CWD", "XCWD", "CDUP", "XCUP", "TYPE", "SIZE",
          "MDTM", "MFMT", "MFCT", "MFF", "MLST", "DELE", "MKD", "XMKD", "RMD", "XRMD", "AVBL", "HASH", "MD5", "XCRC", "XMD5",
          "XSHA", "XSHA1", "XSHA256", "XSHA512", "LIST", "NLST", "MLSD");

  private static final Set<String> TRACELESS_SITE = Set.of("CHMOD", "CHGRP", "UTIME", "SYMLINK", "HELP");

  private final Conversation talk;
  private @Nullable FtpConfig config;
  private @Nullable String folder;
  private List<String> trail = List.of();

  /** For one session. */
  public Bookmark(Conversation talk) {
    this.talk = talk;
  }

  /** A command was sent that the session does not know: what it left behind is unknown too, unless it is a familiar one. */
  public void sent(String verb, String argument) {
    String upper = verb.toUpperCase(Locale.ROOT);
    boolean traceless =
        upper.equals("SITE")
            ? TRACELESS_SITE.contains(argument.strip().split(" ", 2)[0].toUpperCase(Locale.ROOT))
            : TRACELESS.contains(upper);
    if (!traceless || (upper.equals("TYPE") && talk.config().transferType() == TransferType.MANUAL)) {
      talk.state().strayed = true;
    }
  }

  /** Remembers the settings and the folder. */
  public void set() throws FtpException {
    folder =
        talk.turn(
                control -> {
                  try {
                    return Optional.of(talk.workingDirectory());
                  } catch (FtpReplyException e) {
                    LOG.debug("no way back to the present folder: {}", e.getMessage());
                    return Optional.<String>empty();
                  }
                })
            .orElse(null);
    config = talk.config();
    trail = talk.state().trail();
    talk.state().marked();
  }

  /**
   * Goes back.
   *
   * @return false when nobody can say what state the connection is in
   */
  public boolean comeBack() throws FtpException {
    FtpConfig before = config;
    if (before == null || !talk.isFree()) {
      return false;
    }
    return talk.alone(
        () -> {
          if (!talk.isOpen() || talk.state().strayed) {
            return false;
          }
          if (talk.config() != before) {
            talk.adopt(before);
            config = talk.config();
          }
          return !talk.state().moved || goBack();
        });
  }

  private boolean goBack() throws FtpException {
    String home = folder;
    if (home == null) {
      return false;
    }
    try {
      talk.turn(control -> control.askEither("CWD", "XCWD", home).expect(FILE_ACTION_OKAY), home);
      talk.state().movedBack(trail);
      return true;
    } catch (FtpReplyException e) {
      LOG.debug("no way back to {}: {}", home, e.getMessage());
      return false;
    }
  }

  /** Whether the server is there and says nothing unasked; nothing is sent. */
  public boolean isQuiet() {
    if (!talk.isFree()) {
      return talk.isOpen();
    }
    return talk.alone(
        () -> {
          try {
            return talk.isOpen() && !talk.control().hasReply(ControlConnection.A_MOMENT);
          } catch (FtpException e) {
            LOG.debug("lost while idle: {}", e.getMessage());
            return false;
          }
        });
  }
}
