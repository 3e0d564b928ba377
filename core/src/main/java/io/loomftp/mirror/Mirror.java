package io.loomftp.mirror;

import io.loomftp.EntryFilter;
import io.loomftp.FtpException;
import io.loomftp.Retry;
import io.loomftp.TransferOptions;
import io.loomftp.pool.FtpPool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes one tree like another: what is missing or has changed is transferred, and, only if that is asked for, what the source
 * does not have is deleted. Immutable; every method gives a changed copy.
 *
 * {@snippet :
 * try (FtpPool pool = FtpPool.of(config, 8)) {
 *   MirrorPlan plan = Mirror.download("/pub", Path.of("pub")).delete().plan(pool);
 *   System.out.println(plan.describe());
 *   plan.apply(pool).orThrow();
 * }
 * }
 *
 * <p>Nothing is changed by planning; what is to be done is data, in a {@link MirrorPlan}. Each folder is listed once on the
 * server, by several sessions at a time, and those that the rules leave out, or that only the destination has while nothing
 * is to be deleted, are not listed at all.
 *
 * <p>What a server lists may be hostile. A listed name becomes a local one only if {@link LocalNames} allows it, links are
 * not followed or made, and nothing is written or deleted outside the local root; what is refused is told in the plan and in
 * its report, and the rest goes on.
 */
public final class Mirror {
  private static final double USUAL_SHARE = 0.25;
  private static final long USUAL_ENTRIES = 1_000_000;
  private static final TransferOptions SMALL = TransferOptions.defaults().keepModified().retry(Retry.standard());
  private static final TransferOptions USUAL_DOWN = SMALL.resume();
  private static final TransferOptions USUAL_UP = SMALL.resume().atomic();
  private static final TransferOptions SMALL_UP = SMALL.atomic();

  private final Settings set;

  private Mirror(Settings set) {
    this.set = set;
  }

  /**
   * Makes a local folder like one of a server.
   *
   * @param remote absolute, or from the folder in which sessions begin; empty for that one
   * @param local made with those above it if it is not there
   */
  public static Mirror download(String remote, Path local) {
    return new Mirror(new Settings(MirrorPlan.Direction.DOWNLOAD, remote, local));
  }

  /**
   * Makes a folder of a server like a local one.
   *
   * @param remote made if it is not there
   */
  public static Mirror upload(Path local, String remote) {
    return new Mirror(new Settings(MirrorPlan.Direction.UPLOAD, remote, local));
  }

  /** What is looked at, on both sides; everything by default. What the rules leave out is neither transferred nor deleted. */
  public Mirror rules(EntryFilter rules) {
    Settings copy = set.copy();
    copy.rules = Objects.requireNonNull(rules);
    return new Mirror(copy);
  }

  /** By what changed files are known; by default size and time. */
  public Mirror compare(Compare first, Compare... more) {
    Settings copy = set.copy();
    copy.compare = EnumSet.of(first, more);
    return new Mirror(copy);
  }

  /** How far two times may be apart that count as the same; one second by default. */
  public Mirror tolerance(Duration tolerance) {
    if (tolerance.isNegative()) {
      throw new IllegalArgumentException("not a tolerance: " + tolerance);
    }
    Settings copy = set.copy();
    copy.tolerance = tolerance;
    return new Mirror(copy);
  }

  /**
   * Deletes what only the destination has, when everything else has succeeded and nothing was refused; nothing at all is
   * deleted if that were more than a quarter of what the destination has.
   */
  public Mirror delete() {
    return delete(USUAL_SHARE);
  }

  /**
   * The same with another bound.
   *
   * @param mostShare of the files and folders at the destination, above 0, at most 1 for no bound
   */
  public Mirror delete(double mostShare) {
    if (!(mostShare > 0 && mostShare <= 1)) {
      throw new IllegalArgumentException("not a share between 0 and 1: " + mostShare);
    }
    Settings copy = set.copy();
    copy.mostDeleted = mostShare;
    return new Mirror(copy);
  }

  /** Where something is to be deleted, what the rules leave out is not spared if the source does not have it. */
  public Mirror deleteExcluded() {
    Settings copy = set.copy();
    copy.deleteExcluded = true;
    return new Mirror(copy);
  }

  /** How each file is transferred; see {@link MirrorPlan#options} for what is usual. */
  public Mirror options(TransferOptions options) {
    Settings copy = set.copy();
    copy.options = Objects.requireNonNull(options);
    return new Mirror(copy);
  }

  /** Where what is done is written down: see {@link MirrorPlan#journal}. */
  public Mirror journal(Path journal) {
    Settings copy = set.copy();
    copy.journal = Objects.requireNonNull(journal);
    return new Mirror(copy);
  }

  /** Which names of a server may become local ones; {@link LocalNames#SAFE} by default. */
  public Mirror names(LocalNames names) {
    Settings copy = set.copy();
    copy.names = Objects.requireNonNull(names);
    return new Mirror(copy);
  }

  /**
   * Takes links of the source for what they lead to, also outside its root, in place of leaving them out. Links on a server
   * are asked after one by one (MLST or SIZE). Links at the destination are never followed.
   */
  public Mirror followLinks() {
    Settings copy = set.copy();
    copy.followLinks = true;
    return new Mirror(copy);
  }

  /** How many entries both trees may have together before planning is given up; 1,000,000 by default. */
  public Mirror entries(long most) {
    if (most < 1) {
      throw new IllegalArgumentException("not a number of entries: " + most);
    }
    Settings copy = set.copy();
    copy.mostEntries = most;
    return new Mirror(copy);
  }

  /**
   * Compares the trees.
   *
   * @throws FtpException when the root of the source cannot be listed, the server cannot be reached, or there are too many
   *     entries; folders below that cannot be read are told in the plan
   */
  public MirrorPlan plan(FtpPool pool) throws FtpException {
    return new MirrorPlanner(set, pool).plan();
  }

  /** Which trees, and in which direction. */
  @Override
  public String toString() {
    boolean down = set.direction == MirrorPlan.Direction.DOWNLOAD;
    String remote = "server:" + LineEscapes.visible(set.remote);
    return "Mirror[" + (down ? remote + " to " + set.local : set.local + " to " + remote) + "]";
  }

  /** All that can be set; changed only before it is shared. */
  static final class Settings implements Cloneable {
    final MirrorPlan.Direction direction;
    final String remote;
    final Path local;
    EntryFilter rules = EntryFilter.all();
    Set<Compare> compare = EnumSet.of(Compare.SIZE, Compare.TIME);
    Duration tolerance = Duration.ofSeconds(1);
    double mostDeleted;
    boolean deleteExcluded;
    TransferOptions options;
    @Nullable Path journal;
    LocalNames names = LocalNames.SAFE;
    boolean followLinks;
    long mostEntries = USUAL_ENTRIES;

    private Settings(MirrorPlan.Direction direction, String remote, Path local) {
      this.direction = direction;
      this.remote = Objects.requireNonNull(remote);
      this.local = Objects.requireNonNull(local);
      this.options = usualOptions(direction);
    }

    Settings copy() {
      try {
        return (Settings) clone();
      } catch (CloneNotSupportedException e) {
        throw new AssertionError(e);
      }
    }
  }

  static TransferOptions usualOptions(MirrorPlan.Direction direction) {
    return direction == MirrorPlan.Direction.UPLOAD ? USUAL_UP : USUAL_DOWN;
  }

  /** Of a file that is sent again sooner than it is found out how much of it is there. */
  static TransferOptions forSmall(TransferOptions options) {
    return options == USUAL_UP ? SMALL_UP : options == USUAL_DOWN ? SMALL : options;
  }
}
