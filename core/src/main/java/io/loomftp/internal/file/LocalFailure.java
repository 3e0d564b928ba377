package io.loomftp.internal.file;

import io.loomftp.ErrorKind;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Locale;

/**
 * The local source or sink failed or stalled. It is converted for the caller after the transfer was ended. Also classifies
 * exceptions of the local file system.
 */
public final class LocalFailure extends Exception {
  private static final long serialVersionUID = 1L;

  /** Messages of operating systems for a full disk and a used-up quota, for which Java has no exceptions. */
  private static final List<String> NO_ROOM =
      List.of("no space left", "not enough space", "disk quota exceeded", "file too large");

  /** A failure with its cause. */
  final IOException reason;

  /** Whether it stalled. */
  final boolean stalled;

  LocalFailure(IOException reason, boolean stalled) {
    super(reason);
    this.reason = reason;
    this.stalled = stalled;
  }

  /** The kind of an exception of the local file system, or of a caller's stream. */
  public static ErrorKind kind(IOException failure) {
    return switch (failure) {
      case NoSuchFileException e -> ErrorKind.NOT_FOUND;
      case AccessDeniedException e -> ErrorKind.DENIED;
      case FileAlreadyExistsException e -> ErrorKind.EXISTS;
      case FileInUseException e -> ErrorKind.BUSY;
      case ClosedByInterruptException e -> ErrorKind.ABORTED;
      default -> ofText(String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT));
    };
  }

  private static ErrorKind ofText(String message) {
    if (NO_ROOM.stream().anyMatch(message::contains)) {
      return ErrorKind.QUOTA;
    }
    return message.contains("read-only file system") ? ErrorKind.DENIED : ErrorKind.OTHER;
  }
}
