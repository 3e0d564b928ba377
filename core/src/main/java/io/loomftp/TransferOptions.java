package io.loomftp;

import io.loomftp.internal.retry.LongestWait;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Options of a file transfer; immutable, every setter returns a changed copy.
 *
 * {@snippet :
 * var careful = TransferOptions.defaults().atomic().keepModified().verify(Verify.HASH_IF_OFFERED).retry(Retry.standard());
 * ftp.put(Path.of("report.csv"), "report.csv", careful);
 * ftp.get("huge.iso", Path.of("huge.iso"), TransferOptions.defaults().resume());
 * }
 */
public final class TransferOptions {
  private static final TransferOptions DEFAULTS = new TransferOptions(new Set());

  private final Set set;

  private TransferOptions(Set set) {
    this.set = set;
  }

  /** Replaces the target, compares sizes, one attempt, from the start, no limits. */
  public static TransferOptions defaults() {
    return DEFAULTS;
  }

  /** What is done when the target exists; {@link Overwrite#REPLACE} by default. */
  public TransferOptions overwrite(Overwrite policy) {
    Set copy = set.copy();
    copy.overwrite = Objects.requireNonNull(policy);
    return new TransferOptions(copy);
  }

  /**
   * Continues where an earlier transfer of the same file was interrupted, and keeps the partial file when this one is.
   *
   * <p>A download keeps {@code name.part}, and beside it {@code name.part.of}, which says which version of which remote file
   * it is a part of; it continues only if the server's size and time of modification are still the same, and compares both
   * again at its end. An upload with {@link #atomic()} continues the temporary file that the same machine began for the same
   * local file in the same state; any other only a shorter remote file that is proven to be the beginning of the local one, by
   * the server's hash of it or by reading its last 64 KiB. Where the server's FEAT does not list {@code REST STREAM}, what is
   * missing is appended (APPE). An upload that was continued is compared by hash where the server has one, unless
   * {@link Verify#NONE} is asked for. In every other case a transfer starts at the beginning, also where the server refuses or
   * ignores REST. Not for text ({@link TransferType#ASCII}).
   */
  public TransferOptions resume() {
    Set copy = set.copy();
    copy.resume = true;
    return new TransferOptions(copy);
  }

  /**
   * Uploads under a temporary name beside the target, compares, and renames: an incomplete file never appears under its
   * name. Downloads always work that way.
   */
  public TransferOptions atomic() {
    Set copy = set.copy();
    copy.atomic = true;
    return new TransferOptions(copy);
  }

  /**
   * Like {@link #atomic()}, for servers that forbid its usual temporary names (ProFTPD's {@code PathDenyFilter}, vsftpd's
   * {@code deny_file}).
   *
   * @param temporaryName the name beside the target, with <code>{name}</code> for its name and <code>{id}</code> for eight
   *     digits; <code>.{name}.{id}.part</code> by default
   * @throws IllegalArgumentException when one of the two is missing, or it has a slash or a control character
   */
  public TransferOptions atomic(String temporaryName) {
    boolean complete = temporaryName.contains("{name}") && temporaryName.contains("{id}");
    if (!complete || temporaryName.chars().anyMatch(c -> c == '/' || c < ' ')) {
      throw new IllegalArgumentException("not a temporary name with {name} and {id}: " + temporaryName);
    }
    Set copy = set.copy();
    copy.atomic = true;
    copy.temporaryName = temporaryName;
    return new TransferOptions(copy);
  }

  /**
   * Makes a download survive a loss of power: its data is forced to the disk before it gets its full name, and its folder after
   * that, so once the call returns the file is safe, and the full name never refers to data that was not written. What
   * {@link #resume()} continues with was forced too, every few seconds; a partial file that was begun without this option is
   * downloaded again.
   *
   * <p>Without it, a file system may after a loss of power show a complete name with a file behind it that is empty, short or
   * holds zeros. Not promised in either case: that the time of modification survives, and that {@code name.part} and its
   * note are deleted. Where the platform lets no program open a folder (Windows), the folder is not forced. Uploads are
   * not affected: what a server forces to its disk is not known.
   *
   * <p>Costs two disk flushes for each file.
   */
  public TransferOptions durable() {
    Set copy = set.copy();
    copy.durable = true;
    return new TransferOptions(copy);
  }

  /**
   * How long a download waits while another one, in this program or in another one on this machine, writes the same target;
   * zero by default: it fails at once with an {@link FtpLocalException} of the kind {@link ErrorKind#BUSY}.
   *
   * @param bound zero or longer
   */
  public TransferOptions waitForTarget(Duration bound) {
    if (bound.isNegative()) {
      throw new IllegalArgumentException("not a bound: " + bound);
    }
    Set copy = set.copy();
    copy.waitForTarget = LongestWait.cut(bound);
    return new TransferOptions(copy);
  }

  /** Gives the copy the time of modification of the original, where the server tells it (MDTM) or sets it (MFMT, MDTM). */
  public TransferOptions keepModified() {
    Set copy = set.copy();
    copy.keepModified = true;
    return new TransferOptions(copy);
  }

  /** How the copy is compared with the original; {@link Verify#SIZE} by default. */
  public TransferOptions verify(Verify how) {
    Set copy = set.copy();
    copy.verify = Objects.requireNonNull(how);
    return new TransferOptions(copy);
  }

  /**
   * Computes a digest of the data while it is copied, for the result.
   *
   * @param algorithm {@code CRC32} or what {@link java.security.MessageDigest} knows, such as {@code SHA-256}
   * @throws IllegalArgumentException when this Java has no such algorithm
   */
  public TransferOptions digest(String algorithm) {
    Digest.check(algorithm);
    Set copy = set.copy();
    copy.digest = algorithm;
    return new TransferOptions(copy);
  }

  /** A rate limit for this transfer, or for all that share it; those of the session and its pool apply as well. */
  public TransferOptions rateLimit(RateLimit limit) {
    Set copy = set.copy();
    copy.rateLimit = Objects.requireNonNull(limit);
    return new TransferOptions(copy);
  }

  /** The receiver of progress. */
  public TransferOptions progress(Progress progress) {
    Set copy = set.copy();
    copy.progress = Objects.requireNonNull(progress);
    return new TransferOptions(copy);
  }

  /** The least time between two calls of the progress, the last excepted; 200 ms by default, zero for each block. */
  public TransferOptions progressEvery(Duration interval) {
    if (interval.isNegative()) {
      throw new IllegalArgumentException("not an interval: " + interval);
    }
    Set copy = set.copy();
    copy.progressEvery = LongestWait.cut(interval);
    return new TransferOptions(copy);
  }

  /**
   * The least mean rate that a transfer must have. Only the time spent waiting for the network counts: neither a slow source or
   * sink on this side, nor a {@linkplain #rateLimit(RateLimit) limit}. A slower one fails with {@link ErrorKind#TIMEOUT}, and
   * the session is usable.
   *
   * @param bytesPerSecond at least 1
   * @param over the time over which the mean is taken; positive
   */
  public TransferOptions slowest(long bytesPerSecond, Duration over) {
    Set copy = set.copy();
    copy.slowest = new Slowest(bytesPerSecond, over);
    return new TransferOptions(copy);
  }

  /**
   * How long one read of the local source or one write to the local sink may take. When it takes longer, the transfer is
   * aborted at once; {@link FtpLocalException} of {@link ErrorKind#TIMEOUT} is thrown as soon as that read or write returns (its
   * thread is interrupted, which ends most).
   */
  public TransferOptions localStall(Duration bound) {
    if (bound.isNegative() || bound.isZero()) {
      throw new IllegalArgumentException("the bound must be positive: " + bound);
    }
    Set copy = set.copy();
    copy.localStall = LongestWait.cut(bound);
    return new TransferOptions(copy);
  }

  /** The retry policy; one attempt by default. Streams and channels are not retried once data was moved. */
  public TransferOptions retry(Retry retry) {
    Set copy = set.copy();
    copy.retry = Objects.requireNonNull(retry);
    return new TransferOptions(copy);
  }

  /**
   * The known size and time of the remote file of a download, which saves asking for them; the transfer is compared
   * with them.
   *
   * @param size in bytes, if it is known
   * @param modified exact to the second or finer, if it is known
   */
  public TransferOptions expecting(OptionalLong size, Optional<Instant> modified) {
    Set copy = set.copy();
    copy.expectedSize = size;
    copy.expectedModified =
        modified
            .map(time -> new ModifiedTime(time, ModifiedTime.Precision.SECOND, ModifiedTime.Source.MDTM))
            .orElse(null);
    return new TransferOptions(copy);
  }

  /**
   * What a listing gives for the remote file of a download, which saves asking for it where it is exact enough. A time that
   * is coarser than seconds, or of a zone that is assumed, does not identify a version of the file; MDTM is sent then.
   */
  public TransferOptions expecting(FtpEntry entry) {
    Set copy = set.copy();
    copy.expectedSize = entry.size();
    copy.expectedModified = entry.modified().orElse(null);
    return new TransferOptions(copy);
  }

  /**
   * The largest file that a download accepts. A larger one fails with {@link ErrorKind#LIMIT}: before anything is moved where
   * the server gives the size, else as soon as more arrives. Nothing of it is left, neither under the target's name nor as a
   * part; a stream has had no byte beyond the limit.
   *
   * @param bytes at least 0
   */
  public TransferOptions maxSize(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("not a size: " + bytes);
    }
    Set copy = set.copy();
    copy.maxSize = OptionalLong.of(bytes);
    return new TransferOptions(copy);
  }

  /**
   * Announces the size of an upload before it begins (ALLO, RFC 959 section 4.1.3), so that a server without room for it refuses
   * at once, or reserves the space (z/OS). A server that does not support the command is no error. Nothing is sent where the size
   * is unknown.
   */
  public TransferOptions allocate() {
    Set copy = set.copy();
    copy.allocate = true;
    return new TransferOptions(copy);
  }

  /** The number of segments that a pool downloads in parallel; 1 by default, and always 1 in a single session. */
  public TransferOptions segments(int n) {
    if (n < 1) {
      throw new IllegalArgumentException("at least one segment, not " + n);
    }
    Set copy = set.copy();
    copy.segments = n;
    return new TransferOptions(copy);
  }

  /** The policy for a target that exists. */
  public Overwrite overwrite() {
    return set.overwrite;
  }

  /** Whether an interrupted transfer is continued. */
  public boolean resumes() {
    return set.resume;
  }

  /** Whether an upload goes through a temporary name. */
  public boolean isAtomic() {
    return set.atomic;
  }

  /** The pattern of the temporary name. */
  public String temporaryName() {
    return set.temporaryName;
  }

  /** Whether a download is forced to the disk before the call returns. */
  public boolean isDurable() {
    return set.durable;
  }

  /** The bound for waiting while another download writes the same target. */
  public Duration waitForTarget() {
    return set.waitForTarget;
  }

  /** Whether the copy is given the time of modification of the original. */
  public boolean keepsModified() {
    return set.keepModified;
  }

  /** How the copy is compared with the original. */
  public Verify verify() {
    return set.verify;
  }

  /** The digest that was asked for. */
  public Optional<String> digest() {
    return Optional.ofNullable(set.digest);
  }

  /** The rate limit of this transfer. */
  public Optional<RateLimit> rateLimit() {
    return Optional.ofNullable(set.rateLimit);
  }

  /** The receiver of progress. */
  public Progress progress() {
    return set.progress;
  }

  /** The least time between two calls of the progress. */
  public Duration progressEvery() {
    return set.progressEvery;
  }

  /** The least mean rate. */
  public Optional<Slowest> slowest() {
    return Optional.ofNullable(set.slowest);
  }

  /** The bound of one local read or write. */
  public Optional<Duration> localStall() {
    return Optional.ofNullable(set.localStall);
  }

  /** The retry policy. */
  public Retry retry() {
    return set.retry;
  }

  /** The size that the remote file is expected to have. */
  public OptionalLong expectedSize() {
    return set.expectedSize;
  }

  /** The time of modification that the remote file is expected to have. */
  public Optional<ModifiedTime> expectedModified() {
    return Optional.ofNullable(set.expectedModified);
  }

  /** The largest file that a download accepts; empty for no limit. */
  public OptionalLong maxSize() {
    return set.maxSize;
  }

  /** Whether the size of an upload is announced before it begins. */
  public boolean allocates() {
    return set.allocate;
  }

  /** The number of segments that a pool downloads in parallel. */
  public int segments() {
    return set.segments;
  }

  /**
   * The least mean rate over some time.
   *
   * @param bytesPerSecond at least 1
   * @param over the time over which the mean is taken
   */
  public record Slowest(long bytesPerSecond, Duration over) {
    /** Checks that both are positive. */
    public Slowest {
      if (bytesPerSecond < 1 || over.isNegative() || over.isZero()) {
        throw new IllegalArgumentException("not a least rate: " + bytesPerSecond + " bytes/s over " + over);
      }
      over = LongestWait.cut(over);
    }
  }

  /** All settings; changed only before they are shared. */
  private static final class Set implements Cloneable {
    Overwrite overwrite = Overwrite.REPLACE;
    boolean resume;
    boolean atomic;
    String temporaryName = ".{name}.{id}.part";
    boolean durable;
    Duration waitForTarget = Duration.ZERO;
    boolean keepModified;
    Verify verify = Verify.SIZE;
    @Nullable String digest;
    @Nullable RateLimit rateLimit;
    Progress progress = Progress.NONE;
    Duration progressEvery = Duration.ofMillis(200);
    @Nullable Slowest slowest;
    @Nullable Duration localStall;
    Retry retry = Retry.none();
    OptionalLong expectedSize = OptionalLong.empty();
    @Nullable ModifiedTime expectedModified;
    OptionalLong maxSize = OptionalLong.empty();
    boolean allocate;
    int segments = 1;

    Set copy() {
      try {
        return (Set) clone();
      } catch (CloneNotSupportedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
