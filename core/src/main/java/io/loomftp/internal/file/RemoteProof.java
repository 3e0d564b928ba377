package io.loomftp.internal.file;

import io.loomftp.Digest;
import io.loomftp.ErrorKind;
import io.loomftp.FtpClosedException;
import io.loomftp.FtpException;
import io.loomftp.FtpInDoubtException;
import io.loomftp.FtpReplyException;
import io.loomftp.Progress;
import io.loomftp.ProgressReporter;
import io.loomftp.internal.transfer.Transfer;
import io.loomftp.internal.wire.Command;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Proves that a file on the server is the beginning of a local one: by the server's digest of it, or by reading its end. */
final class RemoteProof {
  /** The number of bytes at the end that are read. */
  static final int END = 64 << 10;

  private final FileTransfer operation;
  private final UploadSource source;

  RemoteProof(FileTransfer operation, UploadSource source) {
    this.operation = operation;
    this.source = source;
  }

  /** Whether the server's file of this size is the beginning of the source; false also where that is unknown. */
  boolean isBeginning(String path, long size) throws FtpException, IOException {
    if (!source.isFile() || !operation.isBinary() || size > source.size().orElse(-1)) {
      return false;
    }
    Optional<ServerHash> hash = ServerHash.strongest(operation.session.features());
    if (hash.isPresent()) {
      Optional<Digest> told = digest(hash.get(), path);
      if (told.isPresent()) {
        return told.get().equals(local(hash.get(), size));
      }
    }
    return isSameEnd(path, size);
  }

  private Optional<Digest> digest(ServerHash hash, String path) throws FtpException {
    try {
      return operation.session.runVerb(control -> RemoteDigest.ask(operation.session, hash, path), path);
    } catch (FtpReplyException e) {
      return Optional.empty();
    }
  }

  private Digest local(ServerHash hash, long size) throws IOException {
    DigestSet digests = new DigestSet(List.of(hash.algorithm()));
    source.open(size, digests).close();
    return digests.of(hash.algorithm()).orElseThrow();
  }

  private boolean isSameEnd(String path, long size) throws FtpException, IOException {
    int length = (int) Math.min(size, END);
    byte[] expected;
    try (InputStream in = source.open(size - length, new DigestSet(List.of()))) {
      expected = in.readNBytes(length);
    }
    ByteArrayOutputStream end = new ByteArrayOutputStream(length);
    try {
      Transfer transfer =
          operation.session.runVerb(
              control -> operation.session.transfer(
                  Command.of("RETR", path), false, size - length, operation.session.config().transferType()),
              path);
      ProgressReporter silent = new ProgressReporter(Progress.NONE, Duration.ZERO, 0, OptionalLong.empty());
      boolean ended =
          new CopyLoop(operation, transfer, new DigestSet(List.of()), silent, OptionalLong.of(length))
              .receive(end, n -> end.size() + n <= length);
      return ended && Arrays.equals(expected, end.toByteArray());
    } catch (FtpReplyException e) {
      return false;
    } catch (FtpInDoubtException e) {
      // Nothing of the upload is in doubt.
      throw new FtpClosedException(
          String.valueOf(e.getMessage()), ErrorKind.CLOSED, operation.session.transcript().lines(), e);
    }
  }
}
