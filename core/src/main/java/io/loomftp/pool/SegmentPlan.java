package io.loomftp.pool;

import io.loomftp.FtpException;
import io.loomftp.FtpInputStream;
import io.loomftp.FtpReplyException;
import io.loomftp.FtpSession;
import io.loomftp.ModifiedTime;
import io.loomftp.TransferOptions;
import io.loomftp.TransferType;
import io.loomftp.Verify;
import io.loomftp.internal.file.RemoteDigest;
import io.loomftp.internal.file.RemoteVersion;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The facts about a remote file that is to be downloaded in segments, and their number.
 *
 * @param size in bytes
 * @param modified the time of its last modification, if it is known
 * @param isExact whether that time identifies the version of the file
 * @param isAsked whether that time is the server's reply to MDTM
 * @param segments at least 2
 * @param hashes whether the digest of the server is to be compared
 */
record SegmentPlan(
    long size, Optional<Instant> modified, boolean isExact, boolean isAsked, int segments, boolean hashes) {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentPlan.class);
  /** Less is not worth the round trips of another session. */
  private static final long LEAST_SEGMENT = 1 << 20;

  /** Empty where one stream is to be used. */
  static Optional<SegmentPlan> of(FtpSession ftp, String path, TransferOptions options, int sessions) throws FtpException {
    boolean wantsHash = options.verify() == Verify.HASH || options.verify() == Verify.HASH_IF_OFFERED;
    boolean hashes = wantsHash && RemoteDigest.isOffered(ftp.features());
    if (ftp.config().transferType() != TransferType.BINARY || (options.verify() == Verify.HASH && !hashes)) {
      return Optional.empty();
    }
    OptionalLong size = options.expectedSize().isPresent() ? options.expectedSize() : size(ftp, path);
    if (size.isEmpty() || size.getAsLong() > options.maxSize().orElse(Long.MAX_VALUE)) {
      return Optional.empty(); // one stream refuses a file that is too large
    }
    int segments = (int) Math.min(Math.min(options.segments(), sessions), size.getAsLong() / LEAST_SEGMENT);
    if (segments < 2) {
      return Optional.empty();
    }
    // A listing may give the time less exactly than MDTM, with which it will be compared at the end.
    Optional<ModifiedTime> expected = options.expectedModified();
    boolean expectedIsExact = expected.filter(RemoteVersion::isExact).isPresent();
    Optional<Instant> answer =
        expectedIsExact && options.verify() == Verify.NONE ? Optional.empty() : modified(ftp, path);
    return Optional.of(
        new SegmentPlan(
            size.getAsLong(), answer.or(() -> expected.map(ModifiedTime::instant)),
            answer.isPresent() || expectedIsExact, answer.isPresent(), segments, hashes));
  }

  static OptionalLong size(FtpSession ftp, String path) throws FtpException {
    try {
      return OptionalLong.of(ftp.size(path));
    } catch (FtpReplyException e) {
      LOG.debug("size unknown: {}", e.getMessage());
      return OptionalLong.empty();
    }
  }

  static Optional<Instant> modified(FtpSession ftp, String path) throws FtpException {
    try {
      return Optional.of(ftp.mdtm(path));
    } catch (FtpReplyException e) {
      LOG.debug("time unknown: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /** Identifies this version of the file, for its partial file. */
  RemoteVersion version(String source) {
    return new RemoteVersion(source, OptionalLong.of(size), isExact ? modified : Optional.empty());
  }

  /**
   * Whether the server sends the rest of a file after REST. Some refuse REST, some accept it and send the whole file: a
   * request for the last byte alone shows it.
   */
  boolean isRestartable(FtpSession ftp, String path) throws IOException {
    try (FtpInputStream in = ftp.getFrom(path, size - 1)) {
      return in.readNBytes(2).length == 1;
    } catch (FtpReplyException e) {
      LOG.debug("no REST, so {} is fetched in one stream: {}", path, e.getMessage());
      return false;
    }
  }
}
