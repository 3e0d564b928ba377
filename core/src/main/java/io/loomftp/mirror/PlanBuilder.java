package io.loomftp.mirror;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** Collects the findings of several threads. Each folder is published once, when comparing it has succeeded. */
final class PlanBuilder {
  /** The order in which actions are carried out; the deepest folders are removed first. */
  private static final Comparator<MirrorAction> ORDER =
      Comparator.comparing(MirrorAction::kind)
          .thenComparing(
              (a, b) -> a.kind() == MirrorAction.Kind.DELETE_FOLDER
                  ? b.path().compareTo(a.path())
                  : a.path().compareTo(b.path()));

  private final ReentrantLock lock = new ReentrantLock();
  private final List<MirrorAction> actions = new ArrayList<>(); // guarded by lock, as is what follows
  private final Set<String> marks = new HashSet<>();
  private long unchanged;
  private long destinationEntries;

  /**
   * Adds what was found in one folder.
   *
   * @return the folders to compare next
   */
  List<PlannedFolder> publish(FolderFindings found) {
    List<PlannedFolder> next = new ArrayList<>(found.children.size());
    lock.lock();
    try {
      if (found.needsFolder) {
        make(found.folder);
      }
      for (FolderFindings.Child child : found.children) {
        if (!child.mark().isEmpty() && !marks.add(child.mark())) {
          found.refuse(MirrorReason.LOOP, child.folder().path, "the folder was found before under another name");
        } else {
          if (child.wanted()) {
            make(child.folder());
          }
          next.add(child.folder());
        }
      }
      actions.addAll(found.actions);
      unchanged += found.unchanged;
      destinationEntries += found.destinationEntries;
    } finally {
      lock.unlock();
    }
    return next;
  }

  /** Adds that a folder cannot be compared. */
  void refuse(PlannedFolder folder, String detail) {
    lock.lock();
    try {
      actions.add(MirrorAction.of(MirrorAction.Kind.REFUSE, MirrorReason.UNREADABLE, folder.path, detail));
    } finally {
      lock.unlock();
    }
  }

  /** Plans to make a folder that is missing, after those above it. */
  private void make(PlannedFolder folder) {
    if (folder.missing && !folder.makePlanned) {
      folder.makePlanned = true;
      if (folder.parent != null) {
        make(folder.parent);
      }
      actions.add(MirrorAction.of(MirrorAction.Kind.MAKE_FOLDER, MirrorReason.MISSING, folder.path, ""));
    }
  }

  long unchanged() {
    lock.lock();
    try {
      return unchanged;
    } finally {
      lock.unlock();
    }
  }

  long destinationEntries() {
    lock.lock();
    try {
      return destinationEntries;
    } finally {
      lock.unlock();
    }
  }

  /** All actions, in order; called when no thread adds any more. */
  List<MirrorAction> sorted() {
    lock.lock();
    try {
      actions.sort(ORDER);
      return actions;
    } finally {
      lock.unlock();
    }
  }
}
