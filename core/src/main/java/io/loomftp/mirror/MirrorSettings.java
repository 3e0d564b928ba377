package io.loomftp.mirror;

import io.loomftp.EntryFilter;
import io.loomftp.TransferOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The settings of a {@link Mirror}; changed only before they are shared. */
final class MirrorSettings implements Cloneable {
  private static final long DEFAULT_ENTRIES = 1_000_000;

  final MirrorDirection direction;
  final String remote;
  final Path local;
  EntryFilter rules = EntryFilter.all();
  Set<Compare> compare = EnumSet.of(Compare.SIZE, Compare.TIME);
  Duration tolerance = Duration.ofSeconds(1);
  /** The share of the destination that may be deleted; 0 for nothing. */
  double deleteShare;
  boolean deleteExcluded;
  TransferOptions options;
  @Nullable Path journal;
  LocalNames names = LocalNames.SAFE;
  boolean followLinks;
  long maxEntries = DEFAULT_ENTRIES;

  MirrorSettings(MirrorDirection direction, String remote, Path local) {
    this.direction = direction;
    this.remote = Objects.requireNonNull(remote);
    this.local = Objects.requireNonNull(local);
    this.options = TransferDefaults.of(direction);
  }

  boolean isDownload() {
    return direction == MirrorDirection.DOWNLOAD;
  }

  boolean deletes() {
    return deleteShare > 0;
  }

  MirrorSettings copy() {
    try {
      return (MirrorSettings) clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }
}
