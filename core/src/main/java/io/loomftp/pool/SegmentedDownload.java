package io.loomftp.pool;

import io.loomftp.Digest;
import io.loomftp.ErrorKind;
import io.loomftp.FtpException;
import io.loomftp.FtpLocalException;
import io.loomftp.FtpTransferException;
import io.loomftp.Overwrite;
import io.loomftp.ProgressReporter;
import io.loomftp.TransferOptions;
import io.loomftp.TransferResult;
import io.loomftp.Verify;
import io.loomftp.internal.file.LocalFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches one file in several ranges at the same time, into one part that gets its full name when it is whole. */
final class SegmentedDownload {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentedDownload.class);

  private final FtpPool pool;
  private final String path;
  private final Path target;
  private final TransferOptions options;
  private final long begin = System.nanoTime();

  SegmentedDownload(FtpPool pool, String path, Path target, TransferOptions options) {
    this.pool = pool;
    this.path = path;
    this.target = target;
    this.options = options;
  }

  TransferResult run() throws FtpException {
    SegmentPlan plan = null;
    try (Lease lease = pool.lease()) {
      Optional<SegmentPlan> possible = SegmentPlan.of(lease.session(), path, options, pool.size());
      if (possible.isPresent() && possible.get().isToBeSkipped(path, target, options)) {
        return TransferResult.skipped(path, Duration.ofNanos(System.nanoTime() - begin));
      }
      if (possible.isPresent() && possible.get().restartsForCertain(lease.session(), path)) {
        plan = possible.get();
      }
    } catch (IOException e) {
      throw e instanceof FtpException ftp ? ftp : local(e);
    }
    // With other leases: a server that is unsure of REST costs the session, and a session that is lost is replaced.
    if (plan == null) {
      try (Lease lease = pool.lease()) {
        return lease.session().get(path, target, options);
      }
    }
    try {
      return fetch(plan);
    } catch (IOException e) {
      throw e instanceof FtpException ftp ? ftp : local(e);
    }
  }

  private TransferResult fetch(SegmentPlan plan) throws IOException {
    String source = pool.config() + " " + path;
    PartMap map = PartMap.open(target, source, plan.size(), plan.modified(), plan.segments(), options.resumes());
    ProgressReporter meter =
        new ProgressReporter(options.progress(), options.progressEvery(), map.there(), OptionalLong.of(plan.size()));
    SegmentCrew crew = new SegmentCrew(pool, path, options, map, meter);
    boolean complete = false;
    try {
      crew.work();
      complete = true;
      Optional<Digest> digest = settle(plan, map, crew);
      meter.end();
      return result(map, crew, digest);
    } finally {
      end(map, complete);
    }
  }

  /** What is kept, and what is not: of a complete part only the target, of another one what can be gone on with. */
  private void end(PartMap map, boolean complete) {
    try {
      if (complete || !options.resumes()) {
        map.remove();
      } else {
        map.save();
      }
    } catch (IOException e) {
      LOG.warn("what is left of the download of {} cannot be tidied up: {}", path, e.toString());
    }
  }

  /** All bytes are there: are they of the same file? */
  private Optional<Digest> settle(SegmentPlan plan, PartMap map, SegmentCrew crew) throws IOException {
    if (options.verify() != Verify.NONE) {
      try (Lease lease = pool.lease()) {
        OptionalLong size = SegmentPlan.size(lease.session(), path);
        Optional<Instant> modified =
            plan.modified().isPresent() ? SegmentPlan.modified(lease.session(), path) : Optional.empty();
        boolean sameSize = size.isEmpty() || size.getAsLong() == plan.size();
        if (!sameSize || (modified.isPresent() && !isSame(modified.get(), plan.modified()))) {
          throw new FtpTransferException(
              String.format(Locale.ROOT, "RETR %s: the file was changed while it was fetched in parts", path), null,
              crew.moved(), ErrorKind.TRUNCATED, true, lease.session().transcript(), null);
        }
      }
    }
    Optional<Digest> digest = Optional.empty();
    if (options.digest().isPresent()) {
      digest = Optional.of(FileDigest.of(map.part(), options.digest().get()));
    }
    if (options.keepsModified() && plan.modified().isPresent()) {
      Files.setLastModifiedTime(map.part(), FileTime.from(plan.modified().get()));
    }
    if (options.overwrite() == Overwrite.FAIL && Files.exists(target)) {
      throw SegmentPlan.exists(path, target);
    }
    map.commit(target);
    return digest;
  }

  private static boolean isSame(Instant now, Optional<Instant> before) {
    return before.isEmpty() || Duration.between(before.get(), now).abs().compareTo(Duration.ofSeconds(1)) < 0;
  }

  private TransferResult result(PartMap map, SegmentCrew crew, Optional<Digest> digest) {
    TransferResult end = crew.last();
    return new TransferResult(
        path,
        crew.moved(),
        Duration.ofNanos(System.nanoTime() - begin),
        end == null ? Optional.empty() : end.reply(),
        end == null ? Optional.empty() : end.protection(),
        TransferResult.Outcome.TRANSFERRED,
        map.there(),
        digest,
        options.verify() == Verify.NONE ? TransferResult.Verified.NOTHING : TransferResult.Verified.SIZE,
        crew.attempts());
  }

  private FtpLocalException local(IOException cause) {
    return new FtpLocalException(
        "RETR " + path + " to " + target + ": " + cause, LocalFailure.kind(cause), true, List.of(), cause);
  }
}
