package io.loomftp.watch;

import io.loomftp.EntryFilter;
import io.loomftp.ErrorKind;
import io.loomftp.FtpClosedException;
import io.loomftp.FtpException;
import io.loomftp.FtpLocalException;
import io.loomftp.FtpLoginException;
import io.loomftp.internal.observe.Observer;
import io.loomftp.internal.retry.Backoff;
import io.loomftp.internal.retry.Cancellation;
import io.loomftp.internal.retry.LongestWait;
import io.loomftp.pool.FtpPool;
import io.loomftp.pool.Lease;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls a folder and reports files that are new, changed or gone.
 *
 * {@snippet :
 * try (Watch watch = Watch.on(pool, "/incoming").every(Duration.ofSeconds(20)).rules(EntryFilter.all().include("*.csv")).build()) {
 *   watch.run(change -> System.out.println(change.what() + " " + change.file().path()));   // until close() is called
 * }
 * }
 *
 * <p>FTP has no notifications, so the folder is listed again and again (MLSD, or LIST where there is none), each time with a
 * session that is leased for that poll. A file may still be growing when it is seen, so it is reported only when its size and
 * time have been the same in a number of polls, two by default; each state of a file is reported once. The files of the first
 * poll count as known, unless {@link Builder#existing()} is set. A file that is written again with the same size within the
 * precision of the listed time, a minute on some servers, is not noticed.
 *
 * <p>A poll that fails changes nothing of what is known. {@link #run} and {@link #next} poll again with exponential backoff and
 * fail after a number of failures in a row. A listing that is empty although the folder had files counts as a failure unless
 * the folder can be entered and does not have them. A file whose line is not understood is gone only when the server says so.
 *
 * <p>Used by one thread at a time; {@link #close()} may be called by any. After {@code close()}, {@link #run} returns,
 * {@link #next} returns empty and {@link #poll} throws an {@link FtpClosedException}, also where they were waiting for the next
 * poll, for a session of the pool or for a listing.
 */
public final class Watch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
  private static final int MOST_DOUBLINGS = 5;

  private final FtpPool pool;
  private final Builder set;
  private final Backoff backoff;
  private final WatchedFiles files;
  private final Cancellation closing = new Cancellation();
  private int failures;

  private Watch(Builder set) {
    this.pool = set.pool;
    this.set = set;
    this.backoff = new Backoff(set.every, set.every.multipliedBy(1L << MOST_DOUBLINGS));
    this.files = new WatchedFiles(set.still);
  }

  /** Starts the watch of a folder, whose sessions come from a pool. */
  public static Builder on(FtpPool pool, String path) {
    return new Builder(pool, path);
  }

  /**
   * Polls once, now.
   *
   * @return the changes that are due, in the order of the listings, files that are gone last; often empty
   * @throws FtpClosedException of the kind {@link ErrorKind#ABORTED} when the watch is closed
   * @throws FtpException when the poll failed; what is known is unchanged
   */
  public List<Change> poll() throws FtpException {
    update();
    List<Change> all = new ArrayList<>();
    for (Change change = files.next(); change != null; change = files.next()) {
      files.reported();
      all.add(change);
    }
    return all;
  }

  /**
   * Waits for the next change.
   *
   * @return empty when the watch is closed
   * @throws FtpException the last failure, when too many polls in a row have failed; a refused login or a TLS failure at once
   * @throws InterruptedException when the thread was interrupted
   */
  public Optional<Change> next() throws FtpException, InterruptedException {
    Change change = await();
    if (change != null) {
      files.reported();
    }
    return Optional.ofNullable(change);
  }

  /**
   * Passes every change to the consumer, on this thread, until the watch is closed. An exception of the consumer ends the run;
   * the change counts as not reported, and the next {@code run} begins with it.
   *
   * @throws FtpException as {@link #next()} does
   * @throws InterruptedException when the thread was interrupted
   */
  public void run(Consumer<? super Change> consumer) throws FtpException, InterruptedException {
    for (Change change = await(); change != null; change = await()) {
      consumer.accept(change);
      files.reported();
    }
  }

  /** The next change that is due; null when the watch is closed. */
  private @Nullable Change await() throws FtpException, InterruptedException {
    while (!closing.isCancelled()) {
      Change change = files.next();
      if (change != null) {
        return change;
      }
      pollOrBackOff();
    }
    return null;
  }

  private void pollOrBackOff() throws FtpException, InterruptedException {
    try {
      update();
      failures = 0;
      if (!files.hasDue()) {
        closing.await(set.every);
      }
    } catch (FtpException e) {
      if (closing.isCancelled()) {
        return;
      }
      if (Thread.interrupted()) {
        throw (InterruptedException) new InterruptedException("interrupted while watching " + set.path).initCause(e);
      }
      if (e instanceof FtpLoginException || e.kind() == ErrorKind.TLS || ++failures > set.failures) {
        throw e;
      }
      LOG.debug("failure {} of watching {}: {}", failures, set.path, e.getMessage());
      Duration pause = backoff.pause(failures);
      Observer.of(pool.config()).retried("watch", failures + 1, pause, e.kind());
      closing.await(pause);
    }
  }

  @SuppressWarnings("try") // closed, and not used otherwise
  private void update() throws FtpException {
    try (Lease lease = new LeaseWait(pool, closing).lease(set.path);
        Cancellation.Registration aborting = closing.onCancel(lease::abort)) {
      FolderScan scan = new FolderScan(lease.session(), set.path, set.depth, set.rules, closing, files);
      files.update(scan.run(), scan.unlisted(), set.existing);
    } catch (UncheckedIOException e) {
      throw asFtpException(Objects.requireNonNull(e.getCause()));
    } catch (FtpException e) {
      throw closing.isCancelled() ? FolderScan.closed(set.path) : e;
    }
  }

  private FtpException asFtpException(IOException e) {
    if (closing.isCancelled()) {
      return FolderScan.closed(set.path);
    }
    return e instanceof FtpException ftp
        ? ftp
        : new FtpLocalException("watching " + set.path + ": " + e, ErrorKind.OTHER, true, List.of(), e);
  }

  /** Ends the watch; a running listing is aborted. A second call does nothing. */
  @Override
  public void close() {
    closing.cancel();
  }

  /** The folder and the server. */
  @Override
  public String toString() {
    String state = closing.isCancelled() ? ", closed]" : "]";
    return "Watch[" + set.path + " of " + pool.config() + " every " + set.every + state;
  }

  /** Collects the settings; not safe for use by several threads. */
  public static final class Builder {
    private static final int DEFAULT_STILL = 2;
    private static final int DEFAULT_FAILURES = 10;

    private final FtpPool pool;
    private final String path;
    private Duration every = Duration.ofSeconds(30);
    private int still = DEFAULT_STILL;
    private int depth = 1;
    private int failures = DEFAULT_FAILURES;
    private EntryFilter rules = EntryFilter.all();
    private boolean existing;

    private Builder(FtpPool pool, String path) {
      this.pool = Objects.requireNonNull(pool);
      this.path = Objects.requireNonNull(path);
    }

    private Builder(Builder other) {
      pool = other.pool;
      path = other.path;
      every = other.every;
      still = other.still;
      depth = other.depth;
      failures = other.failures;
      rules = other.rules;
      existing = other.existing;
    }

    /** The pause between two polls; 30 s by default. */
    public Builder every(Duration interval) {
      if (interval.isNegative() || interval.isZero()) {
        throw new IllegalArgumentException("the interval must be positive: " + interval);
      }
      every = LongestWait.cut(interval);
      return this;
    }

    /** In how many polls running a file must look the same before it is reported, or be missing before it is gone; 2. */
    public Builder still(int polls) {
      still = positive(polls, "polls");
      return this;
    }

    /** How many levels of folders are watched; 1 by default, the folder alone. */
    public Builder depth(int levels) {
      depth = positive(levels, "levels");
      return this;
    }

    /** Which files are watched and which folders are entered; all by default. Folders themselves are not reported. */
    public Builder rules(EntryFilter rules) {
      this.rules = Objects.requireNonNull(rules);
      return this;
    }

    /** Reports the files of the first poll too, as new. */
    public Builder existing() {
      existing = true;
      return this;
    }

    /** How many polls in a row may fail; 10 by default. The next failure is thrown. */
    public Builder failures(int polls) {
      if (polls < 0) {
        throw new IllegalArgumentException("not a number of failures: " + polls);
      }
      failures = polls;
      return this;
    }

    private static int positive(int number, String what) {
      if (number < 1) {
        throw new IllegalArgumentException("not a number of " + what + ": " + number);
      }
      return number;
    }

    /** Builds the watch; nothing is polled yet. */
    public Watch build() {
      return new Watch(new Builder(this));
    }
  }
}
