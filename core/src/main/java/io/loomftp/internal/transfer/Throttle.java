package io.loomftp.internal.transfer;

import io.loomftp.RateLimit;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Keeps one transfer within all the rate limits that hold for it; whoever ends the transfer ends its waiting too. */
final class Throttle {
  private final List<RateLimit> limits = new CopyOnWriteArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);

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

  /** Waits, or not for long when the transfer is ended. */
  void await(Duration time) throws InterruptedException {
    if (!time.isZero() && over.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
      limits.clear();
    }
  }

  /** The transfer is being ended; any thread may. */
  void end() {
    over.countDown();
  }
}
