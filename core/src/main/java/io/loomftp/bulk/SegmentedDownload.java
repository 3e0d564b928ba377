package io.loomftp.bulk;

import io.loomftp.Digest;
import io.loomftp.FtpException;
import io.loomftp.FtpInputStream;
import io.loomftp.FtpLocalException;
import io.loomftp.FtpReplyException;
import io.loomftp.FtpSession;
import io.loomftp.FtpTransferException;
import io.loomftp.Kind;
import io.loomftp.Overwrite;
import io.loomftp.ProgressMeter;
import io.loomftp.RateLimit;
import io.loomftp.Retry;
import io.loomftp.TransferOptions;
import io.loomftp.TransferResult;
import io.loomftp.TransferType;
import io.loomftp.Verify;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches one file in several ranges at the same time. The calling thread fetches ranges itself, with the session it has or
 * gets; the other threads help as far as the pool has sessions for them, so that nobody waits for sessions held by himself.
 */
final class SegmentedDownload {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentedDownload.class);
  /** Less is not worth the round trips of another session. */
  static final long LEAST_SEGMENT = 1 << 20;

  private static final long SAVE_EVERY = Duration.ofMillis(250).toNanos();

  private final FtpPool pool;
  private final String path;
  private final Path target;
  private final TransferOptions options;
  private final long begin = System.nanoTime();

  private final ReentrantLock guardingAll = new ReentrantLock();
  private final Condition changed = guardingAll.newCondition();
  private final Deque<Range> open = new ArrayDeque<>();
  private final Set<FtpSession> running = new HashSet<>();
  private final AtomicLong moved = new AtomicLong();
  private int helpers;
  private int underway;
  private int attempts = 1;
  private long saved;
  private volatile @Nullable Throwable failure;
  private volatile @Nullable TransferResult last;
  private @Nullable ProgressMeter meter;

  SegmentedDownload(FtpPool pool, String path, Path target, TransferOptions options) {
    this.pool = pool;
    this.path = path;
    this.target = target;
    this.options = options;
  }

  /** What the server says of the file, and how many ranges it makes. */
  private record Plan(long size, Optional<Instant> modified, int segments) {}

  TransferResult run() throws FtpException {
    Plan plan;
    try (Lease lease = pool.lease()) {
      Optional<Plan> possible = plan(lease.session());
      if (possible.isEmpty()) {
        return lease.session().get(path, target, options);
      }
      plan = possible.get();
      if (isToBeSkipped(plan)) {
        return TransferResult.skipped(path, Duration.ofNanos(System.nanoTime() - begin));
      }
      if (!restartsForCertain(lease.session(), plan.size)) {
        LOG.debug("{} does not restart: {} is fetched in one stream", pool.config(), path);
        plan = new Plan(plan.size, plan.modified, 1);
      }
    } catch (IOException e) {
      throw e instanceof FtpException ftp ? ftp : local(e);
    }
    if (plan.segments == 1) {
      try (Lease lease = pool.lease()) {
        return lease.session().get(path, target, options);
      }
    }
    try {
      return fetch(plan);
    } catch (FtpException e) {
      throw e;
    } catch (IOException e) {
      throw local(e);
    }
  }

  /** Empty where one stream is the right thing. */
  private Optional<Plan> plan(FtpSession ftp) throws FtpException {
    boolean comparesDigests = options.verify() == Verify.HASH || options.verify() == Verify.HASH_IF_OFFERED;
    if (ftp.config().transferType() != TransferType.BINARY || comparesDigests) {
      return Optional.empty();
    }
    OptionalLong size = options.expectedSize().isPresent() ? options.expectedSize() : size(ftp);
    if (size.isEmpty()) {
      return Optional.empty();
    }
    int segments = (int) Math.min(Math.min(options.segments(), pool.size()), size.getAsLong() / LEAST_SEGMENT);
    if (segments < 2) {
      return Optional.empty();
    }
    Optional<Instant> modified = options.expectedModified().isPresent() ? options.expectedModified() : modified(ftp);
    return Optional.of(new Plan(size.getAsLong(), modified, segments));
  }

  private OptionalLong size(FtpSession ftp) throws FtpException {
    try {
      return OptionalLong.of(ftp.size(path));
    } catch (FtpReplyException e) {
      LOG.debug("size unknown: {}", e.getMessage());
      return OptionalLong.empty();
    }
  }

  private Optional<Instant> modified(FtpSession ftp) throws FtpException {
    try {
      return Optional.of(ftp.mdtm(path));
    } catch (FtpReplyException e) {
      LOG.debug("time unknown: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private boolean isToBeSkipped(Plan plan) throws IOException {
    if (!Files.exists(target) || options.overwrite() == Overwrite.REPLACE) {
      return false;
    }
    long size = Files.size(target);
    Instant time = Files.getLastModifiedTime(target).toInstant();
    Optional<Duration> ahead = plan.modified.map(remote -> Duration.between(time, remote));
    Duration second = Duration.ofSeconds(1);
    return switch (options.overwrite()) {
      case REPLACE -> false;
      case SKIP -> true;
      case FAIL -> throw new FtpLocalException(
          "RETR " + path + " to " + target + ": it exists", Kind.EXISTS, true, List.of(), null);
      case IF_NEWER -> ahead.isPresent() && ahead.get().compareTo(second) < 0;
      case IF_DIFFERENT -> size == plan.size
          && ahead.map(a -> a.compareTo(second) < 0).orElse(true)
          && !(options.keepsModified() && ahead.map(a -> a.compareTo(second.multipliedBy(-2)) <= 0).orElse(false));
    };
  }

  /** Some servers refuse REST, some say yes to it and send the whole file: the last byte alone shows it. */
  private boolean restartsForCertain(FtpSession ftp, long size) throws FtpException {
    try (FtpInputStream in = ftp.getFrom(path, size - 1)) {
      byte[] block = new byte[2];
      int n = 0;
      for (int more = 0; more >= 0 && n < block.length; n += Math.max(0, more)) {
        more = in.read(block, n, block.length - n);
      }
      return n == 1;
    } catch (FtpReplyException e) {
      LOG.debug("no REST: {}", e.getMessage());
      return false;
    }
  }

  private TransferResult fetch(Plan plan) throws IOException {
    String source = pool.config() + " " + path;
    PartMap map = PartMap.open(target, source, plan.size, plan.modified, plan.segments, options.resumes());
    boolean complete = false;
    try {
      meter = new ProgressMeter(options.progress(), options.progressEvery(), map.there(), OptionalLong.of(plan.size));
      map.ranges().stream().filter(range -> range.missing() > 0).forEach(open::add);
      work(map);
      complete = true;
      Optional<Digest> digest = settle(plan, map);
      return result(plan, map, digest);
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

  // --- fetching ---

  private void work(PartMap map) throws IOException {
    int wanted = open.size() - 1;
    for (int i = 0; i < wanted; i++) {
      helpers++;
      Thread.ofVirtual().name("ftp-segment-" + (i + 2)).start(() -> help(map));
    }
    boolean interrupted = false;
    try {
      fetchAll(map, true);
      interrupted = awaitOthers(map);
    } finally {
      stop(null);
      interrupted |= awaitHelpers();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
      throw new FtpTransferException(
          "RETR " + path + ": interrupted", null, moved.get(), Kind.ABORTED, true, List.of(), null);
    }
    rethrow();
  }

  private void help(PartMap map) {
    try {
      fetchAll(map, false);
    } catch (IOException | RuntimeException | Error e) {
      stop(e);
    } finally {
      guardingAll.lock();
      try {
        helpers--;
        changed.signalAll();
      } finally {
        guardingAll.unlock();
      }
    }
  }

  /** Range after range, until there are no more that nobody fetches. A helper that gets no session gives up without a word. */
  private void fetchAll(PartMap map, boolean isCaller) throws IOException {
    for (Range range = next(); range != null; range = next()) {
      try {
        fetchWithLease(map, range, isCaller);
      } catch (NoSessionException e) {
        LOG.debug("{}: {}", path, e.getMessage());
        return;
      } catch (FtpException e) {
        LOG.debug("range at {} of {}: {}", range.at(), path, e.getMessage());
        if (range.missing() > 0 && !mayTryAgain(e)) {
          stop(e);
        }
      } catch (IOException | RuntimeException | Error e) {
        stop(e);
      } finally {
        done(range);
      }
    }
  }

  private @Nullable Range next() {
    guardingAll.lock();
    try {
      if (failure != null) {
        return null;
      }
      Range range = open.poll();
      if (range != null) {
        underway++;
      }
      return range;
    } finally {
      guardingAll.unlock();
    }
  }

  private void done(Range range) {
    guardingAll.lock();
    try {
      underway--;
      if (range.missing() > 0) {
        open.addFirst(range);
      }
      changed.signalAll();
    } finally {
      guardingAll.unlock();
    }
  }

  private void fetchWithLease(PartMap map, Range range, boolean isCaller) throws IOException {
    boolean isAlone = isCaller && othersUnderway() == 0;
    Optional<Lease> possible = isAlone ? Optional.of(pool.lease()) : pool.lease(pool.patience());
    if (possible.isEmpty()) {
      throw new NoSessionException();
    }
    try (Lease lease = possible.get()) {
      FtpSession ftp = lease.session();
      if (begins(ftp)) {
        try {
          fetch(ftp, map, range);
        } finally {
          ended(ftp);
        }
      }
    }
  }

  private int othersUnderway() {
    guardingAll.lock();
    try {
      return underway - 1;
    } finally {
      guardingAll.unlock();
    }
  }

  /** There was no session in time: the others go on. */
  private static final class NoSessionException extends IOException {
    private static final long serialVersionUID = 1L;

    NoSessionException() {
      super("no session for another segment");
    }
  }

  private boolean begins(FtpSession ftp) {
    guardingAll.lock();
    try {
      return failure == null && running.add(ftp);
    } finally {
      guardingAll.unlock();
    }
  }

  private void ended(FtpSession ftp) {
    guardingAll.lock();
    try {
      running.remove(ftp);
    } finally {
      guardingAll.unlock();
    }
  }

  private void fetch(FtpSession ftp, PartMap map, Range range) throws IOException {
    // No channel, which an interrupt would close: the disk would be blamed for it.
    try (RandomAccessFile file = new RandomAccessFile(map.part().toFile(), "rw")) {
      file.seek(range.at());
      FtpInputStream in = ftp.getFrom(path, range.at());
      try {
        copy(in, file, map, range);
        if (in.result().isPresent()) {
          last = in.result().get();
        }
      } finally {
        close(in, range);
      }
    }
  }

  private void copy(FtpInputStream in, RandomAccessFile file, PartMap map, Range range) throws IOException {
    int portion = options.rateLimit().map(RateLimit::portion).orElse(Integer.MAX_VALUE);
    byte[] block = new byte[Math.min(portion, pool.config().blockSize())];
    boolean isLast = range.to() == map.ranges().getLast().to();
    while (range.missing() > 0) {
      int n = in.read(block, 0, (int) Math.min(block.length, range.missing()));
      if (n < 0) {
        throw wrongLength(in, "the server's file ended at byte " + range.at());
      }
      file.write(block, 0, n);
      range.advance(n);
      moved.addAndGet(n);
      tell(n);
      limit(n);
      saveNowAndThen(map);
      if (failure != null) {
        return;
      }
    }
    // The end of the file: its transfer is not called off but comes to its good end.
    if (isLast && in.read(block, 0, 1) >= 0) {
      throw wrongLength(in, "the server's file has become longer");
    }
  }

  private FtpTransferException wrongLength(FtpInputStream in, String what) {
    return new FtpTransferException(
        "RETR " + path + ": " + what, in.result().flatMap(TransferResult::reply).orElse(null), moved.get(), Kind.TRUNCATED, true,
        List.of(), null);
  }

  /** All of the range is there: how its transfer is called off then is the session's trouble alone. */
  private void close(FtpInputStream in, Range range) throws FtpException {
    try {
      in.close();
    } catch (FtpException e) {
      if (range.missing() > 0) {
        throw e;
      }
      LOG.debug("after a range of {}: {}", path, e.getMessage());
    }
  }

  private void tell(int bytes) {
    guardingAll.lock();
    try {
      if (meter != null) {
        meter.moved(bytes);
      }
    } finally {
      guardingAll.unlock();
    }
  }

  private void limit(int bytes) {
    options.rateLimit().map(limit -> limit.take(bytes)).filter(nanos -> nanos > 0).ifPresent(this::pauseFor);
  }

  private void saveNowAndThen(PartMap map) throws IOException {
    if (!options.resumes()) {
      return;
    }
    guardingAll.lock();
    try {
      long now = System.nanoTime();
      if (now - saved < SAVE_EVERY) {
        return;
      }
      saved = now;
    } finally {
      guardingAll.unlock();
    }
    map.save();
  }

  // --- failing ---

  /** Whether a range that failed is tried again; waits before that. */
  private boolean mayTryAgain(FtpException e) {
    Retry retry = options.retry();
    long pause;
    guardingAll.lock();
    try {
      boolean mayPass =
          switch (e.kind()) {
            case BUSY, CONNECT, TIMEOUT, CLOSED, TRUNCATED, IN_DOUBT -> true;
            default -> false;
          };
      if (!mayPass || failure != null || attempts >= retry.attempts()
          || System.nanoTime() - begin > retry.total().toNanos()) {
        return false;
      }
      long doubled = retry.firstPause().toNanos() << Math.min(attempts - 1, 20);
      pause = Math.min(retry.longestPause().toNanos(), Math.max(doubled, retry.firstPause().toNanos()));
      attempts++;
    } finally {
      guardingAll.unlock();
    }
    pauseFor(pause - ThreadLocalRandom.current().nextLong(pause / 2 + 1));
    return true;
  }

  private void pauseFor(long nanos) {
    guardingAll.lock();
    try {
      long left = nanos;
      while (left > 0 && failure == null) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      guardingAll.unlock();
    }
  }

  /** Ends it for all, for the first reason given; those who are at it are called off. */
  private void stop(@Nullable Throwable reason) {
    List<FtpSession> toAbort;
    guardingAll.lock();
    try {
      if (reason != null && failure == null) {
        failure = reason;
      }
      toAbort = failure == null ? List.of() : new ArrayList<>(running);
      changed.signalAll();
    } finally {
      guardingAll.unlock();
    }
    toAbort.forEach(FtpSession::abort);
  }

  /** Waits for the others, taking over what they give back; true when interrupted. */
  private boolean awaitOthers(PartMap map) throws IOException {
    while (true) {
      guardingAll.lock();
      try {
        while (open.isEmpty() && underway > 0 && failure == null) {
          changed.await();
        }
        if (failure != null || open.isEmpty()) {
          return false;
        }
      } catch (InterruptedException e) {
        failure = e;
        return true;
      } finally {
        guardingAll.unlock();
      }
      fetchAll(map, true);
    }
  }

  private boolean awaitHelpers() {
    boolean interrupted = false;
    guardingAll.lock();
    try {
      while (helpers > 0) {
        try {
          changed.await();
        } catch (InterruptedException e) {
          interrupted = true;
          running.forEach(FtpSession::abort);
        }
      }
    } finally {
      guardingAll.unlock();
    }
    return interrupted;
  }

  private void rethrow() throws IOException {
    switch (failure) {
      case null -> {}
      case IOException io -> throw io;
      case RuntimeException runtime -> throw runtime;
      case Error error -> throw error;
      default -> throw new IOException(failure);
    }
  }

  // --- the end ---

  /** All bytes are there: are they of the same file? */
  private Optional<Digest> settle(Plan plan, PartMap map) throws IOException {
    if (options.verify() != Verify.NONE) {
      try (Lease lease = pool.lease()) {
        OptionalLong size = size(lease.session());
        Optional<Instant> modified = plan.modified.isPresent() ? modified(lease.session()) : Optional.empty();
        boolean sameSize = size.isEmpty() || size.getAsLong() == plan.size;
        if (!sameSize || (modified.isPresent() && !isSame(modified.get(), plan.modified))) {
          throw new FtpTransferException(
              String.format(Locale.ROOT, "RETR %s: the file was changed while it was fetched in parts", path), null,
              moved.get(), Kind.TRUNCATED, true, lease.session().transcript(), null);
        }
      }
    }
    Optional<Digest> digest = Optional.empty();
    if (options.digest().isPresent()) {
      digest = Optional.of(FileDigest.of(map.part(), options.digest().get()));
    }
    if (options.keepsModified() && plan.modified.isPresent()) {
      Files.setLastModifiedTime(map.part(), FileTime.from(plan.modified.get()));
    }
    if (options.overwrite() == Overwrite.FAIL && Files.exists(target)) {
      throw new FtpLocalException(
          "RETR " + path + " to " + target + ": it exists by now", Kind.EXISTS, true, List.of(), null);
    }
    map.commit(target);
    if (meter != null) {
      meter.end();
    }
    return digest;
  }

  /** A listing may have told the time less exactly than MDTM does. */
  private static boolean isSame(Instant now, Optional<Instant> before) {
    return before.isEmpty() || Duration.between(before.get(), now).abs().compareTo(Duration.ofSeconds(1)) < 0;
  }

  private TransferResult result(Plan plan, PartMap map, Optional<Digest> digest) {
    TransferResult end = last;
    return new TransferResult(
        path,
        moved.get(),
        Duration.ofNanos(System.nanoTime() - begin),
        end == null ? Optional.empty() : end.reply(),
        end == null ? Optional.empty() : end.protection(),
        TransferResult.Outcome.TRANSFERRED,
        map.there(),
        digest,
        options.verify() == Verify.NONE ? TransferResult.Verified.NOTHING : TransferResult.Verified.SIZE,
        attempts);
  }

  private FtpLocalException local(IOException cause) {
    Kind kind =
        switch (cause) {
          case NoSuchFileException e -> Kind.NOT_FOUND;
          case AccessDeniedException e -> Kind.DENIED;
          default -> String.valueOf(cause.getMessage()).contains("No space left") ? Kind.QUOTA : Kind.OTHER;
        };
    return new FtpLocalException("RETR " + path + " to " + target + ": " + cause, kind, true, List.of(), cause);
  }
}
