package io.loomftp.truth;

import io.loomftp.FtpConfig;
import io.loomftp.Retry;
import io.loomftp.Timeouts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * How thorough the tests of this package are. The usual form tries a sample of all cases, always the same; {@code
 * -Dloomftp.truth=long} tries all of them, {@code -Dloomftp.truth.rounds} times, and {@code -Dloomftp.truth.seed} repeats the
 * choices of an earlier run.
 */
final class Truth {
  static final boolean LONG = "long".equals(System.getProperty("loomftp.truth"));
  static final int ROUNDS = Integer.getInteger("loomftp.truth.rounds", 1);
  static final long SEED = Long.getLong("loomftp.truth.seed", LONG ? System.nanoTime() & 0xFFFFFF : 7);

  /** When the first version of a file was written. */
  static final Instant BEFORE = Instant.parse("2024-03-02T10:20:30Z");

  /** When another version took its place. */
  static final Instant AFTER = Instant.parse("2025-07-08T09:10:11Z");

  /** Long enough for a busy machine. */
  static final Duration GENEROUS = Duration.ofSeconds(20);

  /** Soon again. */
  static final Retry AT_ONCE = new Retry(3, Duration.ofSeconds(30), Duration.ofMillis(1), Duration.ofMillis(5));

  private Truth() {}

  static FtpConfig config(int port, String user, String password) {
    return FtpConfig.builder("127.0.0.1").port(port).credentials(user, password).timeouts(Timeouts.of(GENEROUS)).build();
  }

  /** Bytes that no other seed gives, at no place. */
  static byte[] content(int size, long seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** All of them in the long form, else so many. */
  static <T> List<T> sample(List<T> all, int count, Random random) {
    if (LONG) {
      return all;
    }
    List<T> some = new ArrayList<>(all);
    Collections.shuffle(some, random);
    return some.subList(0, Math.min(count, some.size()));
  }
}
