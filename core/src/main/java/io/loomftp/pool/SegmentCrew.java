package io.loomftp.pool;

import io.loomftp.ErrorKind;
import io.loomftp.FtpException;
import io.loomftp.FtpInputStream;
import io.loomftp.FtpSession;
import io.loomftp.FtpTransferException;
import io.loomftp.ProgressReporter;
import io.loomftp.RateLimit;
import io.loomftp.TransferOptions;
import io.loomftp.TransferResult;
import io.loomftp.internal.file.ByteRange;
import io.loomftp.internal.file.FileRetry;
import io.loomftp.internal.retry.RetryPolicy;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that fetch the ranges of one file. The calling thread fetches ranges itself, with the session it has or gets;
 * the others help as far as the pool has sessions for them, so that nobody waits for sessions held by himself.
 */
final class SegmentCrew {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentCrew.class);
  private static final long SAVE_EVERY = Duration.ofMillis(250).toNanos();

  private final FtpPool pool;
  private final String path;
  private final TransferOptions options;
  private final PartMap map;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<ByteRange> open = new ArrayDeque<>();
  private final Set<FtpSession> running = new HashSet<>();
  private final Set<Thread> waitingForSession = new HashSet<>();
  private final AtomicLong moved = new AtomicLong();
  /** Guarded by the lock. */
  private final RetryPolicy.Attempts attempts;
  /** Guarded by the lock. */
  private final ProgressReporter meter;
  private int helpers;
  private int underway;
  private boolean finished;
  private long saved;
  private volatile @Nullable Throwable failure;
  private volatile @Nullable TransferResult last;

  SegmentCrew(FtpPool pool, String path, TransferOptions options, PartMap map, ProgressReporter meter) {
    this.pool = pool;
    this.path = path;
    this.options = options;
    this.map = map;
    this.meter = meter;
    this.attempts = FileRetry.policy(options.retry()).begin();
  }

  /** Bytes that were fetched. */
  long moved() {
    return moved.get();
  }

  /** The transfer that came to the end of the file; null when that was there before. */
  @Nullable TransferResult last() {
    return last;
  }

  /** How many times a range was begun again, and one. */
  int attempts() {
    lock.lock();
    try {
      return attempts.count();
    } finally {
      lock.unlock();
    }
  }

  /** Until all ranges are there. */
  void work() throws IOException {
    map.ranges().stream().filter(range -> range.missing() > 0).forEach(open::add);
    int wanted = Math.max(0, open.size() - 1);
    helpers = wanted;
    for (int i = 0; i < wanted; i++) {
      Thread.ofVirtual().name("ftp-segment-" + (i + 2)).start(this::help);
    }
    boolean interrupted = false;
    try {
      interrupted = fetchAndAwait();
    } finally {
      interrupted |= dismissHelpers();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
      throw new FtpTransferException(
          "RETR " + path + ": interrupted", null, moved.get(), ErrorKind.ABORTED, true, List.of(), null);
    }
    rethrow();
  }

  private void help() {
    try {
      fetchRanges(false);
    } catch (FtpException e) {
      LOG.debug("no session for another segment of {}: {}", path, e.getMessage());
    } catch (RuntimeException | Error e) {
      stop(e);
    } finally {
      lock.lock();
      try {
        helpers--;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** What the calling thread does: fetch as long as there is something to fetch, and take over what others give back. */
  private boolean fetchAndAwait() {
    while (true) {
      try {
        fetchRanges(true);
      } catch (FtpException | RuntimeException | Error e) {
        stop(e);
      }
      lock.lock();
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
        lock.unlock();
      }
    }
  }

  /** First a session, then a range for it, until there are no more ranges, or there is no session in time. */
  private void fetchRanges(boolean isCaller) throws FtpException {
    while (hasMore()) {
      Optional<Lease> possible = leaseFor(isCaller);
      if (possible.isEmpty()) {
        return;
      }
      try (Lease lease = possible.get()) {
        ByteRange range = next(lease.session());
        if (range == null) {
          return;
        }
        fetchOrStop(lease.session(), range);
      }
    }
  }

  private boolean hasMore() {
    lock.lock();
    try {
      return failure == null && !finished && !open.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** The caller must have a session if nobody else has one. Helpers may be called off while they wait. */
  private Optional<Lease> leaseFor(boolean isCaller) throws FtpException {
    Thread me = Thread.currentThread();
    boolean mustHaveOne;
    lock.lock();
    try {
      mustHaveOne = isCaller && underway == 0;
      if (!isCaller) {
        if (finished || failure != null) {
          return Optional.empty();
        }
        waitingForSession.add(me);
      }
    } finally {
      lock.unlock();
    }
    try {
      return mustHaveOne ? Optional.of(pool.lease()) : pool.lease(pool.patience());
    } finally {
      lock.lock();
      try {
        waitingForSession.remove(me);
      } finally {
        lock.unlock();
      }
    }
  }

  private @Nullable ByteRange next(FtpSession ftp) {
    lock.lock();
    try {
      ByteRange range = failure == null ? open.poll() : null;
      if (range != null) {
        underway++;
        running.add(ftp);
      }
      return range;
    } finally {
      lock.unlock();
    }
  }

  private void fetchOrStop(FtpSession ftp, ByteRange range) {
    try {
      fetch(ftp, range);
    } catch (FtpException e) {
      LOG.debug("range at {} of {}: {}", range.at(), path, e.getMessage());
      if (range.missing() > 0 && !mayTryAgain(e)) {
        stop(e);
      }
    } catch (IOException | RuntimeException | Error e) {
      stop(e);
    } finally {
      done(ftp, range);
    }
  }

  private void done(FtpSession ftp, ByteRange range) {
    lock.lock();
    try {
      underway--;
      running.remove(ftp);
      if (range.missing() > 0) {
        open.addFirst(range);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void fetch(FtpSession ftp, ByteRange range) throws IOException {
    // No channel, which an interrupt would close: the disk would be blamed for it.
    try (RandomAccessFile file = new RandomAccessFile(map.part().toFile(), "rw")) {
      file.seek(range.at());
      FtpInputStream in = ftp.getFrom(path, range.at());
      try {
        copy(in, file, range);
        if (in.result().isPresent()) {
          last = in.result().get();
        }
      } finally {
        close(in, range);
      }
    }
  }

  private void copy(FtpInputStream in, RandomAccessFile file, ByteRange range) throws IOException {
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
      saveNowAndThen();
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
        "RETR " + path + ": " + what, in.result().flatMap(TransferResult::reply).orElse(null), moved.get(),
        ErrorKind.TRUNCATED, true, List.of(), null);
  }

  /** All of the range is there: how its transfer is called off then is the session's trouble alone. */
  private void close(FtpInputStream in, ByteRange range) throws FtpException {
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
    meter.moved(bytes);
  }

  private void limit(int bytes) {
    options.rateLimit().map(limit -> limit.take(bytes)).filter(nanos -> nanos > 0).ifPresent(this::pauseFor);
  }

  private void saveNowAndThen() throws IOException {
    if (!options.resumes()) {
      return;
    }
    lock.lock();
    try {
      long now = System.nanoTime();
      if (now - saved < SAVE_EVERY) {
        return;
      }
      saved = now;
    } finally {
      lock.unlock();
    }
    map.save();
  }

  // --- failing ---

  /** Whether a range that failed is tried again; waits before that. */
  private boolean mayTryAgain(FtpException e) {
    Optional<Duration> pause;
    lock.lock();
    try {
      pause = failure == null && FileRetry.mayPass(e) ? attempts.next() : Optional.empty();
    } finally {
      lock.unlock();
    }
    pause.ifPresent(time -> pauseFor(time.toNanos()));
    return pause.isPresent();
  }

  private void pauseFor(long nanos) {
    lock.lock();
    try {
      long left = nanos;
      while (left > 0 && failure == null) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** Ends it for all, for the first reason given; those who are at it are called off. */
  private void stop(Throwable reason) {
    List<FtpSession> toAbort;
    lock.lock();
    try {
      if (failure == null) {
        failure = reason;
      }
      toAbort = List.copyOf(running);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    toAbort.forEach(FtpSession::abort);
  }

  /** Nothing is left to be done: sees that all helpers end. True when interrupted. */
  private boolean dismissHelpers() {
    boolean interrupted = false;
    lock.lock();
    try {
      finished = true;
      while (helpers > 0) {
        waitingForSession.forEach(Thread::interrupt);
        if (failure != null) {
          running.forEach(FtpSession::abort);
        }
        try {
          changed.await();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      lock.unlock();
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
}
