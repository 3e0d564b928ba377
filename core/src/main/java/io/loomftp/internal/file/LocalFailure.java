package io.loomftp.internal.file;

import io.loomftp.ErrorKind;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Locale;

/**
 * The source or sink on this side failed, or took too long. It is not yet what the caller gets, since the transfer still
 * runs. Also says which {@link ErrorKind} an exception of the local file system is.
 */
public final class LocalFailure extends Exception {
  private static final long serialVersionUID = 1L;

  /** What operating systems say of a full disk and of a quota that is used up, for which Java has no exceptions. */
  private static final List<String> NO_ROOM =
      List.of("no space left", "not enough space", "disk quota exceeded", "file too large");

  /** What it threw. */
  final IOException reason;

  /** Whether it took too long. */
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
