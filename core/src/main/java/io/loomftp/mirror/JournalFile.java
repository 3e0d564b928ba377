package io.loomftp.mirror;

import io.loomftp.internal.file.UninterruptedFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The file of a journal, locked while it is open. Used by one thread at a time. */
final class JournalFile extends UninterruptedFile {
  private static final int MOST_TRIES = 100; // each one means that another run ended at this moment

  private final Path path;

  private JournalFile(Path path) throws IOException {
    super(path, false);
    this.path = path;
  }

  /**
   * Opens and locks it, and creates it where it is missing.
   *
   * @throws IOException also when another run uses it
   */
  static JournalFile open(Path path) throws IOException {
    for (int i = 0; i < MOST_TRIES; i++) {
      createIfMissing(path);
      JournalFile file = lock(path);
      if (file != null) {
        return file;
      }
    }
    throw inUse(path);
  }

  private static @Nullable JournalFile lock(Path path) throws IOException {
    try {
      Object before = fileKey(path);
      JournalFile file = new JournalFile(path);
      return file.isLocked(before) ? file : null;
    } catch (NoSuchFileException e) {
      return null; // another run has deleted it in between
    }
  }

  private static void createIfMissing(Path path) throws IOException {
    try {
      Files.createFile(path);
    } catch (FileAlreadyExistsException e) {
      return; // it is continued or replaced
    }
  }

  /** Locks it; false, and it is closed, when another run has deleted it before that. */
  private boolean isLocked(@Nullable Object before) throws IOException {
    boolean locked = false;
    try {
      run(open -> lock(open, path));
      locked = Objects.equals(before, fileKey(path));
      return locked;
    } finally {
      if (!locked) {
        close();
      }
    }
  }

  private static @Nullable Object fileKey(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
  }

  private static FileLock lock(FileChannel open, Path path) throws IOException {
    try {
      FileLock held = open.tryLock();
      if (held != null) {
        return held;
      }
    } catch (OverlappingFileLockException e) {
      throw inUse(path); // by another run of this JVM
    }
    throw inUse(path);
  }

  private static FileSystemException inUse(Path path) {
    return new FileSystemException(path.toString(), null, "is the journal of a mirror that is running");
  }

  @Override
  protected void reopened(FileChannel fresh) throws IOException {
    lock(fresh, path);
  }

  /** Deletes it while it is locked, and closes it. */
  void delete() throws IOException {
    try (this) {
      Files.deleteIfExists(path);
    }
  }
}
