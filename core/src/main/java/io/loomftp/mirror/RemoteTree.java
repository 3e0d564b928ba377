package io.loomftp.mirror;

import io.loomftp.EntryType;
import io.loomftp.ErrorKind;
import io.loomftp.FtpEntry;
import io.loomftp.FtpException;
import io.loomftp.FtpLocalException;
import io.loomftp.FtpReplyException;
import io.loomftp.FtpSession;
import io.loomftp.FtpTransferException;
import io.loomftp.Listing;
import io.loomftp.ModifiedTime;
import io.loomftp.TransferType;
import io.loomftp.internal.file.RemotePresence;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The remote side of a mirror: a root, and paths below it. Safe for use by any thread; a session by one at a time. */
final class RemoteTree {
  private final String root;
  private final boolean followLinks;
  /** Set once listings are known to have the names that begin with a dot. */
  private volatile boolean showsHidden;

  RemoteTree(String root, boolean followLinks) {
    this.root = root;
    this.followLinks = followLinks;
  }

  /**
   * The entries of a folder.
   *
   * @param rows without the folder itself and its parent
   * @param problem why the listing may lack entries; null when nothing says so
   */
  record Contents(List<TreeEntry> rows, @Nullable String problem) {
    static final Contents NONE = new Contents(List.of(), null);

    boolean isComplete() {
      return problem == null;
    }
  }

  /** Counts listed entries, and throws when there are too many. */
  @FunctionalInterface
  interface Counter {
    void count(long entries) throws FtpTransferException;
  }

  String root() {
    return root;
  }

  /** The path that the session's verbs take. */
  String at(String path) {
    return root.isEmpty() || path.isEmpty() ? root + path : root + (root.endsWith("/") ? "" : "/") + path;
  }

  /**
   * Lists a folder.
   *
   * @throws FtpReplyException when the folder cannot be listed, or when its listing is empty and it cannot be entered
   */
  Contents list(FtpSession session, String path, Counter counter) throws FtpException {
    if (!session.config().listHidden()) {
      session.adopt(session.config().toBuilder().listHidden(true).build()); // until the session returns to the pool
    }
    List<TreeEntry> rows = new ArrayList<>();
    boolean listsItself = false;
    String problem;
    Listing listing = session.list(at(path));
    try (listing) {
      for (Optional<FtpEntry> row = listing.next(); row.isPresent(); row = listing.next()) {
        EntryType type = row.get().type();
        if (type == EntryType.CURRENT_DIRECTORY || type == EntryType.PARENT_DIRECTORY) {
          listsItself = true;
        } else {
          counter.count(1);
          rows.add(TreeEntry.of(row.get()));
        }
      }
      long bad = listing.diagnosticCount();
      problem = bad == 0 ? null : bad + " lines of its listing on the server could not be parsed";
    } catch (FtpException e) {
      if (!listing.isTruncated()) {
        throw e;
      }
      problem = "the server does not list all of it: " + e.getMessage();
    } catch (IOException e) {
      throw new FtpLocalException("LIST " + at(path) + ": " + e, ErrorKind.OTHER, session.isOpen(), session.transcript(), e);
    }
    noteHidden(session, listing, rows);
    if (!listsItself && mayBeNoListing(path, rows)) {
      proveListing(session, path, rows);
    }
    return new Contents(
        followLinks ? LinkTargets.resolve(session, name -> at(path.isEmpty() ? name : path + "/" + name), rows) : rows,
        problem);
  }

  /** A server with MLSD may leave such names out of it all the same, unless one of them was seen. */
  private void noteHidden(FtpSession session, Listing listing, List<TreeEntry> rows) {
    boolean seen = rows.stream().anyMatch(row -> RemoteNames.isHidden(row.name()));
    if (seen || (listing.includesHidden() && !session.features().has("MLST"))) {
      showsHidden = true;
    }
  }

  /** Servers send no line, or the folder's own line, for a folder that they cannot open, and report success. */
  private boolean mayBeNoListing(String path, List<TreeEntry> rows) {
    if (rows.size() > 1) {
      return false;
    }
    return rows.isEmpty() || rows.getFirst().name().equals(ownName(path))
        || rows.getFirst().name().equals(withoutSlash(at(path)));
  }

  private String ownName(String path) {
    String whole = withoutSlash(at(path));
    return whole.substring(whole.lastIndexOf('/') + 1);
  }

  /** The folder must exist, and an only folder of the same name must be in it. */
  private void proveListing(FtpSession session, String path, List<TreeEntry> rows) throws FtpException {
    if (rows.isEmpty() || !rows.getFirst().isFolder()) {
      enter(session, path);
    } else if (!isFolder(session, path.isEmpty() ? ownName(path) : path + "/" + ownName(path))) {
      throw new FtpTransferException(
          "LIST " + at(path) + " lists nothing but the folder itself: it cannot be read",
          null, 0, ErrorKind.DENIED, false, session.transcript(), null);
    }
  }

  /**
   * Proves that a folder exists and can be entered (CWD). The session stays there, which is of no consequence where paths are
   * absolute; where they are not, the server is asked whether the folder exists.
   */
  private void enter(FtpSession session, String path) throws FtpException {
    String folder = withoutSlash(at(path));
    if (isHome(folder)) {
      return;
    }
    if (folder.startsWith("/")) {
      session.cd(folder);
    } else if (!session.exists(folder)) {
      throw new FtpTransferException(
          "LIST " + folder + ": the listing is empty and the server has no such folder",
          null, 0, ErrorKind.NOT_FOUND, true, session.transcript(), null);
    }
  }

  /** Whether a folder exists and can be entered. */
  boolean isFolder(FtpSession session, String path) throws FtpException {
    try {
      enter(session, path);
      return true;
    } catch (FtpReplyException e) {
      return false;
    } catch (FtpTransferException e) {
      if (e.kind() == ErrorKind.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  /**
   * The absolute path that PWD gives in a folder; empty where it gives none.
   *
   * @throws FtpReplyException when the folder cannot be entered, or PWD is refused
   */
  Optional<String> place(FtpSession session, String path) throws FtpException {
    String folder = withoutSlash(at(path));
    if (!folder.startsWith("/")) {
      return Optional.empty();
    }
    session.cd(folder);
    return Optional.of(session.pwd()).filter(place -> place.startsWith("/"));
  }

  private static boolean isHome(String folder) {
    return folder.isEmpty() || folder.equals(".");
  }

  private static String withoutSlash(String path) {
    String bare = path;
    while (bare.length() > 1 && bare.endsWith("/")) {
      bare = bare.substring(0, bare.length() - 1);
    }
    return bare;
  }

  /** Whether listings are known to have names that begin with a dot; otherwise such a name must be asked about. */
  boolean showsHidden() {
    return showsHidden;
  }

  /**
   * Asks about one entry that a listing may have left out, by MLST, or by SIZE and CWD.
   *
   * @param copy the entry of that name on the other side
   * @return empty when the server has no such entry
   * @throws FtpReplyException when the server does not let this user find out
   */
  Optional<TreeEntry> ask(FtpSession session, String path, TreeEntry copy) throws FtpException {
    if (session.features().has("MLST")) {
      try {
        return Optional.of(TreeEntry.of(session.mlst(at(path))).named(copy.name()));
      } catch (FtpReplyException e) {
        if (e.kind() == ErrorKind.NOT_FOUND) {
          return Optional.empty();
        }
      }
    }
    if (copy.isFolder() && isFolder(session, path)) {
      return Optional.of(TreeEntry.folder(copy.name()));
    }
    try {
      return Optional.of(
          new TreeEntry(copy.name(), EntryType.FILE, session.size(at(path)), modified(session, path), ""));
    } catch (FtpReplyException e) {
      if (!copy.isFolder() && isFolder(session, path)) {
        return Optional.of(TreeEntry.folder(copy.name()));
      }
    }
    boolean exists = session.exists(at(path));
    return exists ? Optional.of(new TreeEntry(copy.name(), EntryType.FILE, -1, null, "")) : Optional.empty();
  }

  private @Nullable ModifiedTime modified(FtpSession session, String path) throws FtpException {
    try {
      return new ModifiedTime(session.mdtm(at(path)), ModifiedTime.Precision.SECOND, ModifiedTime.Source.MDTM);
    } catch (FtpReplyException e) {
      return null;
    }
  }

  /**
   * Whether the server has an entry that a complete listing of its folder does not have. A server with MLST must say that
   * there is no such file, since a refusal without a reason proves nothing. A server without MLST need not: SIZE and CWD are
   * enough, together with the listing (vsftpd gives no reasons).
   *
   * @throws FtpException when the server does not let this user find out
   */
  boolean has(FtpSession session, String path) throws FtpException {
    String full = at(path);
    if (session.features().has("MLST")) {
      try {
        session.mlst(full);
        return true;
      } catch (FtpReplyException e) {
        if (RemotePresence.saysMissing(e)) {
          return false;
        }
        if (session.exists(full)) {
          return true;
        }
        if (saysMissing(session, full)) {
          return false;
        }
        throw e;
      }
    }
    boolean binary = session.config().transferType() == TransferType.BINARY;
    if (!binary || !full.startsWith("/")) {
      return session.exists(full);
    }
    FtpReplyException noFile;
    try {
      session.size(full);
      return true;
    } catch (FtpReplyException e) {
      if (e.kind() == ErrorKind.UNSUPPORTED) {
        return session.exists(full);
      }
      noFile = e;
    }
    try {
      session.cd(full);
      return true;
    } catch (FtpReplyException e) {
      if (isProof(noFile, e)) {
        return false;
      }
      if (session.exists(full)) {
        return true;
      }
      throw noFile.kind() == ErrorKind.NOT_FOUND ? e : noFile;
    }
  }

  /**
   * Whether refusals of SIZE and CWD prove together that there is neither a file nor a folder of that name; a server that is
   * busy, or denies access, has proven nothing. The BSDs call a missing file "not a plain file" and give the reason with CWD.
   */
  private static boolean isProof(FtpReplyException noFile, FtpReplyException noFolder) {
    boolean permanent = !noFile.reply().isTransientError() && !noFolder.reply().isTransientError();
    boolean missing =
        noFile.kind() == ErrorKind.NOT_FOUND || (noFile.kind() == ErrorKind.OTHER && RemotePresence.saysMissing(noFolder));
    return permanent && missing && noFolder.kind() == ErrorKind.NOT_FOUND;
  }

  /** Whether SIZE says that there is no such file, or is refused for want of a plain file while CWD says so. */
  private static boolean saysMissing(FtpSession session, String full) throws FtpException {
    FtpReplyException noFile;
    try {
      session.size(full);
      return false;
    } catch (FtpReplyException e) {
      if (RemotePresence.saysMissing(e)) {
        return true;
      }
      noFile = e;
    }
    if (!full.startsWith("/")) {
      return false;
    }
    try {
      session.cd(full);
      return false;
    } catch (FtpReplyException e) {
      return RemotePresence.saysMissing(e) && isProof(noFile, e);
    }
  }
}
