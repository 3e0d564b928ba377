package io.loomftp.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.ErrorKind;
import io.loomftp.FtpClosedException;
import io.loomftp.internal.control.ConnectionPermits;
import io.loomftp.internal.control.ConnectRate;
import io.loomftp.FtpConfig;
import io.loomftp.FtpConnectException;
import io.loomftp.FtpException;
import io.loomftp.FtpLoginException;
import io.loomftp.FtpReplyException;
import io.loomftp.FtpSession;
import io.loomftp.FtpTimeoutException;
import io.loomftp.testkit.HandClock;
import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Leases, waiting threads, and the messages of timeouts. */
@Timeout(60)
class FtpPoolTest {
  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.yield();
    }
  }

  private static <T> FutureTask<T> start(String name, java.util.concurrent.Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread.ofVirtual().name(name).start(task);
    return task;
  }

  private static long count(ScriptedServer server, String command) {
    return server.commands().stream().filter(command::equals).count();
  }

  @Test
  void sessionIsUsedAgain() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello"); FtpPool pool = PoolFixture.pool(server, 4).build()) {
      for (int i = 0; i < 5; i++) {
        assertEquals(5L, pool.<Long>run(ftp -> ftp.size("/a")));
      }
      assertEquals(1, server.sessions());
      assertEquals(List.of("SIZE /a", "SIZE /a", "SIZE /a", "SIZE /a"),
          server.commands().subList(server.commands().size() - 4, server.commands().size()), "nothing but the work is sent");
    }
  }

  @Test
  void thereAreNeverMoreThanItsSize() throws Exception {
    try (ScriptedServer server = ScriptedServer.start(); FtpPool pool = PoolFixture.pool(server, 3).build();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CountDownLatch threeAreIn = new CountDownLatch(3);
      List<Future<String>> all = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        all.add(threads.submit(() -> pool.run(ftp -> {
          threeAreIn.countDown();
          threeAreIn.await();
          return ftp.pwd();
        })));
      }
      for (Future<String> each : all) {
        assertEquals("/", each.get());
      }
      assertEquals(3, server.sessions());
    }
  }

  @Test
  void threadsAreServedInTheOrderTheyCame() throws Exception {
    try (ScriptedServer server = ScriptedServer.start(); FtpPool pool = PoolFixture.pool(server, 1).build()) {
      List<Integer> order = new ArrayList<>();
      List<FutureTask<Void>> all = new ArrayList<>();
      try (Lease first = pool.lease()) {
        assertNotNull(first.session());
        for (int i = 0; i < 10; i++) {
          int number = i;
          all.add(start("worker-" + i, () -> pool.run(ftp -> {
            order.add(number); // one at a time, so no lock
            return null;
          })));
          await(() -> pool.state().waiting() == number + 1);
        }
      }
      for (FutureTask<Void> each : all) {
        each.get();
      }
      assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), order);
    }
  }

  @Test
  void threadThatHasALeaseGetsTheSameSessionAgain() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello"); FtpPool pool = PoolFixture.pool(server, 1).build()) {
      try (Lease outer = pool.lease()) {
        try (Lease inner = pool.lease()) {
          assertSame(outer.session(), inner.session());
        }
        assertEquals(5L, pool.<Long>run(ftp -> ftp.size("/a")));
        assertEquals(1, pool.state().leased());
        assertEquals(Optional.empty(), start("other", () -> pool.lease(Duration.ZERO)).get());
      }
      assertEquals(0, pool.state().leased());
      assertEquals(1, pool.state().idle());
    }
  }

  @Test
  void leaseMayBeClosedByAnotherThreadAndTwice() throws Exception {
    try (ScriptedServer server = ScriptedServer.start(); FtpPool pool = PoolFixture.pool(server, 1).build()) {
      Lease lease = pool.lease();
      start("other", () -> {
        lease.close();
        return null;
      }).get();
      lease.close();
      assertThrows(IllegalStateException.class, lease::session);
      try (Lease next = pool.lease()) {
        lease.close();
        assertEquals(1, pool.state().leased());
        assertTrue(next.session().isOpen());
      }
    }
  }

  @Test
  void timeoutNamesTheHoldersOfSessions() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/big.iso", "hello");
        FtpPool pool = PoolFixture.pool(server, 1).patience(PoolFixture.SHORT).build()) {
      CountDownLatch done = new CountDownLatch(1);
      CountDownLatch begun = new CountDownLatch(1);
      var holder = start("nightly-copy", () -> {
        try (Lease lease = pool.lease(PoolFixture.GENEROUS).orElseThrow(); var in = lease.session().get("/big.iso")) {
          begun.countDown();
          done.await();
          return in.readAllBytes().length;
        }
      });
      begun.await();
      var e = assertThrows(FtpTimeoutException.class, pool::lease);
      assertEquals(ErrorKind.TIMEOUT, e.kind());
      assertTrue(
          e.getMessage().matches("(?s)no session of ftp://alice@localhost:\\d+ became free within 0[.]2 s: "
              + "1 of 1 are in use.*'nightly-copy' since \\d+[.]\\d s [(]RETR /big.iso[)].*"), e.getMessage());
      assertFalse(e.getMessage().contains("secret"), e.getMessage());
      assertFalse(e.getMessage().contains("FtpPoolTest"), "no stack without tracing");
      assertEquals(Optional.empty(), pool.lease(Duration.ofMillis(1)));
      done.countDown();
      assertEquals(5, holder.get());
      pool.lease(PoolFixture.GENEROUS).orElseThrow().close();
    }
  }

  @Test
  void tracingReportsWhereTheLeaseWasOpened() throws Exception {
    try (ScriptedServer server = ScriptedServer.start();
        FtpPool pool = PoolFixture.pool(server, 1).patience(PoolFixture.SHORT).tracing(true).build();
        Lease lease = pool.lease(PoolFixture.GENEROUS).orElseThrow()) {
      assertTrue(lease.session().isOpen());
      var e = assertThrows(ExecutionException.class, start("other", pool::lease)::get);
      assertTrue(String.valueOf(e.getCause().getMessage()).contains("tracingReportsWhereTheLeaseWasOpened"),
          e.getCause().getMessage());
    }
  }

  @Test
  void interruptEndsTheWaiting() throws Exception {
    try (ScriptedServer server = ScriptedServer.start();
        FtpPool pool = PoolFixture.pool(server, 1).patience(Duration.ofMinutes(5)).build();
        Lease lease = pool.lease()) {
      assertTrue(lease.session().isOpen());
      AtomicReference<Thread> waiter = new AtomicReference<>();
      var waiting = start("waiter", () -> {
        waiter.set(Thread.currentThread());
        try {
          pool.lease();
          return ErrorKind.OTHER;
        } catch (FtpClosedException e) {
          return Thread.currentThread().isInterrupted() ? e.kind() : ErrorKind.OTHER;
        }
      });
      await(() -> pool.state().waiting() == 1);
      waiter.get().interrupt();
      assertEquals(ErrorKind.ABORTED, waiting.get());
      assertEquals(0, pool.state().waiting());
    }
  }

  @Test
  void closingWakesWaitingThreadsAndClosesIdleSessions() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      FtpPool pool = PoolFixture.pool(server, 2).patience(Duration.ofMinutes(5)).build();
      Lease lease = pool.lease();
      Lease other = start("idle", pool::lease).get();
      other.close();
      Lease third = start("third", pool::lease).get();
      var waiting = start("waiter", pool::lease);
      await(() -> pool.state().waiting() == 1);
      third.close();
      Lease given = waiting.get();
      var vain = start("vain", pool::lease);
      await(() -> pool.state().waiting() == 1);
      given.discard();
      pool.close();
      var e = assertThrows(ExecutionException.class, vain::get);
      assertEquals(FtpClosedException.class, e.getCause().getClass());
      assertTrue(lease.session().isOpen(), "what is leased goes on");
      assertEquals("/", lease.session().pwd());
      lease.close();
      given.close();
      server.awaitIdle();
      assertEquals(2, count(server, "QUIT"));
      assertThrows(FtpClosedException.class, pool::lease);
      pool.close();
      assertEquals(0, pool.limiter().open());
    }
  }

  @Test
  void closedPoolTakesLeasedSessionsAwayAfterAWhile() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      FtpPool pool = PoolFixture.pool(server, 1).grace(PoolFixture.SHORT).build();
      Lease lease = pool.lease();
      pool.close();
      server.awaitIdle();
      await(() -> !lease.session().isOpen());
      lease.close();
    }
  }

  @Test
  void closingEndsWhatIsBeingOpened() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().onConnect(c -> c.stall())) {
      FtpPool pool = PoolFixture.pool(server, 1).build();
      var waiting = start("waiter", pool::lease);
      server.awaitSessions(1);
      pool.close();
      var e = assertThrows(ExecutionException.class, waiting::get);
      assertEquals(FtpClosedException.class, e.getCause().getClass());
      assertEquals(0, pool.limiter().open());
    }
  }

  @Test
  void wrongPasswordIsSentOnceHoweverManyWait() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().user("alice", "other"); FtpPool pool = PoolFixture.pool(server, 8)
        .build();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Lease>> all = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        all.add(threads.submit(() -> pool.lease()));
      }
      for (Future<Lease> each : all) {
        var e = assertThrows(ExecutionException.class, each::get);
        assertEquals(FtpLoginException.class, e.getCause().getClass());
        assertFalse(String.valueOf(e.getCause().getMessage()).contains("secret"));
      }
      assertEquals(1, count(server, "PASS secret"));
      assertEquals(1, server.sessions());
    }
  }

  @Test
  void refusedLoginIsTriedAgainAfterAPause() throws Exception {
    HandClock clock = new HandClock();
    try (ScriptedServer server = ScriptedServer.start().once("PASS", "530 Login incorrect.");
        FtpPool pool =
            PoolFixture.pool(server, 8)
                .clock(clock)
                .limiter(new ConnectionLimiter(new ConnectionPermits("s", ConnectRate.USUAL, clock)))
                .build()) {
      assertThrows(FtpLoginException.class, pool::lease);
      assertThrows(FtpLoginException.class, pool::lease);
      assertEquals(1, server.sessions());
      clock.advance(Duration.ofSeconds(5));
      pool.lease().close();
      assertEquals(2, server.sessions());
    }
  }

  @Test
  void serverThatIsNotThereFailsEverybodyAtOnce() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    FtpConfig config = FtpConfig.builder("localhost").port(port).credentials("alice", "secret").build();
    try (FtpPool pool = FtpPool.builder(config).size(8).patience(Duration.ofMinutes(5)).build();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Lease>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        all.add(threads.submit(() -> pool.lease()));
      }
      for (Future<Lease> each : all) {
        var e = assertThrows(ExecutionException.class, each::get);
        assertEquals(FtpConnectException.class, e.getCause().getClass());
      }
      assertEquals(0, pool.limiter().open());
    }
  }

  @Test
  void failureToOpenOneMoreIsNoErrorWhileOthersAreInUse() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello"); FtpPool pool = PoolFixture.pool(server, 4).build()) {
      Lease first = pool.lease();
      server.onConnect(c -> c.reset());
      var waiting = start("waiter", () -> pool.run(ftp -> ftp.size("/a")));
      server.awaitSessions(2);
      await(() -> pool.state().opening() == 0);
      first.close();
      assertEquals(5L, waiting.get());
    }
  }

  @Test
  void deadServerIsNotStormed() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().onConnect(c -> c.close());
        FtpPool pool = PoolFixture.pool(server, 8).patience(Duration.ofSeconds(1))
            .limiter(new ConnectionLimiter(new ConnectionPermits("s", ConnectRate.USUAL, System::nanoTime))).build();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      long end = System.nanoTime() + Duration.ofSeconds(1).toNanos();
      List<Future<Integer>> all = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        all.add(threads.submit(() -> {
          int failures = 0;
          while (System.nanoTime() < end) {
            assertThrows(FtpException.class, pool::lease);
            failures++;
          }
          return failures;
        }));
      }
      for (Future<Integer> each : all) {
        assertTrue(each.get() > 0);
      }
      assertTrue(server.sessions() <= 8, () -> "connections in one second: " + server.sessions());
    }
  }

  @Test
  void scriptThatFailsGivesItsSessionBack() throws Exception {
    try (ScriptedServer server = ScriptedServer.start(); FtpPool pool = PoolFixture.pool(server, 1).build()) {
      assertThrows(FtpReplyException.class, () -> pool.run(ftp -> ftp.size("/nosuch")));
      assertThrows(IOException.class, () -> pool.run(ftp -> {
        throw new IOException("mine");
      }));
      assertThrows(ArithmeticException.class, () -> pool.run(ftp -> 1 / (ftp.pwd().length() - 1)));
      assertEquals("/", pool.run(FtpSession::pwd));
      assertEquals(1, server.sessions());
    }
  }

  @Test
  void stateDescribesThePool() throws Exception {
    try (ScriptedServer server = ScriptedServer.start(); FtpPool pool = PoolFixture.pool(server, 3).build();
        Lease lease = pool.lease()) {
      PoolState state = pool.state();
      assertEquals(3, state.size());
      assertEquals(1, state.leased());
      assertEquals(0, state.idle());
      assertEquals(1, state.holders().size());
      assertFalse(pool.toString().contains("secret"), pool.toString());
      assertFalse(lease.toString().contains("secret"), lease.toString());
      assertTrue(pool.limiter().toString().contains("1 open"), pool.limiter().toString());
    }
  }

  @Test
  void sizeAndTimesMustMakeSense() {
    FtpConfig config = FtpConfig.builder("localhost").anonymous().build();
    assertThrows(IllegalArgumentException.class, () -> FtpPool.of(config, 0));
    assertThrows(IllegalArgumentException.class, () -> FtpPool.builder(config).patience(Duration.ofSeconds(-1)));
    assertThrows(IllegalArgumentException.class, () -> FtpPool.of(FtpConfig.builder("localhost").build(), 1));
  }

  @Test
  void poolsOfDifferentUsersNeverShareASession() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().user("alice", "secret").user("bob", "secret");
        FtpPool alices = PoolFixture.pool(server, 2).build();
        FtpPool bobs = FtpPool.builder(PoolFixture.plain(server).credentials("bob", "secret").build())
            .limiter(alices.limiter()).build()) {
      FtpSession hers = alices.run(ftp -> ftp);
      FtpSession his = bobs.run(ftp -> ftp);
      assertNotSame(hers, his);
      assertSame(hers, alices.run(ftp -> ftp));
      assertEquals("alice", hers.config().credentials().orElseThrow().user());
      assertEquals("bob", his.config().credentials().orElseThrow().user());
      assertEquals(1, count(server, "USER alice"));
      assertEquals(1, count(server, "USER bob"));
    }
  }

  @Test
  void sessionsAreNotHandedToTwoThreads() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello"); FtpPool pool = PoolFixture.pool(server, 4).build();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var inUse = new LinkedBlockingQueue<FtpSession>();
      List<Future<Long>> all = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        all.add(threads.submit(() -> pool.run(ftp -> {
          assertFalse(inUse.contains(ftp));
          inUse.add(ftp);
          long size = ftp.size("/a");
          inUse.remove(ftp);
          return size;
        })));
      }
      for (Future<Long> each : all) {
        assertEquals(5L, each.get(30, TimeUnit.SECONDS));
      }
    }
  }
}
