package io.loomftp.pool;

import io.loomftp.FtpConfig;
import io.loomftp.internal.control.ConnectionPermits;
import io.loomftp.internal.control.ConnectRate;
import io.loomftp.Timeouts;
import io.loomftp.testkit.ScriptedServer;
import java.time.Duration;

/** Fixtures of the tests of this package. */
public final class PoolFixture {
  /** Long enough for everything that is expected to go well, on a machine that is busy. */
  public static final Duration GENEROUS = Duration.ofSeconds(10);

  /** Short enough to wait for where nothing is expected to come. */
  public static final Duration SHORT = Duration.ofMillis(200);

  private PoolFixture() {}

  /** Alice, without TLS. */
  public static FtpConfig.Builder plain(ScriptedServer server) {
    return FtpConfig.builder("localhost")
        .port(server.port())
        .credentials("alice", "secret")
        .timeouts(Timeouts.of(GENEROUS));
  }

  /** A pool for Alice with a limiter of its own, since ports come again within a JVM. */
  public static FtpPool.Builder pool(ScriptedServer server, int size) {
    return FtpPool.builder(plain(server).build()).size(size).limiter(limiter(server)).patience(GENEROUS);
  }

  /** A pool with a limiter of its own, as a pool in another JVM has. */
  public static FtpPool.Builder pool(FtpConfig config, ConnectionLimiter limiter) {
    return FtpPool.builder(config).limiter(limiter);
  }

  /** The limiter that a new server gets. */
  public static ConnectionLimiter newLimiter() {
    return new ConnectionLimiter(new ConnectionPermits("s", ConnectRate.USUAL, System::nanoTime));
  }

  /** Makes no haste but no pause either. */
  public static ConnectionLimiter limiter(ScriptedServer server) {
    ConnectRate pace = new ConnectRate(1_000, 1_000, Duration.ofHours(1));
    return new ConnectionLimiter(new ConnectionPermits("localhost:" + server.port(), pace, System::nanoTime));
  }

  /** The jobs may be done by the first sessions before the others have heard that they are too many. */
  static void awaitOpeners(FtpPool pool) {
    while (pool.state().opening() > 0) {
      Thread.yield();
    }
  }
}
