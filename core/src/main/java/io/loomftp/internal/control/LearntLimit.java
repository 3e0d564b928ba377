package io.loomftp.internal.control;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * The number of connections that one server accepts at a time: set beforehand, learnt when the server refuses one more, and
 * raised by one from time to time as a trial. Guarded by its owner.
 */
final class LearntLimit {
  private static final int NONE = Integer.MAX_VALUE;
  private static final int MOST_DOUBLINGS = 7;

  private final long usualWait;
  private int learnt = NONE;
  private int cap = NONE;
  private long raiseWait;
  private long nextRaise;
  private boolean probing;
  private long refusedAt;
  private int presentAtRefusal;

  LearntLimit(Duration raiseAfter) {
    usualWait = raiseAfter.toNanos();
    raiseWait = usualWait;
  }

  /** The number of connections allowed now. */
  int allowed() {
    return Math.min(learnt, cap);
  }

  OptionalInt known() {
    return allowed() == NONE ? OptionalInt.empty() : OptionalInt.of(allowed());
  }

  void cap(int most) {
    cap = most;
  }

  /** Raises the limit by one when it has held long enough; returns whether it did. */
  boolean raiseIfDue(int present, long now) {
    boolean due = learnt < cap && present >= learnt && now - nextRaise >= 0;
    if (due) {
      learnt++;
      probing = true;
      nextRaise = now + raiseWait;
    }
    return due;
  }

  /** The nanoseconds until the next trial; {@link Long#MAX_VALUE} when only a closed connection helps. */
  long untilRaise(long now) {
    return learnt < cap ? Math.max(1, nextRaise - now) : Long.MAX_VALUE;
  }

  /**
   * Records an accepted connection. One that the server had greeted when it refused another occupied a place on the server at
   * that time, whatever was closed since.
   *
   * @param greeted the time at which its greeting was read
   */
  void accepted(int open, long greeted) {
    if (learnt == NONE) {
      return;
    }
    if (greeted - refusedAt < 0) {
      presentAtRefusal++;
    }
    if (open >= learnt || presentAtRefusal > learnt) {
      learnt = Math.max(open, presentAtRefusal);
      raiseWait = probing ? usualWait : raiseWait;
      probing = false;
    }
  }

  /** Records a refused connection and the number that was open then. */
  void refused(int open, long now) {
    presentAtRefusal = open;
    refusedAt = now;
    learnt = Math.min(learnt, Math.max(1, open));
    raiseWait = probing ? Math.min(raiseWait * 2, usualWait << MOST_DOUBLINGS) : raiseWait;
    probing = false;
    nextRaise = now + raiseWait;
  }

  void forget() {
    learnt = NONE;
    raiseWait = usualWait;
    probing = false;
  }
}
