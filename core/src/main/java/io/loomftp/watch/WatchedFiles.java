package io.loomftp.watch;

import io.loomftp.WalkEntry;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The files that a watch knows, and the changes that are due to be reported. Used by one thread. */
final class WatchedFiles {
  private final int still;
  private final Map<String, WatchedFile> files = new HashMap<>();
  private final Deque<Due> due = new ArrayDeque<>();
  private boolean polled;

  private record Due(Change change, WatchedFile file) {}

  /** Files are reported once they look the same in so many polls running. */
  WatchedFiles(int still) {
    this.still = still;
  }

  /**
   * Takes in a poll.
   *
   * @param seen the files by their paths
   * @param unlisted known files that may exist although they are not among them: nothing changes for these
   * @param existing the files of the first poll count as new
   */
  void update(Map<String, WalkEntry> seen, Set<String> unlisted, boolean existing) {
    boolean first = !polled;
    polled = true;
    seen.forEach(
        (path, file) -> {
          if (first && !existing) {
            files.put(path, WatchedFile.known(file));
          } else {
            files.computeIfAbsent(path, p -> WatchedFile.fresh()).seen(file);
          }
        });
    files.forEach(
        (path, file) -> {
          if (!seen.containsKey(path) && !unlisted.contains(path)) {
            file.seen(null);
          }
        });
    due.clear();
    seen.keySet().forEach(path -> addIfDue(Objects.requireNonNull(files.get(path))));
    files.forEach(
        (path, file) -> {
          if (!seen.containsKey(path)) {
            addIfDue(file);
          }
        });
    files.values().removeIf(WatchedFile::isForgotten);
  }

  private void addIfDue(WatchedFile file) {
    file.news(still).ifPresent(change -> due.add(new Due(change, file)));
  }

  /** A file directly in the folder that was there at the last poll. */
  Optional<String> fileIn(String folder) {
    String prefix = prefix(folder);
    return below(folder).stream().filter(path -> path.indexOf('/', prefix.length()) < 0).findFirst();
  }

  /** The files in the folder and in those below it that were there at the last poll. */
  List<String> below(String folder) {
    String prefix = prefix(folder);
    return files.entrySet().stream()
        .filter(file -> file.getValue().isThere() && file.getKey().startsWith(prefix))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static String prefix(String folder) {
    return folder.isEmpty() || folder.endsWith("/") ? folder : folder + "/";
  }

  boolean hasDue() {
    return !due.isEmpty();
  }

  /** The next change, which stays due until {@link #reported}. */
  @Nullable
  Change next() {
    Due next = due.peek();
    return next == null ? null : next.change;
  }

  /** The change that {@link #next} returned was reported. */
  void reported() {
    due.remove().file.reported();
  }
}
