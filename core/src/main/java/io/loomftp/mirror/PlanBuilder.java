package io.loomftp.mirror;

import io.loomftp.ErrorKind;
import io.loomftp.FtpTransferException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Collects what several threads find while two trees are compared, within bounds. */
final class PlanBuilder {
  /** In the order in which a plan tells its actions, the deepest folders removed first. */
  private static final Comparator<MirrorAction> ORDER =
      Comparator.comparing(MirrorAction::kind)
          .thenComparing(
              (a, b) ->
                  a.kind() == MirrorAction.Kind.DELETE_FOLDER
                      ? b.path().compareTo(a.path())
                      : a.path().compareTo(b.path()));

  private final long mostEntries;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<MirrorAction> actions = new ArrayList<>(); // guarded by lock, as is what follows
  private final Set<String> met = new HashSet<>();
  private long entries;
  private long unchanged;
  private long atDestination;

  PlanBuilder(long mostEntries) {
    this.mostEntries = mostEntries;
  }

  /**
   * A folder that is being compared.
   */
  static final class Folder {
    final @Nullable Folder parent;
    final String path;
    final int depth;
    /** Whether the destination has none yet. */
    volatile boolean missing;
    private boolean planned;
    private int tries;

    Folder(@Nullable Folder parent, String path, int depth, boolean missing) {
      this.parent = parent;
      this.path = path;
      this.depth = depth;
      this.missing = missing;
    }

    /** How often it was tried before; by one thread at a time. */
    int tried() {
      return tries++;
    }
  }

  void add(MirrorAction.Kind kind, MirrorReason reason, String path, String detail, long size, @Nullable Instant modified) {
    lock.lock();
    try {
      actions.add(new MirrorAction(kind, reason, path, detail, size, modified));
    } finally {
      lock.unlock();
    }
  }

  void refuse(MirrorReason reason, String path, String detail) {
    add(MirrorAction.Kind.REFUSE, reason, path, detail, -1, null);
  }

  void skip(MirrorReason reason, String path, String detail) {
    add(MirrorAction.Kind.SKIP, reason, path, detail, -1, null);
  }

  void addAll(List<MirrorAction> more) {
    lock.lock();
    try {
      actions.addAll(more);
    } finally {
      lock.unlock();
    }
  }

  /** Plans to make a folder that is missing, after those above it. */
  void make(Folder folder) {
    lock.lock();
    try {
      if (folder.missing && !folder.planned) {
        folder.planned = true;
        if (folder.parent != null) {
          make(folder.parent);
        }
        actions.add(
            new MirrorAction(MirrorAction.Kind.MAKE_FOLDER, MirrorReason.MISSING, folder.path, "", -1, null));
      }
    } finally {
      lock.unlock();
    }
  }

  void countUnchanged() {
    lock.lock();
    try {
      unchanged++;
    } finally {
      lock.unlock();
    }
  }

  void countAtDestination(long some) {
    lock.lock();
    try {
      atDestination += some;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Counts entries of either side.
   *
   * @throws FtpTransferException of the kind {@link ErrorKind#LIMIT} when there are too many
   */
  void countEntries(long some) throws FtpTransferException {
    lock.lock();
    try {
      entries += some;
      if (entries > mostEntries) {
        throw new FtpTransferException(
            "the mirror was given up: both trees together have more than " + mostEntries + " entries",
            null, 0, ErrorKind.LIMIT, true, List.of(), null);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether a folder with this mark is met for the first time; always, if it has none. */
  boolean isNew(String mark) {
    lock.lock();
    try {
      return mark.isEmpty() || met.add(mark);
    } finally {
      lock.unlock();
    }
  }

  long unchanged() {
    return unchanged;
  }

  long atDestination() {
    return atDestination;
  }

  /** All of them, in order; to be called when nobody adds any more. */
  List<MirrorAction> sorted() {
    actions.sort(ORDER);
    return actions;
  }
}
