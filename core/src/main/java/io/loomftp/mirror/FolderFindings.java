package io.loomftp.mirror;

import io.loomftp.FtpTransferException;
import java.util.ArrayList;
import java.util.List;

/**
 * What one attempt at comparing one folder has found. Used by one thread; published as a whole when the attempt has
 * succeeded, so an attempt that fails leaves nothing behind.
 */
final class FolderFindings {
  final PlannedFolder folder;
  final List<MirrorAction> actions = new ArrayList<>();
  final List<Child> children = new ArrayList<>();
  /** Something is transferred into the folder, so it must exist. */
  boolean needsFolder;
  long unchanged;
  long destinationEntries;
  private final EntryBudget budget;
  private long counted;

  /**
   * A folder below, to be compared next.
   *
   * @param mark identifies the folder where it could be reached by several names; empty where that is not known
   * @param wanted it is made even if nothing is transferred into it
   */
  record Child(PlannedFolder folder, String mark, boolean wanted) {}

  FolderFindings(PlannedFolder folder, EntryBudget budget) {
    this.folder = folder;
    this.budget = budget;
  }

  void refuse(MirrorReason reason, String path, String detail) {
    actions.add(MirrorAction.of(MirrorAction.Kind.REFUSE, reason, path, detail));
  }

  void skip(MirrorReason reason, String path, String detail) {
    actions.add(MirrorAction.of(MirrorAction.Kind.SKIP, reason, path, detail));
  }

  /** Counts entries of either side against the limit of the mirror. */
  void countEntries(long entries) throws FtpTransferException {
    counted += entries;
    budget.take(entries);
  }

  /** The attempt failed. */
  void discard() {
    budget.giveBack(counted);
    counted = 0;
  }
}
