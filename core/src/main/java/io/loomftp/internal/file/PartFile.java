package io.loomftp.internal.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import org.apache.commons.io.IOUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The local file of a download while it is not complete: {@code name.part} beside the target. It becomes the target in one
 * step or not at all.
 *
 * <p>To be resumed it has a {@link PartNote} beside it. The note is removed before the part is emptied and written after
 * that, so that at no moment a note says of a part what is not true of its bytes, however the program ends. After a crash of
 * the whole machine a file system may show bytes at the end of the part that were never written; against that only comparing
 * digests helps.
 */
final class PartFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PartFile.class);

  private final Path target;
  private final Path part;
  private final Path noteFile;
  private final @Nullable PartNote note;
  private OutputStream out;
  private long length;
  private boolean moved;
  private boolean worthless;

  private PartFile(Path target, Path part, @Nullable PartNote note) throws IOException {
    this.target = target;
    this.part = part;
    this.noteFile = noteBeside(part);
    this.note = note;
    this.out = OutputStream.nullOutputStream();
    if (note != null && isPartOf(note) && (note.isWrittenIn(noteFile) || isWhole(note))) {
      length = Files.size(part);
      out = open(StandardOpenOption.APPEND);
    } else {
      restart();
    }
  }

  /**
   * Opens the part file. One that is there is gone on with where its note says the same; else it is replaced.
   *
   * @param note what it is to be a part of; null when it is not to be kept if it stays incomplete
   */
  static PartFile open(Path target, @Nullable PartNote note) throws IOException {
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
    return new PartFile(target, beside(target), note);
  }

  /** A program that ended right after the move has left the note alone. */
  static void clearNote(Path target) throws IOException {
    Path part = beside(target);
    if (!Files.exists(part, LinkOption.NOFOLLOW_LINKS)) {
      PartNote.delete(noteBeside(part));
    }
  }

  private static Path beside(Path target) {
    return target.resolveSibling(ShortName.of(target.getFileName().toString()) + ".part");
  }

  private static Path noteBeside(Path part) {
    return part.resolveSibling(part.getFileName() + ".of");
  }

  private boolean isPartOf(PartNote wanted) throws IOException {
    return Files.isRegularFile(part, LinkOption.NOFOLLOW_LINKS) && Files.size(part) <= wanted.size();
  }

  /** Verified before, and neither moved nor changed since: whatever is written to a part takes this time from it. */
  private boolean isWhole(PartNote wanted) throws IOException {
    return Files.size(part) == wanted.size()
        && Files.getLastModifiedTime(part).equals(FileTime.from(wanted.modified()))
        && !Files.exists(noteFile, LinkOption.NOFOLLOW_LINKS);
  }

  /** Empties it: what comes next is the beginning of the file. */
  void restart() throws IOException {
    IOUtils.closeQuietly(out);
    Files.deleteIfExists(noteFile);
    // Not through a channel of our own, which an interrupt would close: the disk would be blamed for it.
    out = open(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
    length = 0;
    if (note != null) {
      note.write(noteFile);
    }
  }

  private OutputStream open(StandardOpenOption... how) throws IOException {
    OpenOption[] options = new OpenOption[how.length + 2];
    System.arraycopy(how, 0, options, 0, how.length);
    options[how.length] = StandardOpenOption.WRITE;
    options[how.length + 1] = LinkOption.NOFOLLOW_LINKS;
    return Files.newOutputStream(part, options);
  }

  /** How many bytes were there when it was opened or restarted. */
  long length() {
    return length;
  }

  /** Where the data goes, behind what is there. */
  OutputStream stream() {
    return out;
  }

  /** What is there, from the beginning. */
  InputStream content() throws IOException {
    return Files.newInputStream(part);
  }

  /** Takes back what was written since it was opened: it may not be what should stand there. Where it cannot, all goes. */
  void takeBack() {
    IOUtils.closeQuietly(out);
    try {
      Files.deleteIfExists(noteFile);
      try (FileChannel file = FileChannel.open(part, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
        file.truncate(length);
      }
      if (note != null) {
        note.write(noteFile);
      }
    } catch (IOException e) {
      LOG.debug("{} cannot be resumed: {}", part, e.toString());
      worthless = true;
    }
  }

  /** What is there is wrong: nothing of it is kept. */
  void spoilt() {
    worthless = true;
  }

  /**
   * The data is complete and verified: the part file gets its full name.
   *
   * @param modified what the time of modification is to be, if it is known
   * @param replace whether a file of that name may be replaced
   */
  void commit(Optional<Instant> modified, boolean replace) throws IOException {
    out.close();
    if (note != null) {
      // However the program ends, no note outlives its part, and nothing that was verified is fetched again.
      Files.setLastModifiedTime(part, FileTime.from(note.modified()));
      Files.deleteIfExists(noteFile);
    }
    if (note == null || modified.isPresent()) {
      setModified(part, modified);
    }
    if (replace) {
      moveReplacing();
    } else {
      moveBeside();
    }
    moved = true;
    if (note == null) {
      Files.deleteIfExists(noteFile); // of an older one
    } else if (modified.isEmpty()) {
      setModified(target, Optional.of(Instant.now()));
    }
  }

  private static void setModified(Path file, Optional<Instant> modified) throws IOException {
    if (modified.isPresent()) {
      Files.setLastModifiedTime(file, FileTime.from(modified.get()));
    }
  }

  private void moveReplacing() throws IOException {
    try {
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** A link is made or not made in one step; where there are none, looking and moving are two. */
  private void moveBeside() throws IOException {
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

  /** Without a commit before, the part file is removed, unless it can be resumed. */
  @Override
  public void close() throws IOException {
    IOUtils.closeQuietly(out);
    if (!moved && (note == null || worthless)) {
      Files.deleteIfExists(noteFile);
      Files.deleteIfExists(part);
    }
  }
}
