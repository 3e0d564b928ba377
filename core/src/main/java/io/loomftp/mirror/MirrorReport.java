package io.loomftp.mirror;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * What came of a plan.
 *
 * @param plan what was to be done
 * @param results one for each action of the plan, in its order
 * @param bytes that were moved in all
 * @param duration from the first session to the last
 * @param notDeleted why nothing was deleted, where something was to be
 */
public record MirrorReport(
    MirrorPlan plan, List<MirrorResult> results, long bytes, Duration duration, Optional<String> notDeleted) {
  /** Checks that all are there. */
  public MirrorReport {
    Objects.requireNonNull(plan);
    results = List.copyOf(results);
    Objects.requireNonNull(duration);
    Objects.requireNonNull(notDeleted);
  }

  /** How many actions of a kind came to that. */
  public long count(MirrorAction.Kind kind, MirrorResult.Outcome outcome) {
    return results.stream().filter(r -> r.action().kind() == kind && r.outcome() == outcome).count();
  }

  /** The actions that came to that. */
  public List<MirrorResult> with(MirrorResult.Outcome outcome) {
    return results.stream().filter(result -> result.outcome() == outcome).toList();
  }

  /** Files that were transferred. */
  public long transferred() {
    return count(MirrorAction.Kind.TRANSFER, MirrorResult.Outcome.DONE);
  }

  /** What failed. */
  public List<MirrorResult> failures() {
    return with(MirrorResult.Outcome.FAILED);
  }

  /** What the plan refused. */
  public List<MirrorResult> refusals() {
    return with(MirrorResult.Outcome.REFUSED);
  }

  /** Whether the destination is now like the source: nothing failed, was refused, called off or left undeleted. */
  public boolean isWhole() {
    return results.stream()
        .allMatch(
            result ->
                switch (result.outcome()) {
                  case DONE, DONE_BEFORE, NOT_NEEDED, SKIPPED -> true;
                  case REFUSED, NOT_DELETED, FAILED, NOT_BEGUN -> false;
                });
  }

  /**
   * This report, if it {@linkplain #isWhole() is whole}.
   *
   * @throws MirrorException if not; it names the first causes
   */
  public MirrorReport orThrow() throws MirrorException {
    if (!isWhole()) {
      throw new MirrorException(this);
    }
    return this;
  }

  /** A summary for people. */
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
        plan.unchanged(),
        failures().size(),
        refusals().size(),
        with(MirrorResult.Outcome.NOT_BEGUN).size(),
        notDeleted.map(why -> "; nothing deleted: " + why).orElse(""));
  }
}
