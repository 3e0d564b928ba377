package io.loomftp.internal.file;

import io.loomftp.Overwrite;
import io.loomftp.TransferOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The incomplete local file of a download: {@code name.part} beside the target, with its note {@code name.part.of}. It becomes
 * the target atomically or not at all.
 *
 * <ul>
 *   <li>One download at a time owns it, in this JVM and among processes: see {@link LockedNote}.
 *   <li>No file is touched unless the note proves that it is the library's. Where another file has the name,
 *       {@code name.1.part} is used, and so on.
 *   <li>It is created once, before any data arrives. Later writes never create it, and {@link #commit} checks
 *       that it is still the same file and has the length that was written.
 *   <li>Links are not followed.
 *   <li>With {@link TransferOptions#durable()} the data is forced to the disk before the file gets its name, the folder
 *       after that, and no note lists bytes that were not forced before. Without it, a loss of power may leave bytes in a
 *       file that were never written.
 * </ul>
 *
 * <p>Several threads may write, each to its own range; everything else is done by one thread.
 */
public final class PartialFile implements AutoCloseable {
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);
  private static final long SAVE_EVERY = Duration.ofMillis(250).toNanos();
  private static final long FORCE_EVERY = Duration.ofSeconds(5).toNanos();

  private final Path target;
  private final Path part;
  private final LockedNote note;
  private final RemoteVersion version;
  private final boolean durable;
  private final boolean keep;
  private final boolean waited;
  private final List<ByteRange> ranges;
  private final long presentAtOpen;
  private final @Nullable Object fileKey;
  private final ReentrantLock saving = new ReentrantLock();
  private long saved = System.nanoTime(); // guarded by saving
  private boolean committed;
  private boolean worthless;

  /** Waits between two attempts to lock. */
  @FunctionalInterface
  public interface Pause {
    /** Waits this long; throws when the operation was aborted. */
    void pause(Duration time) throws IOException;
  }

  private PartialFile(
      Path target, Path part, LockedNote note, RemoteVersion version, int pieces, TransferOptions options, boolean waited)
      throws IOException {
    this.target = target;
    this.part = part;
    this.note = note;
    this.version = version;
    this.durable = options.isDurable();
    this.keep = options.resumes() && version.isRecognizable();
    this.waited = waited;
    FinalName.finishAdding(part, target);
    List<ByteRange> known = keep ? present() : List.of();
    this.ranges = known.isEmpty() ? begin(pieces) : resume(known, pieces);
    this.presentAtOpen = ranges.stream().mapToLong(range -> range.at() - range.from()).sum();
    this.fileKey = attributes().fileKey();
  }

  /**
   * Opens the partial file of a target. An existing one is continued where its note names the same version of the same remote
   * file and {@link TransferOptions#resume()} is set; else it is replaced.
   *
   * @param pieces the number of ranges; with more than one, the size must be known
   * @param pause waits while another download owns it, as long as {@link TransferOptions#waitForTarget} allows
   * @throws FileSystemException when the target cannot be written, or another download owns it
   */
  public static PartialFile open(Path target, RemoteVersion version, int pieces, TransferOptions options, Pause pause)
      throws IOException {
    long start = System.nanoTime();
    Duration next = Duration.ofMillis(10);
    boolean waited = false;
    while (true) {
      try {
        PartialName.check(target);
        return openNow(target, version, pieces, options, waited);
      } catch (FileInUseException e) {
        long left = options.waitForTarget().toNanos() - (System.nanoTime() - start);
        if (left <= 0) {
          throw e;
        }
        pause.pause(Duration.ofNanos(Math.min(left, next.toNanos())));
        waited = true;
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
      }
    }
  }

  private static PartialFile openNow(
      Path target, RemoteVersion version, int pieces, TransferOptions options, boolean waited) throws IOException {
    for (int i = 0; i < PartialName.MOST; i++) {
      Path part = PartialName.part(target, i);
      LockedNote note = LockedNote.acquire(PartialName.note(part), target, true).orElse(null);
      if (note == null) {
        continue; // a file that is not the library's
      }
      boolean open = false;
      try {
        if (note.wasBlank() && Files.exists(part, LinkOption.NOFOLLOW_LINKS)) {
          PartialName.refuseLink(part);
          continue; // the same
        }
        PartialFile file = new PartialFile(target, part, note, version, pieces, options, waited);
        open = true;
        return file;
      } finally {
        if (!open) {
          if (note.isCreated()) {
            note.delete();
          }
          note.close();
        }
      }
    }
    throw new FileSystemException(
        PartialName.part(target, 0).toString(), null,
        "exists and was not created by LoomFTP, as do all alternatives for this name; move them away");
  }

  /**
   * Deletes the note that a program left which ended between the rename to the final name and deleting the note.
   *
   * @param target a complete file
   */
  public static void clearAfter(Path target) throws IOException {
    Path part = PartialName.part(target, 0);
    if (!Files.exists(PartialName.note(part), LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (LockedNote note = LockedNote.acquire(PartialName.note(part), target, false).orElse(null)) {
      if (note != null && !note.wasBlank()) {
        FinalName.finishAdding(part, target);
        if (!Files.exists(part, LinkOption.NOFOLLOW_LINKS)) {
          note.delete();
        }
      }
    } catch (FileInUseException e) {
      return; // a download is using it
    }
  }

  // --- what is present ---

  /** The ranges that the note lists and the file confirms; none where it must be started again. */
  private List<ByteRange> present() throws IOException {
    PartialNote content = note.content(target).orElse(null);
    if (content == null || !Files.isRegularFile(part, LinkOption.NOFOLLOW_LINKS) || !content.isOf(version)) {
      return List.of();
    }
    if (durable && !content.forced()) {
      return List.of(); // after a loss of power it may hold bytes that were never written
    }
    List<ByteRange> listed = content.ranges();
    long length = Files.size(part);
    long whole = version.size().orElseThrow();
    if (listed.size() > 1) {
      return length == whole ? listed : List.of();
    }
    long at = content.forced() ? listed.getFirst().at() : length;
    return at <= length && length <= whole ? List.of(new ByteRange(0, whole, at)) : List.of();
  }

  private List<ByteRange> begin(int pieces) throws IOException {
    long size = version.size().orElse(Long.MAX_VALUE);
    List<ByteRange> all = ByteRanges.split(0, size, pieces);
    PartialName.refuseLink(part);
    Files.deleteIfExists(part); // first, so that the note never lists older bytes
    note.write(note(all)); // before the file, whose origin it proves
    if (durable && !note.isCreated()) {
      note.force(); // the older one may list more
    }
    UninterruptedFile file = UninterruptedFile.create(part);
    try (file) {
      if (pieces > 1) {
        ByteRanges.extend(file, size);
      }
    } catch (IOException e) {
      Files.deleteIfExists(part);
      throw e;
    }
    return all;
  }

  private List<ByteRange> resume(List<ByteRange> known, int pieces) throws IOException {
    List<ByteRange> all = ByteRanges.fit(known, pieces);
    if (pieces > 1 && all.equals(known)) {
      return known;
    }
    try (UninterruptedFile file = UninterruptedFile.open(part)) {
      // In this order no note lists bytes that are not present, at any moment.
      file.truncate(ByteRanges.prefix(known));
      note.write(note(all));
      if (all.size() > 1) {
        ByteRanges.extend(file, version.size().orElseThrow());
      }
      return all;
    }
  }

  private PartialNote note(List<ByteRange> present) {
    return new PartialNote(name(), version, durable, present);
  }

  private String name() {
    return target.getFileName().toString();
  }

  /** Its ranges in order; one for a file in one piece. */
  public List<ByteRange> ranges() {
    return List.copyOf(ranges);
  }

  /** The number of bytes present when it was opened. */
  public long presentAtOpen() {
    return presentAtOpen;
  }

  /** Whether another download owned it first, so that the target may have changed. */
  public boolean waited() {
    return waited;
  }

  /** Opens it for reading from its beginning. */
  public InputStream content() throws IOException {
    return Files.newInputStream(part, LinkOption.NOFOLLOW_LINKS);
  }

  // --- writing ---

  /** Writes a range from its first missing byte on, unbuffered. An interrupt does not break it. */
  public OutputStream output(ByteRange range) throws IOException {
    UninterruptedFile file = UninterruptedFile.open(part);
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] block, int offset, int length) throws IOException {
        file.write(block, offset, length, range.at());
        range.advance(length);
        saveNowAndThen();
      }

      @Override
      public void close() throws IOException {
        file.close();
      }
    };
  }

  /** Saves at intervals. A file in one piece that is not forced needs no saving: its length shows what is present. */
  private void saveNowAndThen() throws IOException {
    if (!keep || (ranges.size() == 1 && !durable) || !saving.tryLock()) {
      return;
    }
    try {
      if (System.nanoTime() - saved >= (durable ? FORCE_EVERY : SAVE_EVERY)) {
        save();
      }
    } finally {
      saving.unlock();
    }
  }

  /** Writes the note of the present ranges, after forcing them to the disk where that is configured. */
  private void save() throws IOException {
    saving.lock();
    try {
      PartialNote now = note(ranges.stream().map(ByteRange::copy).toList());
      if (durable) {
        force();
      }
      note.write(now);
      if (durable) {
        note.force();
      }
      saved = System.nanoTime();
    } finally {
      saving.unlock();
    }
  }

  private void force() throws IOException {
    try (UninterruptedFile file = UninterruptedFile.open(part)) {
      file.force();
    }
  }

  /** Empties a file in one piece, to write it from the beginning. */
  void restart() throws IOException {
    ranges.getFirst().restart();
    save();
    try (UninterruptedFile file = UninterruptedFile.open(part)) {
      file.truncate(0);
    }
  }

  /** Marks its contents as wrong: nothing of it is kept. */
  public void discard() {
    worthless = true;
  }

  // --- its end ---

  private BasicFileAttributes attributes() throws IOException {
    return Files.readAttributes(part, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Renames the file, whose data is complete and verified, to its final name.
   *
   * @param modified the time of modification to set; empty for the present time
   * @param overwrite whether it may replace a file of that name, which {@link Overwrite#FAIL} forbids
   */
  public void commit(Optional<Instant> modified, Overwrite overwrite) throws IOException {
    measure();
    PartialName.refusePartial(target);
    if (modified.isPresent()) {
      Files.setLastModifiedTime(part, FileTime.from(modified.get()));
    }
    if (durable) {
      force();
    }
    if (overwrite == Overwrite.FAIL) {
      FinalName.add(part, target);
    } else {
      FinalName.replace(part, target);
    }
    committed = true;
    if (durable) {
      FinalName.force(target);
    }
    note.delete();
  }

  /** Checks that the file on the disk is the one that was written. */
  private void measure() throws IOException {
    BasicFileAttributes now = attributes();
    long written = ranges.getLast().at();
    boolean whole = ranges.size() == 1 || ranges.stream().allMatch(range -> range.missing() == 0);
    if (!whole) {
      throw new IllegalStateException(target + " is incomplete");
    }
    if (!now.isRegularFile() || !Objects.equals(now.fileKey(), fileKey) || now.size() != written) {
      worthless = true;
      throw new FileSystemException(
          part.toString(), null,
          "was changed by another program: it has " + now.size() + " bytes, and " + written + " were written; download it again");
    }
  }

  /** Without a preceding commit the file is deleted, unless it has data and can be resumed. */
  @Override
  public void close() throws IOException {
    try (note) {
      if (committed) {
        return;
      }
      boolean ours = isOurs();
      boolean isEmpty = ranges.stream().allMatch(range -> range.at() == range.from());
      if (ours && keep && !worthless && !isEmpty) {
        save();
        return;
      }
      if (ours) {
        Files.delete(part);
      }
      note.delete();
    }
  }

  /** Whether the file of that name is still the one that was opened. */
  private boolean isOurs() throws IOException {
    try {
      return Objects.equals(attributes().fileKey(), fileKey);
    } catch (NoSuchFileException e) {
      return false;
    }
  }
}
