package io.loomftp.internal.session;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.apache.commons.io.IOUtils;

/**
 * The local file of a download while it is not complete: {@code name.part} beside the target. It becomes the target in one
 * step or not at all.
 */
public final class PartFile implements AutoCloseable {
  private final Path target;
  private final Path part;
  private final OutputStream out;
  private boolean moved;

  private PartFile(Path target, Path part, OutputStream out) {
    this.target = target;
    this.part = part;
    this.out = out;
  }

  /** Opens the part file, empty; an older one that is no longer written to is replaced. */
  public static PartFile create(Path target) throws IOException {
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
    Path part = target.resolveSibling(name + ".part");
    // Not through a channel of our own, which an interrupt would close: the disk would be blamed for it.
    OutputStream out =
        Files.newOutputStream(
            part,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS);
    return new PartFile(target, part, out);
  }

  /** Where the data goes. */
  public OutputStream stream() {
    return out;
  }

  /** The data is complete and verified: the part file gets its full name. */
  public void commit() throws IOException {
    out.close();
    try {
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    }
    moved = true;
  }

  /** Without a commit before, the part file is removed. */
  @Override
  public void close() throws IOException {
    IOUtils.closeQuietly(out);
    if (!moved) {
      Files.deleteIfExists(part);
    }
  }
}
