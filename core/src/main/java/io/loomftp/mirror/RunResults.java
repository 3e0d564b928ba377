package io.loomftp.mirror;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The results of one run so far, one for each action of the plan. Safe for use by any thread. */
final class RunResults {
  private final List<MirrorAction> actions;
  private final @Nullable MirrorJournal journal;
  private final ProgressAggregator progress;
  private final AtomicReferenceArray<@Nullable MirrorResult> results;
  private final Set<String> failedFolders = ConcurrentHashMap.newKeySet();

  RunResults(List<MirrorAction> actions, @Nullable MirrorJournal journal, ProgressAggregator progress) {
    this.actions = actions;
    this.journal = journal;
    this.progress = progress;
    this.results = new AtomicReferenceArray<>(actions.size());
  }

  MirrorAction action(int index) {
    return actions.get(index);
  }

  /** The actions of a kind that have no result yet. */
  List<Integer> open(MirrorAction.Kind kind) {
    List<Integer> open = new ArrayList<>();
    for (int i = 0; i < actions.size(); i++) {
      if (actions.get(i).kind() == kind && results.get(i) == null) {
        open.add(i);
      }
    }
    return open;
  }

  /** Sets a result that is known without doing anything. */
  void preset(int index, MirrorResult.Outcome outcome) {
    results.set(index, MirrorResult.of(actions.get(index), outcome));
  }

  boolean wasDoneBefore(int index) {
    return journal != null && journal.has(index);
  }

  /** Sets the result of an action, writes it to the journal and reports it. */
  void finish(int index, MirrorResult result) {
    if (result.outcome() == MirrorResult.Outcome.FAILED && result.action().kind() == MirrorAction.Kind.MAKE_FOLDER) {
      failedFolders.add(result.action().path());
    }
    if (result.outcome() == MirrorResult.Outcome.DONE && journal != null) {
      try {
        journal.done(index);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    results.set(index, result);
    progress.finished(result);
  }

  /** Whether the action has no result yet. */
  boolean isOpen(int index) {
    return results.get(index) == null;
  }

  /** Where a folder is deleted, whatever was to be deleted below it has gone with it. */
  void finishBelow(int folder) {
    MirrorResult done = results.get(folder);
    if (done == null || done.outcome() != MirrorResult.Outcome.DONE) {
      return;
    }
    String below = done.action().path() + "/";
    for (int i = 0; i < actions.size(); i++) {
      MirrorAction action = actions.get(i);
      if (action.isDelete() && isOpen(i) && action.path().startsWith(below)) {
        finish(i, MirrorResult.of(action, MirrorResult.Outcome.DONE));
      }
    }
  }

  /** Fails for a path below a folder that could not be made. */
  void requireParents(String path) throws FileSystemException {
    if (failedFolders.isEmpty() || path.isEmpty()) {
      return;
    }
    String parent = path;
    do {
      parent = parent.substring(0, Math.max(0, parent.lastIndexOf('/')));
      if (failedFolders.contains(parent)) {
        throw new FileSystemException(path, null, "its folder '" + parent + "' could not be made");
      }
    } while (!parent.isEmpty());
  }

  long count(MirrorResult.Outcome outcome) {
    long count = 0;
    for (int i = 0; i < results.length(); i++) {
      MirrorResult result = results.get(i);
      count += result != null && result.outcome() == outcome ? 1 : 0;
    }
    return count;
  }

  /** A result for every action, in the order of the plan. */
  List<MirrorResult> all() {
    MirrorResult[] all = new MirrorResult[actions.size()];
    for (int i = 0; i < all.length; i++) {
      MirrorResult result = results.get(i);
      MirrorAction action = actions.get(i);
      MirrorResult.Outcome missing =
          action.isDelete() ? MirrorResult.Outcome.NOT_DELETED : MirrorResult.Outcome.NOT_BEGUN;
      all[i] = result != null ? result : MirrorResult.of(action, missing);
    }
    return Collections.unmodifiableList(Arrays.asList(all));
  }
}
