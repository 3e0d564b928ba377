package io.loomftp.internal.file;

import io.loomftp.FtpException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What an upload that needs no temporary name replaces: a file that is found after the connection was lost may be the old
 * one, which is as long as the new one. So its size is asked for before, and its time where the sizes are the same.
 */
final class Replaced {
  private final FileTransfer operation;
  private boolean looked;
  private OptionalLong size = OptionalLong.empty();
  private Optional<Instant> modified = Optional.empty();

  Replaced(FileTransfer operation) {
    this.operation = operation;
  }

  /** Before the first STOR; not for what can be read back whole. */
  void look(UploadTarget target, UploadSource source) throws FtpException {
    boolean isReadBack = source.isFile() && source.size().orElse(0) <= RemoteProof.END;
    if (looked || target.isTemporary() || !operation.isBinary() || isReadBack) {
      return;
    }
    looked = true;
    size = operation.queries.sizeIfTold(operation.path);
    boolean mayBeTheSame = size.isPresent() && (!source.isFile() || size.equals(source.size()));
    if (mayBeTheSame) {
      modified = operation.queries.modifiedIfTold(operation.path);
    }
  }

  /** Whether a file that has this size now is another one than before. */
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
