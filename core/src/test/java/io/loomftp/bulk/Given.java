package io.loomftp.bulk;

import io.loomftp.FtpConfig;
import io.loomftp.Timeouts;
import io.loomftp.testkit.ScriptedServer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** How the tests of this package reach their servers. */
final class Given {
  /** Long enough for everything that is expected to go well, on a machine that is busy. */
  static final Duration GENEROUS = Duration.ofSeconds(10);

  /** Short enough to wait for where nothing is expected to come. */
  static final Duration SHORT = Duration.ofMillis(200);

  private Given() {}

  /** Alice, without TLS. */
  static FtpConfig.Builder plain(ScriptedServer server) {
    return FtpConfig.builder("localhost")
        .port(server.port())
        .credentials("alice", "secret")
        .timeouts(Timeouts.of(GENEROUS));
  }

  /** A pool for Alice with a governor of its own, since ports come again within a JVM. */
  static FtpPool.Builder pool(ScriptedServer server, int size) {
    return FtpPool.builder(plain(server).build()).size(size).governor(governor(server)).patience(GENEROUS);
  }

  /** Makes no haste but no pause either. */
  static Governor governor(ScriptedServer server) {
    Governor.Pace pace = new Governor.Pace(1_000, 1_000, Duration.ofHours(1));
    return new Governor("localhost:" + server.port(), pace, System::nanoTime);
  }

  /** The jobs may be done by the first sessions before the others have heard that they are too many. */
  static void awaitOpeners(FtpPool pool) {
    while (pool.state().opening() > 0) {
      Thread.yield();
    }
  }

  /** A clock that stands still until it is told to go on. */
  static final class HandClock implements LongSupplier {
    private final AtomicLong now = new AtomicLong(1_000_000_000L);

    @Override
    public long getAsLong() {
      return now.get();
    }

    void advance(Duration time) {
      now.addAndGet(time.toNanos());
    }
  }
}
