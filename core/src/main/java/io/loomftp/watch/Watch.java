package io.loomftp.watch;

import io.loomftp.EntryFilter;
import io.loomftp.ErrorKind;
import io.loomftp.FtpException;
import io.loomftp.FtpLocalException;
import io.loomftp.FtpLoginException;
import io.loomftp.FtpSession;
import io.loomftp.WalkEntry;
import io.loomftp.pool.FtpPool;
import io.loomftp.pool.Lease;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks into a folder again and again, and tells of files that are new, changed or gone.
 *
 * {@snippet :
 * try (Watch watch = Watch.on(pool, "/incoming").every(Duration.ofSeconds(20)).rules(Rules.all().include("*.csv")).build()) {
 *   watch.run(change -> System.out.println(change.what() + " " + change.file().path()));   // until somebody closes it
 * }
 * }
 *
 * <p>FTP has no way to be told of changes, so the folder is listed (MLSD, or LIST where there is none), each time with a
 * session leased for that moment. Somebody may still be writing a file that is seen, so it is told of only when its size and
 * its time have been the same for a number of polls, two by default; each state of a file is told once. What is there at the
 * first poll is taken for known, unless it is asked for ({@link Builder#existing()}). A file that is written again with the
 * same size within what the server's listing tells of the time, a minute with some, looks the same.
 *
 * <p>A poll that fails changes nothing of what is known. {@link #run} and {@link #next} poll again after a pause that
 * doubles each time, and give up after a number of failures in a row.
 *
 * <p>Used by one thread; {@link #close()} may be called by any.
 */
public final class Watch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
  private static final int MOST_DOUBLINGS = 5;

  private final FtpPool pool;
  private final Builder set;
  private final Map<String, WatchedFile> files = new HashMap<>();
  private final Deque<Told> ready = new ArrayDeque<>();
  private final ReentrantLock guardingEnd = new ReentrantLock();
  private final Condition ending = guardingEnd.newCondition();
  private boolean begun;
  private int failures;
  private volatile boolean closed;
  private volatile @Nullable FtpSession polling;

  /** A change and whose it is. */
  private record Told(Change change, WatchedFile sighting) {}

  private Watch(Builder set) {
    this.pool = set.pool;
    this.set = set;
  }

  public static Builder on(FtpPool pool, String path) {
    return new Builder(pool, path);
  }

  /**
   * Looks once, now.
   *
   * @return what has held long enough to be told, in the order of the listings, those that are gone last; often empty
   * @throws FtpException when the listing failed; what is known is unchanged
   */
  public List<Change> poll() throws FtpException {
    look();
    List<Change> all = new ArrayList<>();
    for (Told told = ready.poll(); told != null; told = ready.poll()) {
      told.sighting.told();
      all.add(told.change);
    }
    return all;
  }

  /**
   * The next change, waiting for it.
   *
   * @return empty when the watch was closed
   * @throws FtpException when too many polls in a row have failed, the last one so; or at once when the login was refused
   * @throws InterruptedException when the thread was interrupted
   */
  public Optional<Change> next() throws FtpException, InterruptedException {
    while (!closed) {
      Told told = ready.poll();
      if (told != null) {
        told.sighting.told();
        return Optional.of(told.change);
      }
      lookOrWait();
    }
    return Optional.empty();
  }

  /**
   * Gives every change to the consumer, on this thread, until the watch is closed. What the consumer throws ends it, and the
   * change that it threw at counts as not told: the next {@code run} begins with it.
   *
   * @throws FtpException as {@link #next()} does
   * @throws InterruptedException when the thread was interrupted
   */
  public void run(Consumer<? super Change> consumer) throws FtpException, InterruptedException {
    while (!closed) {
      Told told = ready.peek();
      if (told != null) {
        consumer.accept(told.change);
        told.sighting.told();
        ready.remove();
      } else {
        lookOrWait();
      }
    }
  }

  /** Looks, and where there was nothing to tell waits for the next time to look. */
  private void lookOrWait() throws FtpException, InterruptedException {
    try {
      look();
      failures = 0;
      if (ready.isEmpty()) {
        pause(set.every);
      }
    } catch (FtpException e) {
      if (closed) {
        return;
      }
      if (Thread.interrupted()) {
        throw (InterruptedException) new InterruptedException("interrupted while looking into " + set.path).initCause(e);
      }
      if (e instanceof FtpLoginException || e.kind() == ErrorKind.TLS || ++failures > set.failures) {
        throw e;
      }
      Duration pause = set.every.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
      LOG.debug("failure {} of looking into {}: {}", failures, set.path, e.getMessage());
      pause(pause.minus(Duration.ofNanos(ThreadLocalRandom.current().nextLong(1 + pause.toNanos() / 4))));
    }
  }

  private void pause(Duration time) throws InterruptedException {
    guardingEnd.lock();
    try {
      long left = time.toNanos();
      while (!closed && left > 0) {
        left = ending.awaitNanos(left);
      }
    } finally {
      guardingEnd.unlock();
    }
  }

  private void look() throws FtpException {
    if (closed) {
      throw new IllegalStateException("the watch of " + set.path + " is closed");
    }
    Map<String, WalkEntry> seen = list();
    boolean first = !begun;
    begun = true;
    for (Map.Entry<String, WalkEntry> each : seen.entrySet()) {
      if (first && !set.existing) {
        files.put(each.getKey(), WatchedFile.known(each.getValue()));
      } else {
        files.computeIfAbsent(each.getKey(), path -> WatchedFile.fresh()).seen(each.getValue());
      }
    }
    files.forEach(
        (path, sighting) -> {
          if (!seen.containsKey(path)) {
            sighting.seen(null);
          }
        });
    ready.clear();
    for (String path : seen.keySet()) {
      announce(Objects.requireNonNull(files.get(path)));
    }
    files.forEach(
        (path, sighting) -> {
          if (!seen.containsKey(path)) {
            announce(sighting);
          }
        });
    files.values().removeIf(WatchedFile::isForgotten);
  }

  private void announce(WatchedFile sighting) {
    sighting.news(set.still).ifPresent(change -> ready.add(new Told(change, sighting)));
  }

  private Map<String, WalkEntry> list() throws FtpException {
    Map<String, WalkEntry> seen = new LinkedHashMap<>();
    try (Lease lease = pool.lease();
        Stream<WalkEntry> found = lease.session().walk(set.path, set.depth, set.rules.filesOnly())) {
      polling = lease.session();
      found.filter(file -> !file.entry().isDirectory()).forEach(file -> seen.put(file.path(), file));
      return seen;
    } catch (UncheckedIOException e) {
      throw asFtpException(Objects.requireNonNull(e.getCause()));
    } finally {
      polling = null;
    }
  }

  private FtpException asFtpException(IOException e) {
    return e instanceof FtpException ftp
        ? ftp
        : new FtpLocalException("watching " + set.path + ": " + e, ErrorKind.OTHER, true, List.of(), e);
  }

  /** Ends it: {@link #run} returns and {@link #next} gives nothing more; a listing that is running is called off. */
  @Override
  public void close() {
    guardingEnd.lock();
    try {
      closed = true;
      ending.signalAll();
    } finally {
      guardingEnd.unlock();
    }
    FtpSession session = polling;
    if (session != null) {
      session.abort();
    }
  }

  /** What is watched. */
  @Override
  public String toString() {
    return "Watch[" + set.path + " of " + pool.config() + " every " + set.every + (closed ? ", closed]" : "]");
  }

  /** Collects the settings; not safe for use by several threads. */
  public static final class Builder {
    private static final int USUAL_STILL = 2;
    private static final int USUAL_FAILURES = 10;

    private final FtpPool pool;
    private final String path;
    private Duration every = Duration.ofSeconds(30);
    private int still = USUAL_STILL;
    private int depth = 1;
    private int failures = USUAL_FAILURES;
    private EntryFilter rules = EntryFilter.all();
    private boolean existing;

    private Builder(FtpPool pool, String path) {
      this.pool = pool;
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

    /** How long to wait between two polls; 30 s by default. */
    public Builder every(Duration interval) {
      if (interval.isNegative() || interval.isZero()) {
        throw new IllegalArgumentException("the interval must be positive: " + interval);
      }
      every = interval;
      return this;
    }

    /** In how many polls running a file must look the same before it is told of, or be missing before it is gone; 2. */
    public Builder still(int polls) {
      still = positive(polls, "polls");
      return this;
    }

    /** How many levels of folders are watched; 1 by default, the folder alone. */
    public Builder depth(int levels) {
      depth = positive(levels, "levels");
      return this;
    }

    /** Which files are watched, and which folders entered; all by default. Folders themselves are not told of. */
    public Builder rules(EntryFilter rules) {
      this.rules = Objects.requireNonNull(rules);
      return this;
    }

    /** Tells of what is there at the first poll too, as new. */
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

    /** The watch; nothing is looked at yet. */
    public Watch build() {
      return new Watch(new Builder(this));
    }
  }
}
