package io.loomftp.mirror;

import io.loomftp.EntryType;
import io.loomftp.FtpEntry;
import io.loomftp.ModifiedTime;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a folder, on either side; small, since a folder may have very many.
 *
 * @param name as listed
 * @param type its type; a link that is followed has the type of its target
 * @param size in bytes, -1 where it is not known
 * @param modified the time of modification with its precision, where it is known
 * @param detail the target of a link, or an identifier of a folder; may be empty
 */
record TreeEntry(String name, EntryType type, long size, @Nullable ModifiedTime modified, String detail) {

  static TreeEntry of(FtpEntry entry) {
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
        entry.modified().orElse(null),
        detail);
  }

  /** The time of a local file, which is known in UTC. */
  static ModifiedTime exactly(Instant time) {
    return new ModifiedTime(time, ModifiedTime.Precision.MILLI, ModifiedTime.Source.MLSD);
  }

  /** A folder of which only the name is known. */
  static TreeEntry folder(String name) {
    return new TreeEntry(name, EntryType.DIRECTORY, -1, null, "");
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

  /** The same entry under another name. */
  TreeEntry named(String newName) {
    return new TreeEntry(newName, type, size, modified, detail);
  }

  /** The unit in which the time is known; zero where it is not known. */
  Duration timeUnit() {
    if (modified == null) {
      return Duration.ZERO;
    }
    return switch (modified.precision()) {
      case DAY -> Duration.ofDays(1);
      case MINUTE -> Duration.ofMinutes(1);
      case SECOND -> Duration.ofSeconds(1);
      case MILLI -> Duration.ofMillis(1);
    };
  }

  /** The same as a filter takes it. */
  FtpEntry entry() {
    FtpEntry.Builder entry = FtpEntry.builder(name).type(type);
    if (size >= 0) {
      entry.size(size);
    }
    if (modified != null) {
      entry.modified(modified);
    }
    return entry.build();
  }
}
