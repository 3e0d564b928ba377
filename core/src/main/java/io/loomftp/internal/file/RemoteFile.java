package io.loomftp.internal.file;

import io.loomftp.Digest;
import io.loomftp.ErrorKind;
import io.loomftp.FtpException;
import io.loomftp.FtpReplyException;
import io.loomftp.FtpTransferException;
import io.loomftp.ModifiedTime;
import io.loomftp.Overwrite;
import io.loomftp.Progress;
import io.loomftp.TransferResult.Verified;
import io.loomftp.Verify;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** The known state of a remote file, and comparisons with a local one. */
final class RemoteFile {
  /** Servers, and some file systems, store whole or even seconds. */
  private static final Duration SAME_TIME = Duration.ofSeconds(2);

  final OptionalLong size;
  final Optional<Instant> modified;
  private final Optional<ModifiedTime> told;
  private final boolean asked;

  /** Where the size comes from. */
  enum SizeFrom {
    /** A fresh reply to SIZE. */
    SIZE,
    /** The reply to RETR will give it. */
    RETR,
    /** The caller, or nobody. */
    CALLER
  }

  final SizeFrom sizeFrom;

  /**
   * The known state of one file.
   *
   * @param asked whether the time comes from a fresh reply to MDTM
   */
  private RemoteFile(OptionalLong size, SizeFrom sizeFrom, Optional<ModifiedTime> told, boolean asked) {
    this.size = size;
    this.sizeFrom = sizeFrom;
    this.modified = told.map(ModifiedTime::instant);
    this.told = told;
    this.asked = asked;
  }

  /** Rejects a file that is larger than the options allow. */
  void checkSize(FileTransfer operation) throws FtpTransferException {
    OptionalLong most = operation.options.maxSize();
    if (most.isPresent() && size.isPresent() && size.getAsLong() > most.getAsLong()) {
      throw operation.failure(
          "the server's file has " + size.getAsLong() + " bytes, more than the maximum of " + most.getAsLong(), 0,
          ErrorKind.LIMIT);
    }
  }

  /** The time, if it is exact enough to identify the version of the file. */
  Optional<Instant> exactModified() {
    return told.filter(RemoteVersion::isExact).map(ModifiedTime::instant);
  }

  private static Optional<ModifiedTime> ask(FileTransfer operation) throws FtpException {
    return operation.queries
        .modifiedIfTold(operation.path)
        .map(time -> new ModifiedTime(time, ModifiedTime.Precision.SECOND, ModifiedTime.Source.MDTM));
  }

  /** Asks for the state needed before a download, except what the caller supplied. */
  static RemoteFile source(FileTransfer operation) throws FtpException {
    var options = operation.options;
    boolean compares = options.overwrite() == Overwrite.IF_DIFFERENT;
    boolean wantsSizeBefore =
        options.maxSize().isPresent() || operation.resumes() || compares || !options.progress().equals(Progress.NONE);
    OptionalLong size = options.expectedSize();
    SizeFrom sizeFrom = SizeFrom.CALLER;
    if (!operation.isBinary()) {
      size = OptionalLong.empty();
    } else if (size.isEmpty() && (wantsSizeBefore || options.verify() != Verify.NONE)) {
      boolean comesWithRetr = !wantsSizeBefore && AnnouncedSize.isKnown(operation.session.profile());
      sizeFrom = comesWithRetr ? SizeFrom.RETR : SizeFrom.SIZE;
      size = comesWithRetr ? OptionalLong.empty() : operation.queries.sizeIfTold(operation.path);
    }
    Optional<ModifiedTime> expected = options.expectedModified();
    boolean wantsTime =
        operation.resumes() || options.keepsModified() || compares || options.overwrite() == Overwrite.IF_NEWER;
    boolean isEnough = expected.isPresent() && (!operation.resumes() || RemoteVersion.isExact(expected.get()));
    Optional<ModifiedTime> answer = wantsTime && !isEnough ? ask(operation) : Optional.empty();
    return new RemoteFile(size, sizeFrom, answer.or(() -> expected), answer.isPresent());
  }

  /**
   * Asks again whether a file that was downloaded in several parts is unchanged.
   *
   * @throws FtpTransferException of the kind {@link ErrorKind#CHANGED} when it changed
   */
  void checkUnchanged(FileTransfer operation) throws FtpException {
    OptionalLong sizeNow = operation.queries.sizeIfTold(operation.path);
    Optional<Instant> timeNow = operation.queries.modifiedIfTold(operation.path);
    boolean sameSize = sizeNow.isEmpty() || sizeNow.equals(size);
    boolean sameTime =
        timeNow.map(now -> isSameSecond(now, exactModified())).orElse(!asked);
    if (!sameSize || !sameTime) {
      throw operation.failure(
          "the server's file changed during the download: size " + text(size) + ", then " + text(sizeNow)
              + ", modified " + text(modified) + ", then " + text(timeNow),
          0, ErrorKind.CHANGED);
    }
  }

  private static boolean isSameSecond(Instant now, Optional<Instant> before) {
    return before.isPresent() && before.get().getEpochSecond() == now.getEpochSecond();
  }

  private static String text(OptionalLong size) {
    return size.isPresent() ? Long.toString(size.getAsLong()) : "unknown";
  }

  private static String text(Optional<Instant> time) {
    return time.map(Instant::toString).orElse("unknown");
  }

  /** Asks for the state of the target of an upload that is needed to decide whether to replace it. */
  static RemoteFile target(FileTransfer operation) throws FtpException {
    boolean sizes = operation.options.overwrite() == Overwrite.IF_DIFFERENT;
    return new RemoteFile(
        sizes ? operation.queries.sizeIfTold(operation.path) : OptionalLong.empty(),
        SizeFrom.SIZE,
        ask(operation),
        true);
  }

  /** Whether the source is newer than the target; true where a time is unknown. */
  static boolean isNewer(Optional<Instant> source, Optional<Instant> target) {
    return source.isEmpty() || target.isEmpty() || !source.get().minusSeconds(1).isBefore(target.get());
  }

  /** Whether the two differ in what is known of both; true where nothing is known. */
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

  /** Compares the server's size, where it gives one, with the local size. */
  static Verified compareSize(FileTransfer operation, long localSize, OptionalLong remoteSize) throws FtpException {
    if (remoteSize.isEmpty()) {
      return Verified.NOTHING;
    }
    if (remoteSize.getAsLong() != localSize) {
      throw operation.wrongSize(localSize, remoteSize.getAsLong());
    }
    return operation.options.verify() == Verify.NONE ? Verified.NOTHING : Verified.SIZE;
  }

  /**
   * Compares the server's digest of a file with the local one.
   *
   * @param otherwise the result where the server gives no digest and none is demanded
   */
  static Verified compareHash(FileTransfer operation, ServerHash hash, String path, DigestSet digests, Verified otherwise)
      throws FtpException {
    Digest ours = digests.of(hash.algorithm()).orElseThrow();
    Optional<Digest> theirs;
    try {
      theirs = operation.session.runVerb(control -> RemoteDigest.ask(operation.session, hash, path), path);
    } catch (FtpReplyException e) {
      boolean isGone = e.kind() == ErrorKind.NOT_FOUND && !RemoteDigest.needsQuotes(hash, path);
      if (operation.options.verify() == Verify.HASH || isGone) {
        throw e;
      }
      return otherwise;
    }
    if (theirs.isEmpty()) {
      if (operation.options.verify() == Verify.HASH) {
        throw operation.failure("the reply to " + hash.verb() + " has no digest", 0, ErrorKind.PROTOCOL);
      }
      return otherwise;
    }
    if (!theirs.get().equals(ours)) {
      throw operation.failure("the server's file is " + theirs.get() + ", what was moved is " + ours, 0, ErrorKind.CORRUPT);
    }
    return Verified.HASH;
  }
}
