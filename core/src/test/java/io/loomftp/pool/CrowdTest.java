package io.loomftp.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.internal.control.ConnectionPermits;
import io.loomftp.internal.control.ConnectRate;
import io.loomftp.FtpConnectException;
import io.loomftp.FtpTimeoutException;
import io.loomftp.testkit.ScriptedServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Servers with a limit below the size of their pools. */
@Timeout(60)
class CrowdTest {
  private static final int JOBS = 2_000;

  private static void run(FtpPool pool, int jobs) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Long>> sizes = new ArrayList<>();
      for (int i = 0; i < jobs; i++) {
        sizes.add(threads.submit(() -> pool.run(ftp -> ftp.size("/a"))));
      }
      for (Future<Long> size : sizes) {
        assertEquals(5, size.get());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
      "false, 421 Too many connections (4) from this address.",
      "true, '530 Sorry, the maximum number of clients (4) for this user are already connected.'",
      "true, 421 Service not available."
  })
  void poolOfThirtyTwoDoesThousandsOfJobsWhereFourSessionsAreAllowed(boolean atLogin, String refusal) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello")) {
      Doorkeeper door =
          atLogin ? Doorkeeper.atLogin(server, 4, refusal) : Doorkeeper.atGreeting(server, 4, refusal);
      long start = System.nanoTime();
      try (FtpPool pool = FtpPool.builder(PoolFixture.plain(server).build()).size(32)
          .limiter(new ConnectionLimiter(new ConnectionPermits("s", ConnectRate.USUAL, System::nanoTime))).build()) {
        run(pool, JOBS);
        PoolFixture.awaitOpeners(pool);
        assertEquals(OptionalInt.of(4), pool.limiter().limit());
        assertEquals(OptionalInt.of(4), pool.state().limit());
      }
      System.out.printf(
          Locale.ROOT, "%d jobs, pool of 32, 4 allowed: %.2f s, %d sessions, %d turned away%n", JOBS,
          (System.nanoTime() - start) / 1e9, server.sessions(), door.turnedAway.get());
      assertEquals(4, door.most.get());
      assertTrue(door.turnedAway.get() < 32, () -> "turned away: " + door.turnedAway);
    }
  }

  @Test
  void twoPoolsShareWhatTheServerAllows() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello")) {
      Doorkeeper door = Doorkeeper.atGreeting(server, 3, "421 Too many connections.");
      ConnectionLimiter limiter = PoolFixture.limiter(server);
      try (FtpPool one = FtpPool.builder(PoolFixture.plain(server).build()).size(8).limiter(limiter).build();
          FtpPool other =
              FtpPool.builder(PoolFixture.plain(server).credentials("bob", "secret").build()).size(8).limiter(limiter).build();
          var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<?>> both = new ArrayList<>();
        for (FtpPool pool : List.of(one, other)) {
          both.add(
              threads.submit(
                  () -> {
                    run(pool, 300);
                    return null;
                  }));
        }
        for (Future<?> each : both) {
          each.get();
        }
        assertEquals(OptionalInt.of(3), limiter.limit());
        assertEquals(3, door.most.get());
      }
      assertEquals(0, limiter.open());
    }
  }

  @Test
  void idleSessionOfOnePoolGivesWayToAnotherPool() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello")) {
      Doorkeeper door = Doorkeeper.atGreeting(server, 1, "421 Too many connections.");
      ConnectionLimiter limiter = PoolFixture.limiter(server);
      limiter.atMost(1);
      try (FtpPool one = FtpPool.builder(PoolFixture.plain(server).build()).limiter(limiter).build();
          FtpPool other =
              FtpPool.builder(PoolFixture.plain(server).credentials("bob", "secret").build()).limiter(limiter).build()) {
        assertEquals(5L, one.<Long>run(ftp -> ftp.size("/a")));
        assertEquals(1, one.state().idle());
        assertEquals(5L, other.<Long>run(ftp -> ftp.size("/a")));
        assertEquals(0, one.state().idle());
        assertEquals(0, door.turnedAway.get());
      }
    }
  }

  @Test
  void timeoutAtAFullServerNamesItsLimit() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      server.greeting("421 Too many users are connected, please try again later.");
      try (FtpPool pool = PoolFixture.pool(server, 2).patience(Duration.ofSeconds(2)).build()) {
        var e = assertThrows(FtpTimeoutException.class, pool::lease);
        assertTrue(e.getMessage().contains("Too many users"), e.getMessage());
        assertTrue(server.sessions() < 5, () -> "connections: " + server.sessions());
      }
    }
  }

  @Test
  void serverThatIsClosedForMaintenanceIsNotWaitedFor() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      server.greeting("421 Down for maintenance.");
      try (FtpPool pool = PoolFixture.pool(server, 2).patience(Duration.ofMinutes(5)).build()) {
        var e = assertThrows(FtpConnectException.class, pool::lease);
        assertTrue(e.getMessage().contains("maintenance"), e.getMessage());
      }
    }
  }
}
