package io.loomftp.mirror;

import io.loomftp.EntryType;
import io.loomftp.FtpEntry;
import io.loomftp.FtpException;
import io.loomftp.FtpReplyException;
import io.loomftp.FtpSession;
import io.loomftp.Listing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Replaces the links of a remote listing by the files and folders that they lead to. */
final class LinkTargets {
  private LinkTargets() {}

  /**
   * Asks the server about each link.
   *
   * @param at the path of a name, as the session's verbs take it
   */
  static List<TreeEntry> resolve(FtpSession session, UnaryOperator<String> at, List<TreeEntry> rows) throws FtpException {
    List<TreeEntry> result = new ArrayList<>(rows.size());
    for (TreeEntry row : rows) {
      boolean follow = row.isLink() && RemoteNames.fault(row.name(), null) == null;
      result.add(follow ? target(session, at.apply(row.name()), row) : row);
    }
    return result;
  }

  /** The target as far as the server tells it; the link itself where it does not. */
  private static TreeEntry target(FtpSession session, String path, TreeEntry link) throws FtpException {
    try {
      if (session.features().has("MLST")) {
        FtpEntry there = session.mlst(path);
        if (there.isFile() || there.type() == EntryType.DIRECTORY) {
          return TreeEntry.of(there).named(link.name());
        }
      }
    } catch (FtpReplyException e) {
      return link; // the target is missing, or this user may not see it
    }
    try {
      return new TreeEntry(link.name(), EntryType.FILE, session.size(path), null, "");
    } catch (FtpReplyException e) {
      // Not a file. Servers list the folder behind a link when a slash follows its name.
      try (Listing inside = session.list(path + "/")) {
        inside.next();
        return TreeEntry.folder(link.name());
      } catch (FtpReplyException notThere) {
        return link;
      } catch (FtpException other) {
        throw other;
      } catch (IOException other) {
        throw new IllegalStateException("a listing of a session throws nothing else", other);
      }
    }
  }
}
