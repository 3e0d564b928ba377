package io.loomftp.internal.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The note beside a partial file, which is also its lock: whoever holds it owns both files. It is created before the partial file
 * and deleted after the rename to the final name, so a partial file without a note is not the library's. Where the file system
 * has no locks, only this JVM is guarded.
 */
final class LockedNote extends LockedFile {
  private static final Logger LOG = LoggerFactory.getLogger(LockedNote.class);

  private static final byte[] MARK = PartialNote.MAGIC.getBytes(StandardCharsets.US_ASCII);

  private final Path target;
  private byte[] written = {};

  private LockedNote(Path path, Path target) throws IOException {
    super(path);
    this.target = target;
  }

  /**
   * Locks the note of a target and creates it where it is missing.
   *
   * @param create whether a note may be created
   * @return empty where a file of that name is not such a note, or there is none and {@code create} is false
   * @throws FileInUseException while another download holds it
   */
  static Optional<LockedNote> acquire(Path path, Path target, boolean create) throws IOException {
    Optional<LockedNote> note = acquire(path, create, () -> new FileInUseException(target), () -> open(path, target));
    note.ifPresent(held -> held.written = held.head());
    return note;
  }

  private static Optional<LockedNote> open(Path path, Path target) throws IOException {
    try {
      return Optional.of(new LockedNote(path, target));
    } catch (AccessDeniedException e) {
      return Optional.empty();
    }
  }

  @Override
  protected boolean isRecognized(byte[] beginning) {
    return wasBlank() || PartialNote.isNoteOf(target.getFileName().toString(), beginning);
  }

  @Override
  protected boolean isUsableWithoutLocks(IOException reason) {
    LOG.debug("{} has no locks of the operating system, only this program is guarded: {}", target, reason.toString());
    return true;
  }

  /** Besides proving what it is, this keeps it from being truncated to nothing, which some file systems flush to the disk. */
  @Override
  protected byte[] mark() {
    return MARK.clone();
  }

  /** Whether it was missing or had no content before: a partial file beside it is not proven to be the library's. */
  boolean wasBlank() {
    return head().length == 0 || Arrays.equals(head(), MARK);
  }

  /** The note that was read when it was acquired. */
  Optional<PartialNote> content(Path of) {
    return PartialNote.parse(of.getFileName().toString(), head());
  }

  /** Writes the note. */
  void write(PartialNote note) throws IOException {
    byte[] bytes = note.format();
    if (Arrays.equals(bytes, written)) {
      return;
    }
    write(bytes, 0, bytes.length, 0);
    if (written.length > bytes.length) {
      truncate(bytes.length);
    }
    written = bytes;
  }
}
