package io.loomftp.internal.file;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renames a complete file to its final name, atomically where the file system supports that. */
final class FinalName {
  private static final Logger LOG = LoggerFactory.getLogger(FinalName.class);

  private FinalName() {}

  /** Renames it and replaces an existing file. */
  static void replace(Path part, Path target) throws IOException {
    try {
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /**
   * Renames it unless a file of that name exists. Creating a link is atomic; without links, checking and moving are two
   * steps.
   */
  static void add(Path part, Path target) throws IOException {
    try {
      Files.createLink(target, part);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (UnsupportedOperationException | IOException e) {
      Files.move(part, target);
      return;
    }
    Files.delete(part);
  }

  /** Completes an interrupted {@link #add}: a file that has both names loses the first. */
  static void finishAdding(Path part, Path target) throws IOException {
    boolean both = Files.exists(part, LinkOption.NOFOLLOW_LINKS) && Files.exists(target, LinkOption.NOFOLLOW_LINKS);
    if (both && !Files.isSymbolicLink(part) && !Files.isSymbolicLink(target) && Files.isSameFile(part, target)) {
      Files.delete(part);
    }
  }

  /** Forces the names in a folder to the disk, where the platform lets a program open one. */
  static void force(Path target) throws IOException {
    Path folder = Objects.requireNonNull(target.toAbsolutePath().getParent());
    UninterruptedFile open;
    try {
      open = UninterruptedFile.openFolder(folder);
    } catch (IOException e) {
      LOG.debug("{} cannot be forced to the disk on this platform: {}", folder, e.toString());
      return;
    }
    try (open) {
      open.force();
    }
  }
}
