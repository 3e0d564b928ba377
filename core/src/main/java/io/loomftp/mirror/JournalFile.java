package io.loomftp.mirror;

import io.loomftp.internal.file.LockedFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;

/** The file of a journal, locked while it is open. Used by one thread at a time. */
final class JournalFile extends LockedFile {
  /** The beginning of every journal. */
  static final String MAGIC = "loomftp-mirror-journal\t1\t";

  private JournalFile(Path path) throws IOException {
    super(path);
  }

  /**
   * Opens and locks it, and creates it where it is missing.
   *
   * @throws FileAlreadyExistsException when the file is not a journal
   * @throws IOException also when another run uses it
   */
  static JournalFile open(Path path) throws IOException {
    return acquire(path, true, () -> inUse(path), () -> Optional.of(new JournalFile(path)))
        .orElseThrow(
            () -> new FileAlreadyExistsException(
                path.toString(), null, "is not the journal of a mirror: choose another path"));
  }

  private static FileSystemException inUse(Path path) {
    return new FileSystemException(path.toString(), null, "is the journal of a mirror that is running");
  }

  @Override
  protected boolean isRecognized(byte[] beginning) {
    String text = new String(beginning, StandardCharsets.ISO_8859_1);
    return text.startsWith(MAGIC) || MAGIC.startsWith(text); // one that was cut short is one, too
  }

  @Override
  protected byte[] mark() {
    return MAGIC.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  protected boolean isUsableWithoutLocks(IOException reason) {
    return false;
  }
}
