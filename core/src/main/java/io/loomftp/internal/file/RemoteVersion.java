package io.loomftp.internal.file;

import io.loomftp.ModifiedTime;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One version of one remote file, to which a partial file belongs.
 *
 * @param source user, host, port and path
 * @param size in bytes, if it is known
 * @param modified when it was last modified, to the second or finer, if that is known
 */
public record RemoteVersion(String source, OptionalLong size, Optional<Instant> modified) {
  /** Whether a time distinguishes versions of a file: it has seconds, and its zone is not assumed. */
  public static boolean isExact(ModifiedTime time) {
    return time.precision().compareTo(ModifiedTime.Precision.SECOND) >= 0 && time.source() != ModifiedTime.Source.LIST;
  }

  /** Whether enough is known to identify it later. */
  public boolean isRecognizable() {
    return size.isPresent() && modified.isPresent();
  }
}
