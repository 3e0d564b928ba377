package io.loomftp.internal.file;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** Another download, in this process or another one, is writing the same file. */
final class FileInUseException extends FileSystemException {
  private static final long serialVersionUID = 1L;

  FileInUseException(Path file) {
    super(
        file.toString(), null,
        "is being written by another download; wait for its end, or set TransferOptions.waitForTarget(...)");
  }
}
