package io.loomftp.internal.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The note beside a partial file, which is also its lock: whoever holds it owns both files, in this JVM and among the
 * processes of this machine. It is created before the partial file and deleted after the rename to the final name, so a
 * partial file without a note is not the library's.
 *
 * <p>The lock goes with the open file, and on some systems is lost when any other descriptor of that file is closed; so all
 * reading and writing goes through this one. Where the file system has no locks, only this JVM is guarded.
 */
final class LockedNote extends UninterruptedFile {
  private static final Logger LOG = LoggerFactory.getLogger(LockedNote.class);
  private static final int MOST_TRIES = 100; // each one means that another download ended at this moment
  private static final int MOST_PADDING = 1 << 16;
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final Path key;
  private boolean created;
  private byte[] content = {};

  private LockedNote(Path path, Path key) throws IOException {
    super(path, false);
    this.path = path;
    this.key = key;
  }

  /**
   * Locks the note of a target and creates it where it is missing.
   *
   * @param create whether a note may be created
   * @return empty where a file of that name is not such a note, or there is none and {@code create} is false
   * @throws FileInUseException while another download holds it
   */
  static Optional<LockedNote> acquire(Path path, Path target, boolean create) throws IOException {
    Path key = key(path);
    if (!HELD.add(key)) {
      throw new FileInUseException(target);
    }
    LockedNote note = null;
    try {
      note = open(path, key, target, create);
      return Optional.ofNullable(note);
    } finally {
      if (note == null) {
        HELD.remove(key);
      }
    }
  }

  private static Path key(Path path) throws IOException {
    Path folder = Objects.requireNonNull(path.toAbsolutePath().getParent());
    return folder.toRealPath().resolve(path.getFileName());
  }

  private static @Nullable LockedNote open(Path path, Path key, Path target, boolean create) throws IOException {
    boolean created = false;
    for (int i = 0; i < MOST_TRIES; i++) {
      Optional<BasicFileAttributes> before = attributes(path);
      if (before.isEmpty() && create) {
        created |= createIfMissing(path);
        before = attributes(path);
      }
      if (before.isEmpty() ? !create : !before.get().isRegularFile()) {
        return null;
      }
      LockedNote note;
      try {
        note = new LockedNote(path, key);
      } catch (NoSuchFileException e) {
        continue; // it went in between
      } catch (AccessDeniedException e) {
        return null;
      }
      boolean taken = false;
      try {
        note.run(channel -> lock(channel, target));
        note.content = withoutPadding(note.read(0, PartialNote.MOST_BYTES));
        note.created = created && note.content.length == 0;
        // A program that was killed has created it and written nothing.
        if (note.content.length > 0 && !PartialNote.isNoteOf(target.getFileName().toString(), note.content)) {
          return null;
        }
        // Its owner may have deleted it between opening and locking, even if it was created here.
        if (!note.isInPlace()) {
          continue;
        }
        taken = true;
        return note;
      } finally {
        if (!taken) {
          note.closeFile();
        }
      }
    }
    throw new FileInUseException(target);
  }

  private static boolean createIfMissing(Path path) throws IOException {
    try {
      Files.createFile(path);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false; // it came in between
    }
  }

  /**
   * Whether the file of that name is the open one: then it grows with it, by a random length. Its number does not tell, since
   * file systems give that of a deleted file to the next one.
   */
  private boolean isInPlace() throws IOException {
    int length = content.length;
    long padded = length + 1L + ThreadLocalRandom.current().nextInt(MOST_PADDING);
    write(new byte[1], 0, 1, padded - 1);
    boolean same = attributes(path).filter(now -> now.size() == padded).isPresent();
    truncate(length);
    return same;
  }

  /** Without the padding that a program left behind that was killed while it looked. */
  private static byte[] withoutPadding(byte[] bytes) {
    int length = bytes.length;
    while (length > 0 && bytes[length - 1] == 0) {
      length--;
    }
    return Arrays.copyOf(bytes, length);
  }

  private static Optional<BasicFileAttributes> attributes(Path path) throws IOException {
    try {
      return Optional.of(Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static FileChannel lock(FileChannel channel, Path target) throws IOException {
    try {
      if (channel.tryLock() == null) {
        throw new FileInUseException(target);
      }
    } catch (OverlappingFileLockException e) {
      throw new FileInUseException(target);
    } catch (FileInUseException e) {
      throw e;
    } catch (IOException e) {
      LOG.debug("{} has no locks of the operating system, only this program is guarded: {}", target, e.toString());
    }
    return channel;
  }

  @Override
  protected void reopened(FileChannel fresh) throws IOException {
    lock(fresh, path);
  }

  /** Whether it was missing before. */
  boolean isCreated() {
    return created;
  }

  /** Whether it was missing or empty before: a partial file beside it is not proven to be the library's. */
  boolean wasBlank() {
    return content.length == 0;
  }

  /** The note that was read when it was acquired. */
  Optional<PartialNote> content(Path target) {
    return PartialNote.parse(target.getFileName().toString(), content);
  }

  /** Writes the note. */
  void write(PartialNote note) throws IOException {
    byte[] bytes = note.format();
    if (Arrays.equals(bytes, content)) {
      return;
    }
    write(bytes, 0, bytes.length, 0);
    if (content.length > bytes.length) {
      truncate(bytes.length);
    }
    content = bytes;
  }

  /** Deletes it, while the lock is still held, unless another file has its name now. */
  void delete() throws IOException {
    long length = size();
    if (attributes(path).filter(now -> now.size() == length).isPresent()) {
      Files.deleteIfExists(path);
    }
  }

  private void closeFile() throws IOException {
    super.close();
  }

  /** Releases the lock. */
  @Override
  public void close() throws IOException {
    try {
      closeFile();
    } finally {
      HELD.remove(key);
    }
  }
}
