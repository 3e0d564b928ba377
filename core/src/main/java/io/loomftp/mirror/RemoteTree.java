package io.loomftp.mirror;

import io.loomftp.EntryType;
import io.loomftp.ErrorKind;
import io.loomftp.FtpEntry;
import io.loomftp.FtpException;
import io.loomftp.FtpLocalException;
import io.loomftp.FtpReplyException;
import io.loomftp.FtpSession;
import io.loomftp.Listing;
import java.io.IOException;
import java.nio.charset.CharsetEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The server's side of a mirror: a root, and paths below it. */
final class RemoteTree {
  private final String root;
  private final boolean followLinks;

  RemoteTree(String root, boolean followLinks) {
    this.root = root;
    this.followLinks = followLinks;
  }

  /**
   * What is in a folder.
   *
   * @param rows without the folder itself and the one above
   * @param notUnderstood lines that gave no entry
   */
  record Contents(List<TreeEntry> rows, long notUnderstood) {}

  String root() {
    return root;
  }

  /** The path that the session's verbs take. */
  String at(String path) {
    return root.isEmpty() || path.isEmpty() ? root + path : root + (root.endsWith("/") ? "" : "/") + path;
  }

  Contents list(FtpSession session, String path, PlanBuilder plan) throws FtpException {
    List<TreeEntry> rows = new ArrayList<>();
    long bad;
    try (Listing listing = session.list(at(path))) {
      for (Optional<FtpEntry> row = listing.next(); row.isPresent(); row = listing.next()) {
        EntryType type = row.get().type();
        if (type != EntryType.CURRENT_DIRECTORY && type != EntryType.PARENT_DIRECTORY) {
          plan.countEntries(1);
          rows.add(TreeEntry.of(row.get()));
        }
      }
      bad = listing.diagnosticCount();
    } catch (FtpException e) {
      throw e;
    } catch (IOException e) {
      throw new FtpLocalException("LIST " + at(path) + ": " + e, ErrorKind.OTHER, session.isOpen(), session.transcript(), e);
    }
    return new Contents(followLinks ? followed(session, path, rows) : rows, bad);
  }

  private List<TreeEntry> followed(FtpSession session, String path, List<TreeEntry> rows) throws FtpException {
    List<TreeEntry> result = new ArrayList<>(rows.size());
    for (TreeEntry row : rows) {
      boolean follow = row.isLink() && fault(row.name(), null) == null;
      result.add(follow ? behind(session, at(path.isEmpty() ? row.name() : path + "/" + row.name()), row) : row);
    }
    return result;
  }

  /** What a link leads to, as far as the server tells; the link itself where it does not. */
  private static TreeEntry behind(FtpSession session, String path, TreeEntry link) throws FtpException {
    try {
      if (session.features().has("MLST")) {
        FtpEntry there = session.mlst(path);
        if (there.isFile() || there.type() == EntryType.DIRECTORY) {
          return link.leadingTo(TreeEntry.of(there));
        }
      }
    } catch (FtpReplyException e) {
      return link; // leads nowhere, or to where this user may not look
    }
    try {
      return link.leadingTo(new TreeEntry("", EntryType.FILE, session.size(path), null, null, ""));
    } catch (FtpReplyException e) {
      // No file. Servers list what is in the folder behind a link when a slash follows its name.
      try (Listing inside = session.list(path + "/")) {
        inside.next();
        return link.leadingTo(new TreeEntry("", EntryType.DIRECTORY, -1, null, null, ""));
      } catch (FtpReplyException notThere) {
        return link;
      } catch (FtpException other) {
        throw other;
      } catch (IOException other) {
        throw new IllegalStateException("a listing of a session throws nothing else", other);
      }
    }
  }

  /** Why a name cannot be sent to the server as one name, or nothing. */
  static @Nullable String fault(String name, @Nullable CharsetEncoder encoder) {
    if (name.isEmpty()) {
      return "it is empty";
    }
    if (name.equals(".") || name.equals("..")) {
      return "it leads elsewhere";
    }
    for (int i = 0; i < name.length(); i++) {
      switch (name.charAt(i)) {
        case '/' -> {
          return "it has a '/'";
        }
        case '\r', '\n', 0 -> {
          return "it has a line end or a NUL";
        }
        default -> {}
      }
    }
    return encoder == null || encoder.canEncode(name) ? null : "it has characters that are not in " + encoder.charset();
  }
}
