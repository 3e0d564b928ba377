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
 * The local file of a download while it is incomplete: {@code name.part} beside the target, with its note
 * {@code name.part.of}. It becomes the target in one step or not at all.
 *
 * <ul>
 *   <li>One download at a time has it, in this JVM and among processes: see {@link LockedNote}.
 *   <li>Nothing is touched that the note does not prove to be the library's. Where the name is taken by a file of somebody
 *       else's, {@code name.1.part} is used, and so on.
 *   <li>It is created once, before any data arrives. What writes to it later never creates it, and {@link #commit} checks
 *       that it is still the same file and has the length that was written.
 *   <li>Links are not followed.
 *   <li>With {@link TransferOptions#durable()} the data is forced to the disk before the file gets its name, the folder
 *       after that, and no note lists bytes that were not forced before. Without it, a loss of power may leave bytes in a
 *       file that were never written.
 * </ul>
 *
 * <p>Several threads may write, each to a range of its own. All else is done by one thread.
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

  /** Waits between two attempts at a lock. */
  @FunctionalInterface
  public interface Pause {
    /** Waits so long, or throws what called the operation off. */
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
   * Opens the partial file of a target. One that exists is continued where its note is of the same version of the same
   * remote file, and {@link TransferOptions#resume()} says so; else it is replaced.
   *
   * @param pieces how many ranges it is to have; with more than one, the size must be known
   * @param pause waits while another download has it, as long as {@link TransferOptions#waitForTarget} allows
   * @throws FileSystemException when the target cannot be written, or another download has it
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
        continue; // a file of somebody else's
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
        "exists and was not made by LoomFTP, and so do all substitutes for this name; move them away");
  }

  /**
   * Removes what a program left that ended between giving a download its name and deleting its note.
   *
   * @param target a complete file
   */
  public static void clearAfter(Path target) throws IOException {
    Path part = PartialName.part(target, 0);
    if (!Files.exists(PartialName.note(part), LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (LockedNote note = LockedNote.acquire(PartialName.note(part), target, false).orElse(null)) {
      if (note != null) {
        FinalName.finishAdding(part, target);
        if (!Files.exists(part, LinkOption.NOFOLLOW_LINKS)) {
          note.delete();
        }
      }
    } catch (FileInUseException e) {
      return; // nobody left it: a download is at it
    }
  }

  // --- what is present ---

  /** The ranges that the note lists and the file bears out; none where it is to be begun anew. */
  private List<ByteRange> present() throws IOException {
    PartialNote said = note.said(target).orElse(null);
    if (said == null || !Files.isRegularFile(part, LinkOption.NOFOLLOW_LINKS) || !said.isOf(version)) {
      return List.of();
    }
    if (durable && !said.forced()) {
      return List.of(); // after a loss of power it may hold bytes that were never written
    }
    List<ByteRange> listed = said.ranges();
    long length = Files.size(part);
    long whole = version.size().orElseThrow();
    if (listed.size() > 1) {
      return length == whole ? listed : List.of();
    }
    long at = said.forced() ? listed.getFirst().at() : length;
    return at <= length && length <= whole ? List.of(new ByteRange(0, whole, at)) : List.of();
  }

  private List<ByteRange> begin(int pieces) throws IOException {
    long size = version.size().orElse(Long.MAX_VALUE);
    List<ByteRange> all = ByteRanges.split(0, size, pieces);
    PartialName.refuseLink(part);
    Files.deleteIfExists(part); // first, so that the note never speaks of older bytes
    note.write(note(all)); // before the file, which it proves ours
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
      // In this order no note speaks at any moment of bytes that are not there.
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

  /** Its ranges, from the first byte to the last; of a file in one piece the only one. */
  public List<ByteRange> ranges() {
    return List.copyOf(ranges);
  }

  /** How many bytes were present when it was opened. */
  public long presentAtOpen() {
    return presentAtOpen;
  }

  /** Whether another download had it first: the target may be another one now. */
  public boolean waited() {
    return waited;
  }

  /** Reads it from its beginning. */
  public InputStream content() throws IOException {
    return Files.newInputStream(part, LinkOption.NOFOLLOW_LINKS);
  }

  // --- writing ---

  /** Writes a range from its first missing byte on, with no buffer of its own. An interrupt does not break it. */
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

  /** A file in one piece that is not forced needs no saving: its length says what is present. */
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

  /** Notes what is present, after it was forced to the disk where that is wanted. */
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

  /** Empties a file in one piece: what is written next is the beginning. */
  void restart() throws IOException {
    ranges.getFirst().restart();
    save();
    try (UninterruptedFile file = UninterruptedFile.open(part)) {
      file.truncate(0);
    }
  }

  /** What it holds is wrong: nothing of it is kept. */
  public void discard() {
    worthless = true;
  }

  // --- its end ---

  private BasicFileAttributes attributes() throws IOException {
    return Files.readAttributes(part, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * The data is complete and verified: gives the file its full name.
   *
   * @param modified what the time of modification is to be; empty for now
   * @param overwrite whether it may replace a file of that name: {@link Overwrite#FAIL} refuses that
   */
  public void commit(Optional<Instant> modified, Overwrite overwrite) throws IOException {
    measure();
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

  /** Whether what is on the disk is what was written. */
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
          "was changed by something else: it has " + now.size() + " bytes, and " + written + " were written; download it again");
    }
  }

  /** Without a commit before, the file is removed, unless it can be resumed. */
  @Override
  public void close() throws IOException {
    try (note) {
      if (committed) {
        return;
      }
      boolean ours = isOurs();
      if (ours && keep && !worthless) {
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
