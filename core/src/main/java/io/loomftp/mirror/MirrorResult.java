package io.loomftp.mirror;

import java.util.Objects;
import java.util.Optional;

/**
 * The result of one action.
 *
 * @param action the action
 * @param outcome how it ended
 * @param bytes moved for it
 * @param failure why it failed
 */
public record MirrorResult(MirrorAction action, Outcome outcome, long bytes, Optional<Exception> failure) {
  /** How an action can end. */
  public enum Outcome {
    /** Done, and verified as the transfer options say. */
    DONE,
    /** Done by an earlier run of the same plan, according to its journal. */
    DONE_BEFORE,
    /** Skipped because of {@link io.loomftp.TransferOptions#overwrite()}: the destination has the file already. */
    NOT_NEEDED,
    /** Left out, as planned. */
    SKIPPED,
    /** Refused, as planned. */
    REFUSED,
    /** Not deleted; the report says why. */
    NOT_DELETED,
    /** It failed. */
    FAILED,
    /** Not begun, because the run was interrupted. */
    NOT_BEGUN
  }

  /** Checks that nothing is null. */
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

  boolean isGood() {
    return switch (outcome) {
      case DONE, DONE_BEFORE, NOT_NEEDED, SKIPPED -> true;
      case REFUSED, NOT_DELETED, FAILED, NOT_BEGUN -> false;
    };
  }

  /** One line of text. */
  @Override
  public String toString() {
    return outcome + ": " + action + failure.map(why -> ": " + LineEscapes.visible(String.valueOf(why.getMessage()))).orElse("");
  }
}
