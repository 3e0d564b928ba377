package io.loomftp.internal.file;

import io.loomftp.Digest;
import io.loomftp.ErrorKind;
import io.loomftp.FtpException;
import io.loomftp.FtpReplyException;
import io.loomftp.Overwrite;
import io.loomftp.Progress;
import io.loomftp.TransferResult.Verified;
import io.loomftp.Verify;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** What is known of a remote file, and whether a local one is the same. */
final class RemoteFile {
  /** Servers, and some file systems, count whole or even seconds. */
  private static final Duration SAME_TIME = Duration.ofSeconds(2);

  final OptionalLong size;
  final Optional<Instant> modified;

  private RemoteFile(OptionalLong size, Optional<Instant> modified) {
    this.size = size;
    this.modified = modified;
  }

  /** What is needed to know before a download; what the caller expects is not asked for. */
  static RemoteFile source(FileTransfer job) throws FtpException {
    var options = job.options;
    boolean compares = options.overwrite() == Overwrite.IF_DIFFERENT;
    boolean wantsSize =
        options.verify() != Verify.NONE || job.resumes() || compares || !options.progress().equals(Progress.NONE);
    OptionalLong size = options.expectedSize();
    if (!job.isBinary()) {
      size = OptionalLong.empty();
    } else if (size.isEmpty() && wantsSize) {
      size = job.queries.sizeIfTold(job.path);
    }
    boolean wantsTime =
        job.resumes() || options.keepsModified() || compares || options.overwrite() == Overwrite.IF_NEWER;
    Optional<Instant> modified = options.expectedModified();
    if (modified.isEmpty() && wantsTime) {
      modified = job.queries.modifiedIfTold(job.path);
    }
    return new RemoteFile(size, modified);
  }

  /** What is needed to know of the target of an upload to decide whether it is to be replaced. */
  static RemoteFile target(FileTransfer job) throws FtpException {
    boolean sizes = job.options.overwrite() == Overwrite.IF_DIFFERENT;
    return new RemoteFile(
        sizes ? job.queries.sizeIfTold(job.path) : OptionalLong.empty(),
        job.queries.modifiedIfTold(job.path));
  }

  /** Whether the source is newer than the target; yes where a time is not known. */
  static boolean isNewer(Optional<Instant> source, Optional<Instant> target) {
    return source.isEmpty() || target.isEmpty() || !source.get().minusSeconds(1).isBefore(target.get());
  }

  /** Whether the two differ, by what is known of both; yes where nothing is. */
  static boolean isDifferent(
      OptionalLong size, Optional<Instant> source, OptionalLong sizeThere, Optional<Instant> target, boolean timesKept) {
    boolean sizes = size.isPresent() && sizeThere.isPresent();
    boolean times = source.isPresent() && target.isPresent();
    if (sizes && size.getAsLong() != sizeThere.getAsLong()) {
      return true;
    }
    if (times && (isNewer(source, target) || (timesKept && !source.get().plus(SAME_TIME).isAfter(target.get())))) {
      return true;
    }
    return !sizes && !times;
  }

  /** Compares the server's size, where it tells one, with what there is here. */
  static Verified compareSize(FileTransfer job, long localSize, OptionalLong remoteSize) throws FtpException {
    if (remoteSize.isEmpty()) {
      return Verified.NOTHING;
    }
    if (remoteSize.getAsLong() != localSize) {
      throw job.wrongSize(localSize, remoteSize.getAsLong());
    }
    return job.options.verify() == Verify.NONE ? Verified.NOTHING : Verified.SIZE;
  }

  /**
   * Compares the server's digest of a file with ours.
   *
   * @param otherwise what was compared, where the server does not tell the digest and need not
   */
  static Verified compareHash(FileTransfer job, ServerHash hash, String path, DigestSet print, Verified otherwise)
      throws FtpException {
    Digest ours = print.of(hash.algorithm()).orElseThrow();
    Optional<Digest> theirs;
    try {
      theirs = job.session.runVerb(control -> RemoteDigest.ask(job.session, hash, path), path);
    } catch (FtpReplyException e) {
      if (job.options.verify() == Verify.HASH || e.kind() == ErrorKind.NOT_FOUND) {
        throw e;
      }
      return otherwise;
    }
    if (theirs.isEmpty()) {
      if (job.options.verify() == Verify.HASH) {
        throw job.failure("the reply to " + hash.verb() + " has no digest", 0, ErrorKind.PROTOCOL);
      }
      return otherwise;
    }
    if (!theirs.get().equals(ours)) {
      throw job.failure("the server's file is " + theirs.get() + ", what was moved is " + ours, 0, ErrorKind.CORRUPT);
    }
    return Verified.HASH;
  }
}
