package io.loomftp;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Limits the bytes per second of all transfers that share it, in both directions: a token bucket, optionally below another
 * one whose rate applies as well. One given to a transfer limits that, one in a configuration all sessions opened with it,
 * one for a pool all the pool's.
 *
 * {@snippet :
 * RateLimit house = RateLimit.of(4 << 20);
 * RateLimit night = RateLimit.of(1 << 20).below(house);   // at most its own rate, as part of the house's
 * }
 *
 * <p>Safe for use by any number of threads. After a rest at most a quarter of a second's bytes go at once.
 */
public final class RateLimit {
  private static final long SECOND = 1_000_000_000L;
  private static final long BURST_NANOS = SECOND / 4;

  private final long bytesPerSecond;
  private final @Nullable RateLimit parent;

  /** Guards when the bucket is full again. */
  private final ReentrantLock bucket = new ReentrantLock();

  /** When all bytes that were taken have been paid for, on the clock of {@link System#nanoTime()}. */
  private long paidAt = System.nanoTime() - BURST_NANOS;

  private RateLimit(long bytesPerSecond, @Nullable RateLimit parent) {
    if (bytesPerSecond < 1) {
      throw new IllegalArgumentException("not a rate: " + bytesPerSecond);
    }
    this.bytesPerSecond = bytesPerSecond;
    this.parent = parent;
  }

  /** A limit of so many bytes a second, at least 1. */
  public static RateLimit of(long bytesPerSecond) {
    return new RateLimit(bytesPerSecond, null);
  }

  /** A new limit of the same rate whose bytes count in another one too, and in those above that. */
  public RateLimit below(RateLimit parent) {
    return new RateLimit(bytesPerSecond, this.parent == null ? parent : this.parent.below(parent));
  }

  /** Whether bytes taken from this limit count in the other one. */
  public boolean includes(RateLimit other) {
    return this == other || (parent != null && parent.includes(other));
  }

  /** The rate of this limit alone; those above it may be smaller. */
  public long bytesPerSecond() {
    return bytesPerSecond;
  }

  /** How many bytes are best moved at a time, so that the rate is even: a quarter of a second's, at least one. */
  public int portion() {
    long own = Math.clamp(bytesPerSecond / 4, 1, Integer.MAX_VALUE);
    return parent == null ? (int) own : Math.min((int) own, parent.portion());
  }

  /**
   * Takes bytes out of the bucket at once, on credit if necessary.
   *
   * @param bytes that were or will be moved
   * @return nanoseconds that the caller must wait, before moving them or before the next; 0 for not at all
   */
  public long take(long bytes) {
    long wait = takeHere(bytes);
    return parent == null ? wait : Math.max(wait, parent.take(bytes));
  }

  private long takeHere(long bytes) {
    bucket.lock();
    try {
      long now = System.nanoTime();
      if (paidAt - now < -BURST_NANOS) {
        paidAt = now - BURST_NANOS;
      }
      paidAt += (long) (bytes * ((double) SECOND / bytesPerSecond));
      return Math.max(0, paidAt - now);
    } finally {
      bucket.unlock();
    }
  }

  @Override
  public String toString() {
    return bytesPerSecond + " bytes/s" + (parent == null ? "" : " below " + parent);
  }
}
