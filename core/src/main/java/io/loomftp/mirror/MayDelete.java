package io.loomftp.mirror;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a mirror may delete; the only place where that is decided.
 *
 * <p>A listing proves what a folder has and never what it lacks: servers leave out names that begin with a dot, entries that
 * the user may not see, and whatever is beyond a limit of theirs. So an entry is deleted only when it is permitted three
 * times: by the filter ({@link #files}, {@link #contents}, {@link #folder}), by a plan and a run without any failure
 * ({@link #obstacle}), and by the source itself, which was asked for that entry and does not have it
 * ({@link DeletionCheck}).
 */
final class MayDelete {
  private MayDelete() {}

  /**
   * What is known when everything but the deletes is done.
   *
   * @param deletes actions that delete
   * @param destinationEntries entries found at the destination
   * @param share the share of them that may be deleted; 0 for none
   * @param complete everything could be listed and nothing was refused
   * @param refused actions that the plan refused
   * @param failed actions that failed, among them deletes whose entry the source turned out to have
   * @param interrupted the run was interrupted, so not everything was attempted
   */
  record Evidence(
      long deletes, long destinationEntries, double share, boolean complete, long refused, long failed, boolean interrupted) {}

  /** Why nothing is deleted, though something was to be; empty when the deletes may begin. */
  static Optional<String> obstacle(Evidence known) {
    return Optional.ofNullable(known.deletes == 0 ? null : reason(known));
  }

  private static @Nullable String reason(Evidence known) {
    if (known.interrupted) {
      return "the thread was interrupted";
    }
    if (known.failed > 0) {
      return known.failed + " other actions failed";
    }
    if (known.refused > 0 || !known.complete) {
      return known.refused + " other actions were refused";
    }
    if (!(known.share > 0)) {
      return "the plan permits no deletes";
    }
    if (known.deletes > known.share * known.destinationEntries) {
      return String.format(
          Locale.ROOT,
          "%,d of %,d entries were to be deleted, which is more than %.0f %%",
          known.deletes, known.destinationEntries, known.share * 100);
    }
    return null;
  }

  /** Whether the filter lets a file or link be deleted that only the destination has. */
  static boolean files(MirrorSettings set, String path, TreeEntry extra) {
    return (extra.isFile() || extra.isLink()) && (set.deleteExcluded || set.rules.wants(path, extra.entry()));
  }

  /** Whether the filter lets the contents of a folder be deleted that only the destination has. */
  static boolean contents(MirrorSettings set, String path, TreeEntry extra) {
    return extra.isFolder() && (set.deleteExcluded || set.rules.enters(path, extra.entry()));
  }

  /** Whether the filter lets such a folder itself be deleted once it is empty. */
  static boolean folder(MirrorSettings set, String path, TreeEntry extra) {
    return set.deleteExcluded || set.rules.wants(path, extra.entry());
  }
}
