package io.loomftp.internal.session;

import static io.loomftp.ReplyCode.FILE_ACTION_OKAY;
import static io.loomftp.ReplyCode.PATH_CREATED;

import io.loomftp.FtpException;
import io.loomftp.FtpReplyException;
import io.loomftp.Reply;
import io.loomftp.internal.control.Exchange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Commands about folders: CWD, CDUP, MKD (RFC 959 section 4.1.3), by their older names where a server supports only those. */
public final class FolderCommands {
  private final SessionCore session;

  /** The folder commands of one session. */
  public FolderCommands(SessionCore session) {
    this.session = session;
  }

  /** Sends CWD. */
  public Reply enter(String path) throws FtpException {
    return session.runVerb(
        control -> {
          Reply reply = control.askEither("CWD", "XCWD", path).expect(FILE_ACTION_OKAY);
          session.entered(path);
          return reply;
        },
        path);
  }

  /** Sends CDUP. */
  public Reply enterParent() throws FtpException {
    return session.runVerb(
        control -> {
          Reply reply = control.askEither("CDUP", "XCUP", null).expect(FILE_ACTION_OKAY);
          session.entered(null);
          return reply;
        });
  }

  /** Sends MKD; returns the path in the reply, or the given one where it has none. */
  public String make(String path) throws FtpException {
    return session.runVerb(
        control -> session.pathIn(control.askEither("MKD", "XMKD", path).expect(PATH_CREATED)).orElse(path), path);
  }

  /**
   * Whether the path is a folder that this user can enter: it is entered and left. False where PWD gives no path to return
   * to.
   */
  public boolean canEnter(String path) throws FtpException {
    try {
      Optional<FolderVisit> visit = FolderVisit.enter(session, path);
      if (visit.isPresent()) {
        visit.get().end();
      }
      return visit.isPresent();
    } catch (FtpReplyException e) {
      return false;
    }
  }

  /**
   * Makes a folder and those above it that are missing.
   *
   * @return the paths that were made, outermost first
   */
  public List<String> makeAll(String path) throws FtpException {
    List<String> made = new ArrayList<>();
    makeMissing(withoutSlash(path), made);
    return made;
  }

  private void makeMissing(String folder, List<String> made) throws FtpException {
    Exchange mkd = session.runVerb(control -> control.askEither("MKD", "XMKD", folder), folder);
    if (mkd.reply().isCompletion()) {
      made.add(folder);
      return;
    }
    FtpException refused = mkd.refused();
    if (canEnter(folder)) {
      return; // it exists, or another session has just created it
    }
    String above = parent(folder);
    if (!above.isEmpty() && !above.equals("/")) {
      int before = made.size();
      makeMissing(above, made);
      if (made.size() > before) {
        make(folder);
        made.add(folder);
        return;
      }
    }
    throw refused;
  }

  private static String withoutSlash(String path) {
    int end = path.length();
    while (end > 1 && path.charAt(end - 1) == '/') {
      end--;
    }
    return path.substring(0, end);
  }

  /** The folder above; empty for a single name. */
  private static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? "" : slash == 0 ? "/" : withoutSlash(path.substring(0, slash));
  }
}
