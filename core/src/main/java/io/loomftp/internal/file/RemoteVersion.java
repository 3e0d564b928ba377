package io.loomftp.internal.file;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One version of one remote file: what a partial file is a part of.
 *
 * @param source user, host, port and path
 * @param size in bytes, if it is known
 * @param modified when it was last modified, to the second or finer, if that is known
 */
public record RemoteVersion(String source, OptionalLong size, Optional<Instant> modified) {
  /** Whether enough is known to recognize it later. */
  public boolean isRecognizable() {
    return size.isPresent() && modified.isPresent();
  }
}
