package io.loomftp.mirror;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides whether a file must be transferred again.
 *
 * @param bySize sizes must be equal
 * @param byTime times are compared
 * @param tolerance the difference of times that is always ignored
 * @param exact times must be equal in both directions, since the mirror sets them; otherwise only a newer source counts
 */
record Comparison(boolean bySize, boolean byTime, Duration tolerance, boolean exact) {
  /** Why the file must be transferred again; empty when it need not be. */
  Optional<MirrorReason> difference(TreeEntry source, TreeEntry copy) {
    boolean compared = false;
    if (bySize && source.size() >= 0 && copy.size() >= 0) {
      if (source.size() != copy.size()) {
        return Optional.of(MirrorReason.SIZE_DIFFERS);
      }
      compared = true;
    }
    if (byTime && source.modified() != null && copy.modified() != null) {
      Instant made = source.modified().instant();
      Instant copied = copy.modified().instant();
      Duration slack = max(tolerance, max(source.timeUnit(), copy.timeUnit()));
      if (made.isAfter(copied.plus(slack))) {
        return Optional.of(MirrorReason.NEWER);
      }
      if (exact && made.isBefore(copied.minus(slack))) {
        return Optional.of(MirrorReason.TIME_DIFFERS);
      }
      compared = true;
    }
    return compared ? Optional.empty() : Optional.of(MirrorReason.NOT_COMPARABLE);
  }

  private static Duration max(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }
}
