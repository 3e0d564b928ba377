package io.loomftp.mirror;

import io.loomftp.EntryFilter;
import io.loomftp.FtpException;
import io.loomftp.TransferOptions;
import io.loomftp.pool.FtpPool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Makes one tree like another: transfers what is missing or has changed and, only on request, deletes what the source does not
 * have. Immutable; every method returns a changed copy.
 *
 * {@snippet :
 * try (FtpPool pool = FtpPool.of(config, 8)) {
 *   MirrorPlan plan = Mirror.download("/pub", Path.of("pub")).delete().plan(pool);
 *   System.out.println(plan.describe());
 *   plan.apply(pool).orThrow();
 * }
 * }
 *
 * <p>Planning changes nothing; the actions are data, in a {@link MirrorPlan}. Each folder is listed once on the server, by
 * several sessions at a time. Folders that the filter excludes are not listed, nor are those that only the destination has
 * while nothing is to be deleted.
 *
 * <p>Listings are not trusted. A listed name becomes a local one only if {@link LocalNames} permits it, links are neither
 * followed nor made, and nothing is written or deleted outside the local root. An empty listing counts only for a folder that
 * can be entered (CWD). Many servers do not list names that begin with a dot; such a local name is asked about before it is
 * uploaded, made or deleted, while a remote one that is not listed cannot be downloaded. What is refused is part of the plan
 * and of the report, and the rest goes on.
 */
public final class Mirror {
  private static final double DEFAULT_SHARE = 0.25;

  private final MirrorSettings set;

  private Mirror(MirrorSettings set) {
    this.set = set;
  }

  /**
   * Makes a local folder like a remote one.
   *
   * @param remote absolute, or relative to the folder in which sessions begin; empty for that folder
   * @param local made with its parents if it does not exist
   */
  public static Mirror download(String remote, Path local) {
    return new Mirror(new MirrorSettings(MirrorDirection.DOWNLOAD, remote, local));
  }

  /**
   * Makes a remote folder like a local one.
   *
   * @param remote made with its parents if it does not exist
   */
  public static Mirror upload(Path local, String remote) {
    return new Mirror(new MirrorSettings(MirrorDirection.UPLOAD, remote, local));
  }

  private Mirror with(Consumer<MirrorSettings> change) {
    MirrorSettings copy = set.copy();
    change.accept(copy);
    return new Mirror(copy);
  }

  /** Selects entries on both sides; all by default. Excluded entries are neither transferred nor deleted. */
  public Mirror rules(EntryFilter rules) {
    Objects.requireNonNull(rules);
    return with(copy -> copy.rules = rules);
  }

  /** How changed files are recognized; by default by size and time. */
  public Mirror compare(Compare first, Compare... more) {
    return with(copy -> copy.compare = EnumSet.of(first, more));
  }

  /** The difference up to which two times count as equal; one second by default. */
  public Mirror tolerance(Duration tolerance) {
    if (tolerance.isNegative()) {
      throw new IllegalArgumentException("not a tolerance: " + tolerance);
    }
    return with(copy -> copy.tolerance = tolerance);
  }

  /**
   * Deletes what only the destination has, under the conditions of {@link MirrorPlan#apply(FtpPool, MirrorProgress)}. Nothing
   * is deleted if that were more than a quarter of the entries of the destination.
   */
  public Mirror delete() {
    return delete(DEFAULT_SHARE);
  }

  /**
   * The same with another bound.
   *
   * @param maxShare of the files and folders at the destination, above 0, at most 1 for no bound
   */
  public Mirror delete(double maxShare) {
    if (!(maxShare > 0 && maxShare <= 1)) {
      throw new IllegalArgumentException("not a share between 0 and 1: " + maxShare);
    }
    return with(copy -> copy.deleteShare = maxShare);
  }

  /** Deletes excluded entries too if the source does not have them; only together with {@link #delete()}. */
  public Mirror deleteExcluded() {
    return with(copy -> copy.deleteExcluded = true);
  }

  /** How each file is transferred; see {@link MirrorPlan#options(TransferOptions)} for the defaults. */
  public Mirror options(TransferOptions options) {
    Objects.requireNonNull(options);
    return with(copy -> copy.options = options);
  }

  /** Where finished actions are recorded: see {@link MirrorPlan#journal(Path)}. */
  public Mirror journal(Path journal) {
    Objects.requireNonNull(journal);
    return with(copy -> copy.journal = journal);
  }

  /** Which remote names may become local ones; {@link LocalNames#SAFE} by default. */
  public Mirror names(LocalNames names) {
    Objects.requireNonNull(names);
    return with(copy -> copy.names = names);
  }

  /**
   * Follows links of the source, also out of its root, instead of leaving them out. For links on a server, one question each is
   * sent (MLST or SIZE). Links at the destination are never followed.
   */
  public Mirror followLinks() {
    return with(copy -> copy.followLinks = true);
  }

  /** How many entries both trees may have together before planning fails; 1,000,000 by default. */
  public Mirror entries(long max) {
    if (max < 1) {
      throw new IllegalArgumentException("not a number of entries: " + max);
    }
    return with(copy -> copy.maxEntries = max);
  }

  /**
   * Compares the trees.
   *
   * @throws FtpException when the root of the source cannot be listed, the server cannot be reached, or there are too many
   *     entries; folders below that cannot be read are refused in the plan
   */
  public MirrorPlan plan(FtpPool pool) throws FtpException {
    return new MirrorPlan(new MirrorPlanner(set, pool).plan(), set.options, set.journal);
  }

  /** The trees and the direction. */
  @Override
  public String toString() {
    String remote = "server:" + LineEscapes.visible(set.remote);
    return "Mirror[" + (set.isDownload() ? remote + " to " + set.local : set.local + " to " + remote) + "]";
  }
}
