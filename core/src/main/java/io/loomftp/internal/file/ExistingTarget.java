package io.loomftp.internal.file;

import io.loomftp.Overwrite;
import io.loomftp.TransferOptions;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** Decides whether an existing target of a download is kept, according to {@link Overwrite}. */
public final class ExistingTarget {
  private ExistingTarget() {}

  /**
   * Whether it is kept regardless of the remote file.
   *
   * @throws FileAlreadyExistsException when the options demand that it does not exist
   */
  public static boolean isKept(Path target, TransferOptions options) throws FileAlreadyExistsException {
    boolean exists = Files.exists(target, LinkOption.NOFOLLOW_LINKS);
    if (exists && options.overwrite() == Overwrite.FAIL) {
      throw new FileAlreadyExistsException(target.toString());
    }
    return exists && options.overwrite() == Overwrite.SKIP;
  }

  /** Whether it is kept because it equals the remote file as far as is known, or is not older. */
  public static boolean isUpToDate(Path target, TransferOptions options, OptionalLong size, Optional<Instant> modified)
      throws IOException {
    boolean compares = options.overwrite() == Overwrite.IF_NEWER || options.overwrite() == Overwrite.IF_DIFFERENT;
    if (!compares || !Files.isRegularFile(target)) {
      return false;
    }
    Optional<Instant> local = Optional.of(Files.getLastModifiedTime(target).toInstant());
    OptionalLong localSize = OptionalLong.of(Files.size(target));
    return options.overwrite() == Overwrite.IF_NEWER
        ? !RemoteFile.isNewer(modified, local)
        : !RemoteFile.isDifferent(size, modified, localSize, local, options.keepsModified());
  }
}
