package io.loomftp;

import io.loomftp.internal.control.Exchange;
import io.loomftp.internal.control.ReplyClassifier;
import io.loomftp.internal.session.FileQueries;
import io.loomftp.internal.session.FolderVisit;
import io.loomftp.internal.session.SessionCore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a path exists: by MLST, SIZE, CWD and back, and at last the listing of the folder above. One
 * success proves that it exists; that it does not exist needs more proof, since servers refuse all of these for other reasons
 * too.
 */
final class Existence {
  private final SessionCore session;
  private final FileQueries queries;
  private final Listings listings;

  Existence(SessionCore session, FileQueries queries, Listings listings) {
    this.session = session;
    this.queries = queries;
    this.listings = listings;
  }

  boolean of(String path) throws FtpException {
    Optional<Exchange> mlst = queries.mlst(path);
    if (mlst.isPresent()) {
      Reply reply = mlst.get().reply();
      if (reply.isCompletion() || ReplyClassifier.saysMissing(reply)) {
        return reply.isCompletion();
      }
    }
    Optional<Exchange> size = queries.binarySize(path);
    if (size.isPresent() && hasNumber(size.get().reply())) {
      return true;
    }
    boolean sized = size.isPresent() && isUnmeasured(size.get());
    FtpReplyException refused = entering(path);
    if (refused == null) {
      return true;
    }
    if (sized && ReplyClassifier.saysMissing(refused.reply())) {
      return false;
    }
    FtpException doubt = mlst.isPresent() && !mlst.get().isUnknown() ? mlst.get().refused() : refused;
    Optional<FtpException> busy = busy(mlst, size, refused);
    return isListed(bare(path), busy.orElse(doubt), sized && doubt.kind() != ErrorKind.DENIED, busy.isEmpty());
  }

  /** The first refusal that is only temporary (4yz), which proves nothing. */
  private static Optional<FtpException> busy(Optional<Exchange> mlst, Optional<Exchange> size, FtpReplyException refused) {
    for (Optional<Exchange> each : List.of(mlst, size)) {
      if (each.isPresent() && each.get().reply().isTransientError()) {
        return Optional.of(each.get().refused());
      }
    }
    return refused.reply().isTransientError() ? Optional.of(refused) : Optional.empty();
  }

  /** Whether the reply has a size: some servers answer {@code 213 -1} for what they do not have. */
  private static boolean hasNumber(Reply reply) {
    String text = reply.text().strip();
    return reply.isCompletion() && !text.isEmpty() && text.charAt(0) >= '0' && text.charAt(0) <= '9';
  }

  /** Whether a file would have been measured: it was not refused for being busy, denied, no file, or of the wrong type. */
  private static boolean isUnmeasured(Exchange size) {
    return size.reply().code() == 550 && size.refused().kind() == ErrorKind.NOT_FOUND;
  }

  /** Why the path cannot be entered; null when it can. */
  private @Nullable FtpReplyException entering(String path) throws FtpException {
    try {
      Optional<FolderVisit> visit = FolderVisit.enter(session, path);
      if (visit.isPresent()) {
        visit.get().end();
        return null;
      }
    } catch (FtpReplyException e) {
      return e;
    }
    return new FtpReplyException(
        "CWD " + path, Reply.of(550, "not sent: PWD gives no path to return to"), ErrorKind.OTHER, false, session.transcript()
            .lines());
  }

  /** The path without slashes and {@code /.} at its end. */
  private static String bare(String path) {
    String bare = path;
    while (bare.length() > 1 && (bare.endsWith("/") || bare.endsWith("/."))) {
      bare = bare.substring(0, bare.length() - 1);
    }
    return bare;
  }

  /**
   * Whether the folder above lists the name.
   *
   * @param doubt thrown when the listing does not prove that there is none
   * @param sized whether a file would have been found by its size
   * @param mayProve whether the listing may prove that there is none
   */
  private boolean isListed(String path, FtpException doubt, boolean sized, boolean mayProve) throws FtpException {
    int slash = path.lastIndexOf('/');
    String name = path.substring(slash + 1);
    if (name.isEmpty() || name.equals(".") || name.equals("..")) {
      throw doubt;
    }
    String parent = slash < 0 ? "" : slash == 0 ? "/" : path.substring(0, slash);
    boolean hidden = name.startsWith(".");
    boolean found = false;
    boolean proven;
    try (Listing rows = listings.list(parent, hidden)) {
      for (Optional<FtpEntry> row = rows.next(); row.isPresent(); row = rows.next()) {
        found |= row.get().name().equals(name);
      }
      proven = sized || (rows.diagnosticCount() == 0 && (!hidden || rows.includesHidden()));
    } catch (FtpReplyException e) {
      if (ReplyClassifier.saysMissing(e.reply()) || (e.kind() == ErrorKind.NOT_FOUND && slash > 0 && !of(parent))) {
        return false;
      }
      throw e;
    } catch (FtpException e) {
      throw e;
    } catch (IOException e) {
      throw queries.local("LIST " + parent, e);
    }
    if (!found && !(proven && mayProve)) {
      throw doubt;
    }
    return found;
  }
}
