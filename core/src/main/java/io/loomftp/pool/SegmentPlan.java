package io.loomftp.pool;

import io.loomftp.ErrorKind;
import io.loomftp.FtpException;
import io.loomftp.FtpInputStream;
import io.loomftp.FtpLocalException;
import io.loomftp.FtpReplyException;
import io.loomftp.FtpSession;
import io.loomftp.ModifiedTime;
import io.loomftp.Overwrite;
import io.loomftp.TransferOptions;
import io.loomftp.TransferType;
import io.loomftp.Verify;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the server says of a file that is to be fetched in ranges, and how many they are.
 *
 * @param size in bytes
 * @param modified when it was modified, if that is known
 * @param segments at least 2
 */
record SegmentPlan(long size, Optional<Instant> modified, int segments) {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentPlan.class);
  /** Less is not worth the round trips of another session. */
  private static final long LEAST_SEGMENT = 1 << 20;

  private static final Duration SECOND = Duration.ofSeconds(1);

  /** Empty where one stream is the right thing. */
  static Optional<SegmentPlan> of(FtpSession ftp, String path, TransferOptions options, int sessions) throws FtpException {
    boolean comparesDigests = options.verify() == Verify.HASH || options.verify() == Verify.HASH_IF_OFFERED;
    if (ftp.config().transferType() != TransferType.BINARY || comparesDigests) {
      return Optional.empty();
    }
    OptionalLong size = options.expectedSize().isPresent() ? options.expectedSize() : size(ftp, path);
    if (size.isEmpty()) {
      return Optional.empty();
    }
    int segments = (int) Math.min(Math.min(options.segments(), sessions), size.getAsLong() / LEAST_SEGMENT);
    if (segments < 2) {
      return Optional.empty();
    }
    // A listing may tell the time less exactly than MDTM, with which it will be compared at the end.
    Optional<Instant> expected = options.expectedModified().map(ModifiedTime::instant);
    boolean isEnough = expected.isPresent() && options.verify() == Verify.NONE;
    Optional<Instant> modified = isEnough ? expected : modified(ftp, path).or(() -> expected);
    return Optional.of(new SegmentPlan(size.getAsLong(), modified, segments));
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

  /** Whether the target that is there stays: see {@link Overwrite}. */
  boolean isToBeSkipped(String path, Path target, TransferOptions options) throws IOException {
    if (options.overwrite() == Overwrite.REPLACE || !Files.exists(target)) {
      return false;
    }
    Instant time = Files.getLastModifiedTime(target).toInstant();
    Optional<Duration> ahead = modified.map(remote -> Duration.between(time, remote));
    boolean isNotOlder = ahead.isEmpty() || ahead.get().compareTo(SECOND) < 0;
    return switch (options.overwrite()) {
      case REPLACE -> false;
      case SKIP -> true;
      case FAIL -> throw exists(path, target);
      case IF_NEWER -> ahead.isPresent() && isNotOlder;
      case IF_DIFFERENT -> {
        boolean isMuchNewer = ahead.isPresent() && ahead.get().compareTo(SECOND.multipliedBy(-2)) <= 0;
        yield Files.size(target) == size && isNotOlder && !(options.keepsModified() && isMuchNewer);
      }
    };
  }

  static FtpLocalException exists(String path, Path target) {
    return new FtpLocalException("RETR " + path + " to " + target + ": it exists", ErrorKind.EXISTS, true, List.of(), null);
  }

  /** Some servers refuse REST, some say yes to it and send the whole file: asking for the last byte alone shows it. */
  boolean restartsForCertain(FtpSession ftp, String path) throws FtpException {
    try (FtpInputStream in = ftp.getFrom(path, size - 1)) {
      byte[] block = new byte[2];
      int there = 0;
      int n = in.read(block, 0, block.length);
      while (n > 0 && there + n < block.length) {
        there += n;
        n = in.read(block, there, block.length - there);
      }
      return there + Math.max(0, n) == 1;
    } catch (FtpReplyException e) {
      LOG.debug("no REST, so {} is fetched in one stream: {}", path, e.getMessage());
      return false;
    }
  }
}
