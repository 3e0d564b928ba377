package io.loomftp.internal.session;

import static io.loomftp.ReplyCode.FILE_ACTION_OKAY;

import io.loomftp.FtpClosedException;
import io.loomftp.FtpException;
import io.loomftp.FtpReplyException;
import io.loomftp.internal.control.Exchange;
import io.loomftp.internal.control.SessionState;
import java.util.Optional;

/**
 * Enters another folder for the duration of a verb: CWD to it, and CWD back to the folder that PWD gave. A session that
 * cannot return is closed, since relative paths would be wrong from then on.
 */
public final class FolderVisit {
  private final SessionCore session;
  private final String home;
  private final SessionState.Place place;
  private boolean over;

  private FolderVisit(SessionCore session, String home, SessionState.Place place) {
    this.session = session;
    this.home = home;
    this.place = place;
  }

  /**
   * Enters a folder.
   *
   * @return empty, with no folder entered, where PWD gives no path to return to
   * @throws FtpReplyException when the folder cannot be entered
   */
  public static Optional<FolderVisit> enter(SessionCore session, String path) throws FtpException {
    return session.runVerb(
        control -> {
          Optional<String> home = session.folderIfTold();
          if (home.isEmpty()) {
            return Optional.empty();
          }
          SessionState.Place place = session.state().place();
          control.askEither("CWD", "XCWD", path).expect(FILE_ACTION_OKAY);
          session.state().entered(path);
          return Optional.of(new FolderVisit(session, home.get(), place));
        },
        path);
  }

  /** Returns to the previous folder, also after an abort; a second call does nothing. */
  public void end() throws FtpException {
    if (over) {
      return;
    }
    over = true;
    // First, so that a connection that replaces a lost one is brought there.
    session.state().returnedTo(place);
    if (session.isOpen()) {
      session.cleanUp(this::goBack);
    }
  }

  private Exchange goBack() throws FtpException {
    return session.runVerb(
        control -> {
          Exchange back = control.askEither("CWD", "XCWD", home);
          if (!back.reply().isCompletion()) {
            FtpException refused = back.refused();
            throw control.fail(
                new FtpClosedException(
                    "the session cannot return to its folder: " + refused.getMessage(),
                    refused.kind(),
                    session.transcript().lines(),
                    refused));
          }
          return back;
        });
  }
}
