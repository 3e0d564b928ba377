package io.loomftp.pool;

import io.loomftp.Digest;
import io.loomftp.ErrorKind;
import io.loomftp.FtpException;
import io.loomftp.FtpLocalException;
import io.loomftp.FtpReplyException;
import io.loomftp.FtpSession;
import io.loomftp.FtpTransferException;
import io.loomftp.ProgressReporter;
import io.loomftp.TransferOptions;
import io.loomftp.TransferResult.Verified;
import io.loomftp.TransferResult;
import io.loomftp.Verify;
import io.loomftp.internal.file.ExistingTarget;
import io.loomftp.internal.file.FileRetry;
import io.loomftp.internal.file.LocalFailure;
import io.loomftp.internal.file.PartialFile;
import io.loomftp.internal.observe.Observer;
import io.loomftp.internal.retry.RetryPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Downloads one file with several sessions at the same time, or in one stream where that is not possible.
 *
 * <ol>
 *   <li>size, time, and whether the server honours REST are asked for
 *   <li>{@link SegmentFetch} fills the ranges of a {@link PartialFile}
 *   <li>size, time and digest are compared with the server's
 *   <li>the partial file is renamed to the target
 * </ol>
 *
 * <p>All of this runs on threads of {@link SessionWorkers}; the caller waits, and its interrupt ends it.
 */
final class SegmentedDownload {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentedDownload.class);
  private static final Duration SAME_TIME = Duration.ofSeconds(1);

  private final LeaseSource pool;
  private final String path;
  private final Path target;
  private final TransferOptions options;
  private final RetryPolicy.Attempts attempts;
  private final AtomicLong moved = new AtomicLong();
  private final long begin = System.nanoTime();

  SegmentedDownload(LeaseSource pool, String path, Path target, TransferOptions options) {
    this.pool = pool;
    this.path = path;
    this.target = target;
    this.options = options;
    this.attempts = FileRetry.policy(options.retry()).begin();
  }

  TransferResult run() throws FtpException {
    try {
      while (true) {
        try {
          return attempt();
        } catch (FtpTransferException e) {
          Optional<Duration> pause = e.kind() == ErrorKind.CHANGED ? attempts.next() : Optional.empty();
          if (pause.isEmpty()) {
            throw e;
          }
          LOG.debug("{}: downloading again from the beginning", e.getMessage());
          Observer.of(pool.config()).retried(RetryingWorkers.WHAT, attempts.count(), pause.get(), e.kind());
          Thread.sleep(pause.get());
        }
      }
    } catch (FtpException e) {
      throw e;
    } catch (IOException e) {
      throw new FtpLocalException("RETR " + path + " to " + target + ": " + e, LocalFailure.kind(e), true, List.of(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FtpTransferException(
          "RETR " + path + ": interrupted", null, moved.get(), ErrorKind.ABORTED, true, List.of(), e);
    }
  }

  private TransferResult attempt() throws IOException, InterruptedException {
    if (ExistingTarget.isKept(target, options)) {
      return skipped();
    }
    String absolute = absolute();
    Optional<SegmentPlan> possible = ask(attempts, ftp -> plan(ftp, absolute));
    if (possible.isEmpty()) {
      // This has a retry of its own.
      return ask(new RetryPolicy(1, Duration.ZERO, FileRetry.policy(options.retry()).backoff()).begin(),
          ftp -> ftp.get(absolute, target, options));
    }
    SegmentPlan plan = possible.get();
    if (isUpToDate(plan)) {
      PartialFile.clearAfter(target);
      return skipped();
    }
    try (PartialFile part =
        PartialFile.open(target, plan.version(pool.config() + " " + absolute), plan.segments(), options, this::pause)) {
      if (part.waited() && (ExistingTarget.isKept(target, options) || isUpToDate(plan))) {
        return skipped();
      }
      return fetch(plan, absolute, part);
    }
  }

  private boolean isUpToDate(SegmentPlan plan) throws IOException {
    return ExistingTarget.isUpToDate(target, options, OptionalLong.of(plan.size()), plan.modified());
  }

  private TransferResult skipped() {
    return TransferResult.skipped(path, elapsed());
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  /** The absolute path: a thread that has changed the folder of its session means a file relative to that folder. */
  private String absolute() throws FtpException {
    Optional<Lease> own = path.startsWith("/") ? Optional.empty() : pool.leaseOfThisThread();
    if (own.isEmpty()) {
      return path;
    }
    try (Lease lease = own.get()) {
      String here = lease.session().isOpen() ? lease.session().pwd() : "";
      return here.startsWith("/") ? here + (here.endsWith("/") ? "" : "/") + path : path;
    } catch (FtpReplyException e) {
      return path;
    }
  }

  /** Empty where one stream is to be used. */
  private Optional<SegmentPlan> plan(FtpSession ftp, String absolute) throws IOException {
    Optional<SegmentPlan> plan = SegmentPlan.of(ftp, absolute, options, pool.size());
    boolean good = plan.isPresent() && (isUpToDate(plan.get()) || plan.get().isRestartable(ftp, absolute));
    return good ? plan : Optional.empty();
  }

  /** A query to the server. */
  @FunctionalInterface
  private interface Question<R> {
    R of(FtpSession ftp) throws IOException;
  }

  private <R> R ask(RetryPolicy.Attempts retry, Question<R> question) throws IOException, InterruptedException {
    AtomicReference<@Nullable R> answer = new AtomicReference<>();
    new RetryingWorkers<Question<R>>(pool, retry, (ftp, each) -> answer.set(each.of(ftp))).runAll(List.of(question));
    R known = answer.get();
    if (known == null) {
      throw new IllegalStateException("no reply from " + pool.config());
    }
    return known;
  }

  private void pause(Duration time) throws FtpException {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FtpTransferException(
          "RETR " + path + ": interrupted while another download has " + target, null, 0, ErrorKind.ABORTED, true, List.of(), e);
    }
  }

  private TransferResult fetch(SegmentPlan plan, String absolute, PartialFile part) throws IOException, InterruptedException {
    ProgressReporter progress =
        new ProgressReporter(
            options.progress(), options.progressEvery(), part.presentAtOpen(), OptionalLong.of(plan.size()));
    SegmentFetch segments = new SegmentFetch(pool, absolute, options, part, progress, moved, attempts);
    Checked checked;
    try {
      segments.run();
      checked = check(plan, absolute, part);
    } catch (FtpTransferException e) {
      if (e.kind() == ErrorKind.CHANGED || e.kind() == ErrorKind.CORRUPT) {
        part.discard();
      }
      throw e;
    }
    part.commit(options.keepsModified() ? plan.modified() : Optional.empty(), options.overwrite());
    progress.end();
    return new TransferResult(
        path,
        moved.get(),
        elapsed(),
        segments.last().flatMap(TransferResult::reply),
        segments.last().flatMap(TransferResult::protection),
        TransferResult.Outcome.TRANSFERRED,
        part.presentAtOpen(),
        checked.digest(),
        checked.how(),
        attempts.count());
  }

  /** What was compared, and the digest that was computed for it. */
  private record Checked(Verified how, Optional<Digest> digest) {}

  /** Verifies that the bytes, which are all present, belong to the same version of the file. */
  private Checked check(SegmentPlan plan, String absolute, PartialFile part) throws IOException, InterruptedException {
    Verified facts = ask(attempts, ftp -> compareFacts(ftp, absolute, plan));
    Verified how = options.verify() == Verify.NONE ? Verified.NOTHING : facts;
    Optional<Digest> theirs = plan.hashes() ? ask(attempts, ftp -> hash(ftp, absolute)) : Optional.empty();
    Optional<Digest> ours = Optional.empty();
    if (theirs.isPresent()) {
      ours = Optional.of(digest(part, theirs.get().algorithm()));
      if (!ours.equals(theirs)) {
        throw failure("the server's file is " + theirs.get() + ", what was downloaded is " + ours.get(), ErrorKind.CORRUPT);
      }
      how = Verified.HASH;
    }
    String wanted = options.digest().orElse("");
    if (!wanted.isEmpty() && !ours.map(Digest::algorithm).orElse("").equals(wanted)) {
      ours = Optional.of(digest(part, wanted));
    }
    return new Checked(how, ours);
  }

  private Verified compareFacts(FtpSession ftp, String absolute, SegmentPlan plan) throws FtpException {
    OptionalLong size = SegmentPlan.size(ftp, absolute);
    Optional<Instant> modified = plan.modified().isPresent() ? SegmentPlan.modified(ftp, absolute) : Optional.empty();
    boolean sameSize = size.isEmpty() || size.getAsLong() == plan.size();
    boolean sameTime =
        modified.isEmpty()
            ? !plan.isAsked()
            : !plan.isExact()
                || Duration.between(plan.modified().orElseThrow(), modified.get()).abs().compareTo(SAME_TIME) < 0;
    if (!sameSize || !sameTime) {
      throw failure("the file changed while it was downloaded in segments; download it again", ErrorKind.CHANGED);
    }
    return size.isPresent() ? Verified.SIZE : Verified.NOTHING;
  }

  /** Empty where the server does not compute it though it offers to, and need not. */
  private Optional<Digest> hash(FtpSession ftp, String absolute) throws FtpException {
    try {
      return Optional.of(ftp.hash(absolute));
    } catch (FtpReplyException | FtpTransferException e) {
      if (options.verify() == Verify.HASH || e.kind() == ErrorKind.NOT_FOUND) {
        throw e;
      }
      LOG.debug("{}", e.getMessage());
      return Optional.empty();
    }
  }

  private static Digest digest(PartialFile part, String algorithm) throws IOException {
    try (InputStream in = part.content()) {
      return Digest.of(algorithm, in);
    }
  }

  private FtpTransferException failure(String what, ErrorKind kind) {
    return new FtpTransferException("RETR " + path + ": " + what, null, moved.get(), kind, true, List.of(), null);
  }
}
