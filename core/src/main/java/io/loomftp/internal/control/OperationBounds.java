package io.loomftp.internal.control;

import io.loomftp.internal.retry.Cancellation;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The bounds of the running operation: its timeout, to which every wait is cut, and its {@link Cancellation}. The session's
 * thread begins and ends operations; any thread may cancel the one that is running.
 */
public final class OperationBounds {
  private static final Duration AT_LEAST = Duration.ofMillis(1);
  private static final long NEVER = Long.MAX_VALUE;

  private volatile long at = NEVER;
  private volatile @Nullable Cancellation running;

  /** Begins an operation. */
  public void begin(Optional<Duration> bound) {
    at = bound.map(d -> System.nanoTime() + d.toNanos()).orElse(NEVER);
    running = new Cancellation();
  }

  /** Ends the operation. */
  public void end() {
    at = NEVER;
    running = null;
  }

  /** Cancels the running operation; does nothing when none is running. */
  public void cancel() {
    Cancellation present = running;
    if (present != null) {
      present.cancel();
    }
  }

  /** The cancellation of the running operation; one that is never cancelled when none is running. */
  public Cancellation cancellation() {
    Cancellation present = running;
    return present == null ? new Cancellation() : present;
  }

  /** Whether the running operation was cancelled. */
  public boolean isCancelled() {
    Cancellation present = running;
    return present != null && present.isCancelled();
  }

  /** Replaces the cancellation, for cleanup that must be done although the operation was cancelled. */
  public @Nullable Cancellation exchange(@Nullable Cancellation other) {
    Cancellation before = running;
    running = other;
    return before;
  }

  /** Whether the time is used up; checked where there may be no wait because data never pauses. */
  public boolean isOver() {
    return at != NEVER && at - System.nanoTime() <= AT_LEAST.toNanos();
  }

  /** The smaller of a bound and the time that is left; never zero, so that the wait itself reports the timeout. */
  public Duration cut(Duration bound) {
    if (at == NEVER) {
      return bound;
    }
    Duration left = Duration.ofNanos(at - System.nanoTime());
    Duration smaller = left.compareTo(bound) < 0 ? left : bound;
    return smaller.compareTo(AT_LEAST) < 0 ? AT_LEAST : smaller;
  }
}
