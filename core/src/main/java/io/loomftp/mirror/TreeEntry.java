package io.loomftp.mirror;

import io.loomftp.EntryType;
import io.loomftp.FtpEntry;
import io.loomftp.ModifiedTime;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a mirror needs to know of an entry, on either side; small, since a folder may have very many.
 *
 * @param name as listed
 * @param type what it is; a link that is to be followed has the type of what it leads to
 * @param size in bytes, -1 where it is not known
 * @param modified when it was modified, where that is known
 * @param precision of that time
 * @param detail where a link leads to, or what makes a folder the same as another; may be empty
 */
record TreeEntry(
    String name, EntryType type, long size, @Nullable Instant modified, ModifiedTime.@Nullable Precision precision, String detail) {

  static TreeEntry of(FtpEntry entry) {
    ModifiedTime time = entry.modified().orElse(null);
    String detail =
        switch (entry.type()) {
          case LINK -> entry.linkTarget().orElse("");
          case DIRECTORY -> entry.fact("unique").orElse("");
          default -> "";
        };
    return new TreeEntry(
        entry.name(),
        entry.type(),
        entry.isFile() ? entry.size().orElse(-1) : -1,
        time == null ? null : time.instant(),
        time == null ? null : time.precision(),
        detail);
  }

  boolean isFile() {
    return type == EntryType.FILE;
  }

  boolean isFolder() {
    return type == EntryType.DIRECTORY;
  }

  boolean isLink() {
    return type == EntryType.LINK;
  }

  /** What lies behind this link, under its name. */
  TreeEntry leadingTo(TreeEntry there) {
    return new TreeEntry(name, there.type, there.size, there.modified, there.precision, there.detail);
  }

  /** How far apart two equal times may look, as far as this side is to blame. */
  Duration blur() {
    if (precision == null) {
      return Duration.ZERO;
    }
    return switch (precision) {
      case DAY -> Duration.ofDays(1);
      case MINUTE -> Duration.ofMinutes(1);
      case SECOND -> Duration.ofSeconds(1);
      case MILLI -> Duration.ofMillis(1);
    };
  }

  /** The same in the form that rules are asked with. */
  FtpEntry entry() {
    FtpEntry.Builder entry = FtpEntry.builder(name).type(type);
    if (size >= 0) {
      entry.size(size);
    }
    if (modified != null && precision != null) {
      entry.modified(new ModifiedTime(modified, precision, ModifiedTime.Source.MLSD));
    }
    return entry.build();
  }
}
