package io.loomftp.internal.transfer;

import io.loomftp.RateLimit;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps one transfer within all the rate limits that hold for it. */
final class Throttle {
  private final List<RateLimit> limits = new CopyOnWriteArrayList<>();

  /** One more limit, unless it is among those that hold already. */
  void limit(RateLimit limit) {
    if (limits.stream().anyMatch(known -> known.includes(limit))) {
      return;
    }
    limits.removeIf(limit::includes);
    limits.add(limit);
  }

  /** How much of so many bytes is to be moved at a time. */
  int portion(int length) {
    int portion = length;
    for (RateLimit limit : limits) {
      portion = Math.min(portion, limit.portion());
    }
    return portion;
  }

  /** How long to wait for so many bytes. */
  Duration take(int bytes) {
    long wait = 0;
    for (RateLimit limit : limits) {
      wait = Math.max(wait, limit.take(bytes));
    }
    return Duration.ofNanos(wait);
  }

  /** The transfer was called off: nothing is limited any more. */
  void lift() {
    limits.clear();
  }
}
