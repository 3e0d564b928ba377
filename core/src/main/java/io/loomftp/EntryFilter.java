package io.loomftp;

import io.loomftp.internal.text.Glob;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Selects entries of a tree; immutable. Globs have {@code *} and {@code ?} and are matched against the name, or,
 * where they contain a slash, against the path below the start.
 *
 * <p>A folder that is excluded is not entered. Includes, sizes and ages apply to everything but folders; folders are
 * delivered unless {@link #filesOnly()} is set.
 */
public final class EntryFilter {
  private static final EntryFilter ALL = new EntryFilter(new Settings());

  private final Settings set;

  private EntryFilter(Settings set) {
    this.set = set;
  }

  /** Selects everything. */
  public static EntryFilter all() {
    return ALL;
  }

  /** A copy that selects, of everything but folders, only what matches this glob or one of those given before. */
  public EntryFilter include(String glob) {
    Settings next = new Settings(set);
    next.includes.add(glob);
    return new EntryFilter(next);
  }

  /** A copy without what matches this glob. */
  public EntryFilter exclude(String glob) {
    Settings next = new Settings(set);
    next.excludes.add(glob);
    return new EntryFilter(next);
  }

  /** A copy without names that begin with a dot. */
  public EntryFilter withoutHidden() {
    Settings next = new Settings(set);
    next.hidden = false;
    return new EntryFilter(next);
  }

  /** A copy that enters folders but does not deliver them. */
  public EntryFilter filesOnly() {
    Settings next = new Settings(set);
    next.folders = false;
    return new EntryFilter(next);
  }

  /**
   * A copy with a bound for the levels of folders.
   *
   * @param levels 1 for the entries of the start itself
   */
  public EntryFilter depth(int levels) {
    if (levels < 1) {
      throw new IllegalArgumentException("not a depth: " + levels);
    }
    Settings next = new Settings(set);
    next.depth = levels;
    return new EntryFilter(next);
  }

  /** A copy that selects only files of this size in bytes, both bounds included; files of unknown size are left out. */
  public EntryFilter size(long smallest, long largest) {
    if (smallest < 0 || largest < smallest) {
      throw new IllegalArgumentException("not a range of sizes: " + smallest + " to " + largest);
    }
    Settings next = new Settings(set);
    next.smallest = smallest;
    next.largest = largest;
    return new EntryFilter(next);
  }

  /** A copy that selects only files modified at this time or later; files of unknown time are left out. */
  public EntryFilter modifiedSince(Instant time) {
    Settings next = new Settings(set);
    next.since = time;
    return new EntryFilter(next);
  }

  /** A copy that selects only files modified before this time; files of unknown time are left out. */
  public EntryFilter modifiedBefore(Instant time) {
    Settings next = new Settings(set);
    next.before = time;
    return new EntryFilter(next);
  }

  /**
   * Whether an entry is delivered.
   *
   * @param path the path below the start, with slashes
   */
  public boolean wants(String path, FtpEntry entry) {
    if (isExcluded(path, entry.name())) {
      return false;
    }
    if (entry.isDirectory()) {
      return set.folders;
    }
    boolean included = set.includes.isEmpty() || fitsAny(set.includes, path, entry.name());
    return included && fitsSize(entry.size()) && fitsTime(entry);
  }

  /**
   * Whether a folder is entered.
   *
   * @param path the path below the start, with slashes
   */
  public boolean enters(String path, FtpEntry folder) {
    return level(path) < set.depth && !isExcluded(path, folder.name());
  }

  private static long level(String path) {
    return 1 + path.chars().filter(c -> c == '/').count();
  }

  private boolean isExcluded(String path, String name) {
    return (!set.hidden && name.startsWith(".")) || fitsAny(set.excludes, path, name);
  }

  private static boolean fitsAny(List<String> globs, String path, String name) {
    return globs.stream().anyMatch(glob -> new Glob(glob).matches(glob.indexOf('/') < 0 ? name : path));
  }

  private boolean fitsSize(OptionalLong size) {
    if (set.smallest == 0 && set.largest == Long.MAX_VALUE) {
      return true;
    }
    return size.isPresent() && size.getAsLong() >= set.smallest && size.getAsLong() <= set.largest;
  }

  private boolean fitsTime(FtpEntry entry) {
    if (set.since == null && set.before == null) {
      return true;
    }
    Instant time = entry.modified().map(ModifiedTime::instant).orElse(null);
    return time != null
        && (set.since == null || !time.isBefore(set.since))
        && (set.before == null || time.isBefore(set.before));
  }

  private static final class Settings {
    final List<String> includes;
    final List<String> excludes;
    boolean hidden = true;
    boolean folders = true;
    int depth = Integer.MAX_VALUE;
    long smallest;
    long largest = Long.MAX_VALUE;
    @Nullable Instant since;
    @Nullable Instant before;

    Settings() {
      includes = new ArrayList<>();
      excludes = new ArrayList<>();
    }

    Settings(Settings other) {
      includes = new ArrayList<>(other.includes);
      excludes = new ArrayList<>(other.excludes);
      hidden = other.hidden;
      folders = other.folders;
      depth = other.depth;
      smallest = other.smallest;
      largest = other.largest;
      since = other.since;
      before = other.before;
    }
  }
}
