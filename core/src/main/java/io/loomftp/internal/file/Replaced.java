package io.loomftp.internal.file;

import io.loomftp.ErrorKind;
import io.loomftp.FtpException;
import io.loomftp.internal.control.Exchange;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The file that a direct upload replaces. A file that is found after the connection was lost may be the old one with the size
 * of the new one, so the old size is queried before, and the time where the sizes are equal.
 */
final class Replaced {
  private final FileTransfer operation;
  /** Whether its size is known, or that there was none. */
  private boolean looked;
  private OptionalLong size = OptionalLong.empty();
  private Optional<Instant> modified = Optional.empty();

  Replaced(FileTransfer operation) {
    this.operation = operation;
  }

  /** Queries it before the first STOR; not for a file that can be read back completely. */
  void look(UploadTarget target, UploadSource source) throws FtpException {
    boolean isReadBack = source.isFile() && source.size().orElse(0) <= RemoteProof.END;
    if (looked || target.isTemporary() || !operation.isBinary() || isReadBack) {
      return;
    }
    Optional<Exchange> told = operation.queries.binarySize(operation.path);
    size = told.map(each -> operation.queries.sizeIn(each.reply())).orElse(OptionalLong.empty());
    looked = size.isPresent() || told.filter(Replaced::saysMissing).isPresent();
    boolean mayBeTheSame = size.isPresent() && (!source.isFile() || size.equals(source.size()));
    if (mayBeTheSame) {
      modified = operation.queries.modifiedIfTold(operation.path);
    }
  }

  /** Whether there is no file, as opposed to one whose size is not given at the moment, or not to this user. */
  private static boolean saysMissing(Exchange size) {
    return size.reply().isError() && !size.reply().isTransientError() && size.refused().kind() == ErrorKind.NOT_FOUND;
  }

  /** Whether a file that now has this size differs from the one before. */
  boolean isReplaced(long sizeNow) throws FtpException {
    if (!looked) {
      return false;
    }
    if (size.isEmpty() || size.getAsLong() != sizeNow) {
      return true;
    }
    Optional<Instant> now = operation.queries.modifiedIfTold(operation.path);
    return modified.isPresent() && now.isPresent() && !now.equals(modified);
  }
}
