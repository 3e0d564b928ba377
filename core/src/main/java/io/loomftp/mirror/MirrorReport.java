package io.loomftp.mirror;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * The result of carrying out a plan.
 *
 * @param results one for each action of the plan, in its order
 * @param unchanged files that were the same on both sides when the plan was made
 * @param bytes moved in all
 * @param duration of the run
 * @param notDeleted why nothing was deleted, where the plan had deletes
 */
public record MirrorReport(
    List<MirrorResult> results, long unchanged, long bytes, Duration duration, Optional<String> notDeleted) {
  /** Checks that nothing is null. */
  public MirrorReport {
    results = List.copyOf(results);
    Objects.requireNonNull(duration);
    Objects.requireNonNull(notDeleted);
  }

  /** How many actions of a kind had an outcome. */
  public long count(MirrorAction.Kind kind, MirrorResult.Outcome outcome) {
    return results.stream().filter(r -> r.action().kind() == kind && r.outcome() == outcome).count();
  }

  /** The results with an outcome. */
  public List<MirrorResult> with(MirrorResult.Outcome outcome) {
    return results.stream().filter(result -> result.outcome() == outcome).toList();
  }

  /** How many files were transferred. */
  public long transferred() {
    return count(MirrorAction.Kind.TRANSFER, MirrorResult.Outcome.DONE);
  }

  /** The actions that failed. */
  public List<MirrorResult> failures() {
    return with(MirrorResult.Outcome.FAILED);
  }

  /** The entries that the plan refused. */
  public List<MirrorResult> refusals() {
    return with(MirrorResult.Outcome.REFUSED);
  }

  /** Whether the destination is now like the source: nothing failed, was refused, left undeleted or not begun. */
  public boolean isWhole() {
    return results.stream().allMatch(MirrorResult::isGood);
  }

  /**
   * Returns this report if it {@linkplain #isWhole() is whole}.
   *
   * @throws MirrorException if it is not; it names the first causes
   */
  public MirrorReport orThrow() throws MirrorException {
    if (!isWhole()) {
      throw new MirrorException(toString(), results.stream().filter(result -> !result.isGood()).toList());
    }
    return this;
  }

  /** A summary in one line. */
  @Override
  public String toString() {
    long deleted =
        count(MirrorAction.Kind.DELETE_FILE, MirrorResult.Outcome.DONE)
            + count(MirrorAction.Kind.DELETE_FOLDER, MirrorResult.Outcome.DONE);
    return String.format(
        Locale.ROOT,
        "%,d transferred (%,d bytes) in %.1f s, %,d done before, %,d deleted, %,d unchanged, %,d failed, %,d refused, "
            + "%,d not begun%s",
        transferred(),
        bytes,
        duration.toMillis() / 1000.0,
        with(MirrorResult.Outcome.DONE_BEFORE).size(),
        deleted,
        unchanged,
        failures().size(),
        refusals().size(),
        with(MirrorResult.Outcome.NOT_BEGUN).size(),
        notDeleted.map(why -> "; nothing deleted: " + why).orElse(""));
  }
}
