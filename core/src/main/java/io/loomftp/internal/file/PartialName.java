package io.loomftp.internal.file;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of a partial file and its note, beside their target. */
final class PartialName {
  /** The number of names to try where other files have them. */
  static final int MOST = 10;

  private static final Pattern PART = Pattern.compile("(.+?)(\\.\\d)?\\.part(\\.of)?");

  private PartialName() {}

  /** The partial file; the first name has number 0. */
  static Path part(Path target, int number) {
    String name = ShortName.of(target.getFileName().toString());
    return target.resolveSibling(name + (number == 0 ? "" : "." + number) + ".part");
  }

  static Path note(Path part) {
    return part.resolveSibling(part.getFileName() + ".of");
  }

  /** Rejects a target that cannot be written, before anything is downloaded. */
  static void check(Path target) throws IOException {
    Path name = target.getFileName();
    if (name == null || Files.isDirectory(target)) {
      throw new FileSystemException(target.toString(), null, "is a folder, not a file to write");
    }
    Path parent = target.toAbsolutePath().getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      throw new NoSuchFileException(parent.toString(), null, "no such folder");
    }
    if (Files.exists(target) && !Files.isWritable(target)) {
      throw new FileSystemException(target.toString(), null, "is not writable");
    }
    refusePartial(target);
  }

  /** Rejects a link in the place of a partial file, which may be an attack. */
  static void refuseLink(Path part) throws IOException {
    if (Files.isSymbolicLink(part)) {
      throw new FileSystemException(part.toString(), null, "is a link, and data is not written through one; remove it");
    }
  }

  /** The partial file of one download, or its note, is not the target of another. */
  static void refusePartial(Path target) throws IOException {
    Matcher name = PART.matcher(target.getFileName().toString());
    if (!name.matches()) {
      return;
    }
    Path note = name.group(3) == null ? note(target) : target;
    if (!Files.exists(note, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    for (String base : new String[] {name.group(1), name.group(1) + (name.group(2) == null ? "" : name.group(2))}) {
      Optional<LockedNote> found = LockedNote.acquire(note, target.resolveSibling(base), false);
      if (found.isEmpty()) {
        continue;
      }
      try (LockedNote lock = found.get()) {
        if (!lock.wasBlank()) {
          throw new FileSystemException(
              target.toString(), null, "belongs to the partial file of " + base + "; choose another name");
        }
      }
    }
  }
}
