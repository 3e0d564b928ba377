package io.loomftp.internal.control;

import io.loomftp.internal.retry.Cancellation;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What bounds the running operation: its time, to which every single wait is cut, and its {@link Cancellation}. The session's
 * thread begins and ends operations; any thread may cancel the one that is running.
 */
public final class OperationBounds {
  private static final Duration AT_LEAST = Duration.ofMillis(1);
  private static final long NEVER = Long.MAX_VALUE;

  private volatile long at = NEVER;
  private volatile @Nullable Cancellation running;

  /** An operation begins. */
  public void begin(Optional<Duration> bound) {
    at = bound.map(d -> System.nanoTime() + d.toNanos()).orElse(NEVER);
    running = new Cancellation();
  }

  /** No operation is running. */
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

  /** What cancels the running operation; something that is never cancelled when none is running. */
  public Cancellation cancellation() {
    Cancellation present = running;
    return present == null ? new Cancellation() : present;
  }

  /** Whether the running operation was cancelled. */
  public boolean isCancelled() {
    Cancellation present = running;
    return present != null && present.isCancelled();
  }

  /** Puts another cancellation in place of the present one, for what must be done although the operation was cancelled. */
  public @Nullable Cancellation exchange(@Nullable Cancellation other) {
    Cancellation before = running;
    running = other;
    return before;
  }

  /** Whether nothing is left, or less than a wait can last: to be asked where a wait may never come because there is always something to do. */
  public boolean isOver() {
    return at != NEVER && at - System.nanoTime() <= AT_LEAST.toNanos();
  }

  /** The smaller of a bound and what is left; never nothing, so that the wait itself reports the end. */
  public Duration cut(Duration bound) {
    if (at == NEVER) {
      return bound;
    }
    Duration left = Duration.ofNanos(at - System.nanoTime());
    Duration smaller = left.compareTo(bound) < 0 ? left : bound;
    return smaller.compareTo(AT_LEAST) < 0 ? AT_LEAST : smaller;
  }
}
