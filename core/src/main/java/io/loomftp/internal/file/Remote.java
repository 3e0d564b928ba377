package io.loomftp.internal.file;

import io.loomftp.Digest;
import io.loomftp.FtpException;
import io.loomftp.FtpReplyException;
import io.loomftp.Kind;
import io.loomftp.Overwrite;
import io.loomftp.Progress;
import io.loomftp.TransferResult.Verified;
import io.loomftp.Verify;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** What is known of a remote file, and whether a local one is the same. */
final class Remote {
  /** Servers, and some file systems, count whole or even seconds. */
  private static final Duration SAME_TIME = Duration.ofSeconds(2);

  final OptionalLong size;
  final Optional<Instant> modified;

  private Remote(OptionalLong size, Optional<Instant> modified) {
    this.size = size;
    this.modified = modified;
  }

  /** What is needed to know before a download; what the caller expects is not asked for. */
  static Remote source(Errand errand) throws FtpException {
    var options = errand.options;
    boolean compares = options.overwrite() == Overwrite.IF_DIFFERENT;
    boolean wantsSize =
        options.verify() != Verify.NONE || errand.resumes() || compares || !options.progress().equals(Progress.NONE);
    OptionalLong size = options.expectedSize();
    if (!errand.isBinary()) {
      size = OptionalLong.empty();
    } else if (size.isEmpty() && wantsSize) {
      size = errand.inquiry.sizeIfTold(errand.path);
    }
    boolean wantsTime =
        errand.resumes() || options.keepsModified() || compares || options.overwrite() == Overwrite.IF_NEWER;
    Optional<Instant> modified = options.expectedModified();
    if (modified.isEmpty() && wantsTime) {
      modified = errand.inquiry.modifiedIfTold(errand.path);
    }
    return new Remote(size, modified);
  }

  /** What is needed to know of the target of an upload to decide whether it is to be replaced. */
  static Remote target(Errand errand) throws FtpException {
    boolean sizes = errand.options.overwrite() == Overwrite.IF_DIFFERENT;
    return new Remote(
        sizes ? errand.inquiry.sizeIfTold(errand.path) : OptionalLong.empty(),
        errand.inquiry.modifiedIfTold(errand.path));
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
  static Verified compareSize(Errand errand, long here, OptionalLong there) throws FtpException {
    if (there.isEmpty()) {
      return Verified.NOTHING;
    }
    if (there.getAsLong() != here) {
      throw errand.wrongSize(here, there.getAsLong());
    }
    return errand.options.verify() == Verify.NONE ? Verified.NOTHING : Verified.SIZE;
  }

  /**
   * Compares the server's digest of a file with ours.
   *
   * @param otherwise what was compared, where the server does not tell the digest and need not
   */
  static Verified compareHash(Errand errand, ServerHash hash, String path, Fingerprint print, Verified otherwise)
      throws FtpException {
    Digest ours = print.of(hash.algorithm()).orElseThrow();
    Optional<Digest> theirs;
    try {
      theirs = errand.talk.turn(control -> RemoteDigest.ask(errand.talk, hash, path), path);
    } catch (FtpReplyException e) {
      if (errand.options.verify() == Verify.HASH || e.kind() == Kind.NOT_FOUND) {
        throw e;
      }
      return otherwise;
    }
    if (theirs.isEmpty()) {
      if (errand.options.verify() == Verify.HASH) {
        throw errand.failure("the reply to " + hash.verb() + " has no digest", 0, Kind.PROTOCOL);
      }
      return otherwise;
    }
    if (!theirs.get().equals(ours)) {
      throw errand.failure("the server's file is " + theirs.get() + ", what was moved is " + ours, 0, Kind.CORRUPT);
    }
    return Verified.HASH;
  }
}
