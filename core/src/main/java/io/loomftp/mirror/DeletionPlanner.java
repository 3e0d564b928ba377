package io.loomftp.mirror;

import io.loomftp.FtpException;
import io.loomftp.FtpReplyException;
import io.loomftp.FtpSession;
import java.io.IOException;
import java.util.List;

/** Plans the end of what only the destination has: files first, then folders in which nothing is left. */
final class DeletionPlanner {
  private final Mirror.Settings set;
  private final LocalTree local;
  private final RemoteTree remote;
  private final PlanBuilder plan;
  private final FtpSession session;
  private final int deepest;

  DeletionPlanner(
      Mirror.Settings set, LocalTree local, RemoteTree remote, PlanBuilder plan, FtpSession session, int deepest) {
    this.set = set;
    this.local = local;
    this.remote = remote;
    this.plan = plan;
    this.session = session;
    this.deepest = deepest;
  }

  /**
   * Plans to delete an entry with all that is in it, as far as the rules let it.
   *
   * @return whether nothing of it will be left
   * @throws FtpException when the session is lost
   */
  boolean planDelete(String path, TreeEntry row, int depth, List<MirrorAction> doomed) throws FtpException {
    if (set.direction == MirrorPlan.Direction.UPLOAD && RemoteTree.fault(row.name(), null) != null) {
      return false; // not a name that could be deleted without danger for another
    }
    if (FolderDiff.mayDelete(set, path, row)) {
      doomed.add(
          new MirrorAction(
              MirrorAction.Kind.DELETE_FILE, MirrorReason.EXTRA, path, row.isLink() ? "a link" : "", row.size(), null));
      return true;
    }
    if (!FolderDiff.mayEmpty(set, path, row) || depth + 1 > deepest) {
      return false;
    }
    List<TreeEntry> contents;
    try {
      contents = contents(path);
    } catch (FtpReplyException e) {
      return unreadable(path, e);
    } catch (FtpException e) {
      throw e;
    } catch (IOException e) {
      return unreadable(path, e);
    }
    boolean empty = true;
    for (TreeEntry inside : contents) {
      empty &= planDelete(path + "/" + inside.name(), inside, depth + 1, doomed);
    }
    if (empty && FolderDiff.mayRemove(set, path, row)) {
      doomed.add(new MirrorAction(MirrorAction.Kind.DELETE_FOLDER, MirrorReason.EXTRA, path, "", -1, null));
      return true;
    }
    return false;
  }

  private boolean unreadable(String path, IOException why) {
    plan.refuse(MirrorReason.UNREADABLE, path, String.valueOf(why.getMessage()));
    return false;
  }

  private List<TreeEntry> contents(String path) throws IOException {
    List<TreeEntry> rows;
    if (set.direction == MirrorPlan.Direction.UPLOAD) {
      RemoteTree.Contents found = remote.list(session, path, plan);
      if (found.notUnderstood() > 0) {
        plan.refuse(MirrorReason.UNREADABLE, path, found.notUnderstood() + " lines of its listing could not be understood");
      }
      rows = found.rows();
    } else {
      rows = local.list(path);
      plan.countEntries(rows.size());
    }
    plan.countAtDestination(rows.size());
    return rows;
  }
}
