package io.loomftp.mirror;

import io.loomftp.FtpException;
import io.loomftp.FtpReplyException;
import io.loomftp.FtpSession;
import java.io.IOException;
import java.util.List;

/** Plans to delete what only the destination has: files first, then folders that are empty by then. */
final class DeletionPlanner {
  private final MirrorSettings set;
  private final LocalTree local;
  private final RemoteTree remote;
  private final FolderFindings found;
  private final FtpSession session;
  private final int maxDepth;

  DeletionPlanner(
      MirrorSettings set, LocalTree local, RemoteTree remote, FolderFindings found, FtpSession session, int maxDepth) {
    this.set = set;
    this.local = local;
    this.remote = remote;
    this.found = found;
    this.session = session;
    this.maxDepth = maxDepth;
  }

  /**
   * Plans to delete an entry with its contents, as far as the filter permits.
   *
   * @return whether nothing of it remains
   * @throws FtpException when the session is lost
   */
  boolean planDelete(String path, TreeEntry extra, int depth) throws FtpException {
    if (RemoteNames.fault(extra.name(), null) != null) {
      return false; // the server cannot be asked for that name, nor told to delete it
    }
    if (MayDelete.files(set, path, extra)) {
      String detail = extra.isLink() ? "a link" : "";
      found.actions.add(
          new MirrorAction(MirrorAction.Kind.DELETE_FILE, MirrorReason.EXTRA, path, detail, extra.size(), null));
      return true;
    }
    if (!MayDelete.contents(set, path, extra) || depth + 1 > maxDepth) {
      return false;
    }
    RemoteTree.Contents contents;
    try {
      contents = contents(path);
    } catch (FtpReplyException e) {
      return unreadable(path, String.valueOf(e.getMessage()));
    } catch (FtpException e) {
      throw e;
    } catch (IOException e) {
      return unreadable(path, String.valueOf(e.getMessage()));
    }
    if (contents.problem() != null) {
      return unreadable(path, contents.problem());
    }
    boolean empty = true;
    for (TreeEntry inside : contents.rows()) {
      empty &= planDelete(path + "/" + inside.name(), inside, depth + 1);
    }
    if (empty && MayDelete.folder(set, path, extra)) {
      found.actions.add(MirrorAction.of(MirrorAction.Kind.DELETE_FOLDER, MirrorReason.EXTRA, path, ""));
      return true;
    }
    return false;
  }

  private boolean unreadable(String path, String why) {
    found.refuse(MirrorReason.UNREADABLE, path, why);
    return false;
  }

  private RemoteTree.Contents contents(String path) throws IOException {
    RemoteTree.Contents contents;
    if (set.isDownload()) {
      contents = new RemoteTree.Contents(local.list(path), null);
      found.countEntries(contents.rows().size());
    } else {
      contents = remote.list(session, path, found::countEntries);
    }
    found.destinationEntries += contents.rows().size();
    return contents;
  }
}
