package io.loomftp.internal.transfer;

import io.loomftp.RateLimit;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps one transfer within all rate limits that apply to it. */
final class Throttle {
  private final List<RateLimit> limits = new CopyOnWriteArrayList<>();

  /** Adds a limit, unless it applies already. */
  void limit(RateLimit limit) {
    if (limits.stream().anyMatch(known -> known.includes(limit))) {
      return;
    }
    limits.removeIf(limit::includes);
    limits.add(limit);
  }

  /** Whether there is any limit. */
  boolean limits() {
    return !limits.isEmpty();
  }

  /** The number of bytes to move at a time, out of this many. */
  int portion(int length) {
    int portion = length;
    for (RateLimit limit : limits) {
      portion = Math.min(portion, limit.portion());
    }
    return portion;
  }

  /** Takes bytes from the limits; returns the time to wait. */
  Duration take(int bytes) {
    long wait = 0;
    for (RateLimit limit : limits) {
      wait = Math.max(wait, limit.take(bytes));
    }
    return Duration.ofNanos(wait);
  }

  /** Lifts all limits, for a transfer that was aborted. */
  void lift() {
    limits.clear();
  }
}
