package io.loomftp.internal.retry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1));

  @Test
  void thePauseDoublesUpToTheLongest() {
    assertEquals(Duration.ZERO, BACKOFF.fullPause(0));
    assertEquals(Duration.ofMillis(100), BACKOFF.fullPause(1));
    assertEquals(Duration.ofMillis(400), BACKOFF.fullPause(3));
    assertEquals(Duration.ofSeconds(1), BACKOFF.fullPause(5));
    assertEquals(Duration.ofSeconds(1), BACKOFF.fullPause(Integer.MAX_VALUE));
  }

  @Test
  void jitterShortensByAtMostAHalf() {
    for (int i = 0; i < 1_000; i++) {
      Duration pause = BACKOFF.pause(3);
      assertTrue(pause.toMillis() >= 200 && pause.toMillis() <= 400, pause.toString());
    }
    assertEquals(Duration.ZERO, new Backoff(Duration.ZERO, Duration.ZERO).pause(1));
  }

  @Test
  void attemptsEndByNumberAndByTime() {
    AtomicLong now = new AtomicLong();
    RetryPolicy.Attempts three = new RetryPolicy(3, Duration.ofMinutes(1), BACKOFF).begin(now::get);
    assertTrue(three.next().isPresent());
    assertTrue(three.next().isPresent());
    assertEquals(3, three.count());
    assertEquals(Optional.empty(), three.next());

    RetryPolicy.Attempts late = new RetryPolicy(3, Duration.ofMinutes(1), BACKOFF).begin(now::get);
    now.addAndGet(Duration.ofSeconds(61).toNanos());
    assertEquals(Optional.empty(), late.next());
  }

  @Test
  void boundsThatAreNoneAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)));
    assertThrows(IllegalArgumentException.class, () -> new RetryPolicy(0, Duration.ZERO, BACKOFF));
  }
}
