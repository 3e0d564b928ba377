package io.loomftp.internal.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
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
 * A file that is its own lock, in this JVM and among the processes of this machine: whoever holds it may write and delete it.
 * Nothing is changed in a file before a subclass has recognized its beginning.
 *
 * <p>The lock goes with the open file, and on some systems is lost when any other descriptor of that file is closed; so all
 * reading and writing goes through this one, and this JVM opens no file that it holds already.
 */
public abstract class LockedFile extends UninterruptedFile {
  private static final Logger LOG = LoggerFactory.getLogger(LockedFile.class);
  private static final int MOST_TRIES = 100; // each one means that another owner ended at this moment
  private static final int MOST_PADDING = 1 << 16;
  private static final int LONGEST_HEAD = 1 << 20;
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path path;
  private @Nullable Path key; // null until it is held
  private boolean created;
  private byte[] head = {};

  /** Opens a file that exists; it is not locked yet. */
  protected LockedFile(Path path) throws IOException {
    super(path, false);
    this.path = path;
  }

  /** Opens a file that exists. */
  @FunctionalInterface
  protected interface Opener<F extends LockedFile> {
    /** Opens it; empty where it is not to be used. */
    Optional<F> open() throws IOException;
  }

  /**
   * Locks a file and creates it where it is missing.
   *
   * @param create whether it may be created
   * @param inUse builds the exception for a file that another owner holds
   * @return empty where the file of that name is not recognized, or there is none and {@code create} is false
   */
  protected static <F extends LockedFile> Optional<F> acquire(Path path, boolean create, InUse inUse, Opener<F> opener)
      throws IOException {
    Path key = key(path);
    if (!HELD.add(key)) {
      throw inUse.exception();
    }
    Optional<F> file = Optional.empty();
    try {
      file = take(path, create, inUse, opener);
      if (file.isPresent()) {
        LockedFile taken = file.get();
        taken.key = key;
      }
      return file;
    } finally {
      if (file.isEmpty()) {
        HELD.remove(key);
      }
    }
  }

  /** Builds the exception for a file that another owner holds. */
  @FunctionalInterface
  protected interface InUse {
    /** The exception. */
    FileSystemException exception();
  }

  private static Path key(Path path) throws IOException {
    Path folder = Objects.requireNonNull(path.toAbsolutePath().getParent());
    return folder.toRealPath().resolve(path.getFileName());
  }

  private static <F extends LockedFile> Optional<F> take(Path path, boolean create, InUse inUse, Opener<F> opener)
      throws IOException {
    boolean created = false;
    for (int i = 0; i < MOST_TRIES; i++) {
      Optional<BasicFileAttributes> before = attributes(path);
      if (before.isEmpty() && create) {
        created |= createIfMissing(path);
        before = attributes(path);
      }
      if (before.isEmpty() ? !create : !before.get().isRegularFile()) {
        return Optional.empty();
      }
      Optional<F> opened;
      try {
        opened = opener.open();
      } catch (NoSuchFileException e) {
        continue; // it went in between
      }
      if (opened.isEmpty()) {
        return opened;
      }
      LockedFile file = opened.get();
      boolean taken = false;
      try {
        if (!file.isLocked(inUse, created)) {
          return Optional.empty();
        }
        // Its owner may have deleted it between opening and locking, even if it was created here.
        taken = file.isInPlace();
        if (taken) {
          return opened;
        }
      } finally {
        if (!taken) {
          file.closeFile();
        }
      }
    }
    throw inUse.exception();
  }

  private static boolean createIfMissing(Path path) throws IOException {
    try {
      Files.createFile(path);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false; // it came in between
    }
  }

  /** Locks it and reads its beginning; false where that is not recognized. */
  private boolean isLocked(InUse inUse, boolean createdHere) throws IOException {
    run(channel -> lock(channel, inUse));
    byte[] beginning = read(0, LONGEST_HEAD);
    head = withoutPadding(beginning);
    created = createdHere && head.length == 0;
    // A program that was killed has created it and written nothing.
    if (beginning.length > 0 && !isRecognized(beginning)) {
      return false;
    }
    if (head.length < beginning.length && size() == beginning.length) {
      truncate(head.length);
    }
    if (size() == 0) {
      byte[] mark = mark();
      write(mark, 0, mark.length, 0);
    }
    return true;
  }

  /** Whether a file that begins with these bytes, at most a mebibyte and at least one, may be changed. */
  protected abstract boolean isRecognized(byte[] beginning);

  /** What is written to an empty file before it grows by zeros, so that it is recognized later; none where zeros suffice. */
  protected byte[] mark() {
    return new byte[0];
  }

  /**
   * Whether the file of that name is the open one: then it grows with it, by a random length. Its number does not tell, since
   * file systems give that of a deleted file to the next one.
   */
  private boolean isInPlace() throws IOException {
    long length = size();
    long padded = length + 1L + ThreadLocalRandom.current().nextInt(MOST_PADDING);
    write(new byte[1], 0, 1, padded - 1);
    try {
      return attributes(path).filter(now -> now.size() == padded).isPresent();
    } finally {
      truncate(length);
    }
  }

  /** Without the padding that a program left behind that was killed while it looked; more zeros than that are no padding. */
  private static byte[] withoutPadding(byte[] bytes) {
    int length = bytes.length;
    while (length > 0 && bytes[length - 1] == 0) {
      length--;
    }
    return bytes.length - length > MOST_PADDING ? bytes : Arrays.copyOf(bytes, length);
  }

  private static Optional<BasicFileAttributes> attributes(Path path) throws IOException {
    try {
      return Optional.of(Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private FileChannel lock(FileChannel channel, InUse inUse) throws IOException {
    boolean locked;
    try {
      locked = channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      locked = false;
    } catch (IOException e) {
      locked = isUsableWithoutLocks(e);
    }
    if (!locked) {
      throw inUse.exception();
    }
    return channel;
  }

  /** Whether it may be used where the file system has no locks, so that only this JVM is guarded. */
  protected abstract boolean isUsableWithoutLocks(IOException reason);

  @Override
  protected final void reopened(FileChannel fresh) throws IOException {
    lock(fresh, () -> new FileInUseException(path));
  }

  /** Whether it was missing before. */
  public final boolean isCreated() {
    return created;
  }

  /** The beginning that was read, without padding; empty where the file was missing or empty. */
  protected final byte[] head() {
    return head;
  }

  /** Deletes it, while the lock is still held, unless another file has its name now. */
  public final void delete() throws IOException {
    boolean inPlace;
    try {
      inPlace = isInPlace();
    } catch (IOException e) {
      LOG.debug("{} cannot grow, its length alone is compared: {}", path, e.toString()); // a full disk
      long length = size();
      inPlace = attributes(path).filter(now -> now.size() == length).isPresent();
    }
    if (inPlace) {
      Files.deleteIfExists(path);
    }
  }

  private void closeFile() throws IOException {
    super.close();
  }

  /** Releases the lock. */
  @Override
  public final void close() throws IOException {
    try {
      closeFile();
    } finally {
      Path name = key;
      if (name != null) {
        HELD.remove(name);
        key = null;
      }
    }
  }
}
