package io.loomftp.mirror;

import java.util.Objects;
import java.util.Optional;

/**
 * What came of one action.
 *
 * @param action the action
 * @param outcome what came of it
 * @param bytes that were moved for it
 * @param failure why it failed
 */
public record MirrorResult(MirrorAction action, Outcome outcome, long bytes, Optional<Exception> failure) {
  /** What can come of an action. */
  public enum Outcome {
    /** Done, and verified as the options say. */
    DONE,
    /** Done already by an earlier run of the same plan, as its journal tells. */
    DONE_BEFORE,
    /** Found not to be necessary at the last moment, by {@link io.loomftp.TransferOptions#overwrite()}. */
    NOT_NEEDED,
    /** Left out, as the plan said. */
    SKIPPED,
    /** Refused, as the plan said. */
    REFUSED,
    /** Not deleted: the report says why. */
    NOT_DELETED,
    /** It failed. */
    FAILED,
    /** Not begun, since all was called off. */
    NOT_BEGUN
  }

  /** Checks that all are there. */
  public MirrorResult {
    Objects.requireNonNull(action);
    Objects.requireNonNull(outcome);
    Objects.requireNonNull(failure);
  }

  static MirrorResult of(MirrorAction action, Outcome outcome) {
    return new MirrorResult(action, outcome, 0, Optional.empty());
  }

  static MirrorResult failed(MirrorAction action, Exception why) {
    return new MirrorResult(action, Outcome.FAILED, 0, Optional.of(why));
  }

  /** One line for people. */
  @Override
  public String toString() {
    return outcome + ": " + action + failure.map(why -> ": " + LineEscapes.visible(String.valueOf(why.getMessage()))).orElse("");
  }
}
