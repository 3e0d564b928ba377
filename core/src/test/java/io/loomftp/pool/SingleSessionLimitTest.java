package io.loomftp.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.ErrorKind;
import io.loomftp.Ftp;
import io.loomftp.FtpClosedException;
import io.loomftp.FtpConfig;
import io.loomftp.FtpConnectException;
import io.loomftp.FtpException;
import io.loomftp.FtpLoginException;
import io.loomftp.FtpSession;
import io.loomftp.Retry;
import io.loomftp.Timeouts;
import io.loomftp.TransferOptions;
import io.loomftp.testkit.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Single sessions keep to the connection limit of a server. */
@Timeout(60)
class SingleSessionLimitTest {
  @TempDir Path folder;

  private static <T> FutureTask<T> start(java.util.concurrent.Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread.ofVirtual().start(task);
    return task;
  }

  private static void awaitOpen(ConnectionLimiter limiter, int count) {
    while (limiter.open() != count) {
      Thread.yield();
    }
  }

  private static FtpConfig.Builder connectsWithin(ScriptedServer server, Duration bound) {
    return PoolFixture.plain(server).timeouts(Timeouts.of(PoolFixture.GENEROUS).withConnect(bound));
  }

  @Test
  void waitsForAConnectionThatIsClosed() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      FtpConfig config = PoolFixture.plain(server).build();
      ConnectionLimiter.of(config).atMost(1);
      FtpSession first = Ftp.open(config);
      FutureTask<String> second = start(() -> {
        try (FtpSession ftp = Ftp.open(config)) {
          return ftp.pwd();
        }
      });
      assertEquals(1, ConnectionLimiter.of(config).open());
      first.close();
      assertEquals("/", second.get());
      assertEquals(2, server.sessions());
    }
  }

  @Test
  void failsWithinTheConnectBoundAndSaysWhy() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      FtpConfig config = connectsWithin(server, PoolFixture.SHORT).build();
      ConnectionLimiter.of(config).atMost(2);
      try (FtpSession first = Ftp.open(config); FtpSession second = Ftp.open(config)) {
        var e = assertThrows(FtpConnectException.class, () -> Ftp.open(config));
        assertEquals(ErrorKind.BUSY, e.kind());
        assertTrue(e.getMessage().contains("2 connections are open and the server allows 2"), e.getMessage());
        assertTrue(first.isOpen() && second.isOpen());
      }
      assertEquals(2, server.sessions());
      Ftp.open(config).close();
    }
  }

  @Test
  void learnsTheLimitForPoolsToo() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      Doorkeeper.atGreeting(server, 2, "421 Too many connections.");
      FtpConfig config = connectsWithin(server, PoolFixture.SHORT).build();
      try (FtpSession first = Ftp.open(config); FtpSession second = Ftp.open(config)) {
        assertThrows(FtpConnectException.class, () -> Ftp.open(config));
        assertEquals(OptionalInt.of(2), ConnectionLimiter.of(config).limit());
        try (FtpPool pool = FtpPool.of(config, 4)) {
          assertTrue(pool.lease(PoolFixture.SHORT).isEmpty());
        }
        assertEquals(3, server.sessions(), "nobody asks again");
        assertTrue(first.isOpen() && second.isOpen());
      }
    }
  }

  @Test
  void serverThatTurnsAwayTheOnlyConnectionSaysNothingOfOurs() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      server.onConnect(c -> {
        c.reply("421 Too many connections.");
        c.close();
      });
      FtpConfig config = PoolFixture.plain(server).build();
      assertThrows(FtpConnectException.class, () -> Ftp.open(config));
      assertEquals(OptionalInt.empty(), ConnectionLimiter.of(config).limit());
      server.onConnect(c -> c.reply("220 Welcome."));
      try (FtpSession first = Ftp.open(config); FtpSession second = Ftp.open(config)) {
        assertTrue(first.isOpen() && second.isOpen());
      }
    }
  }

  @Test
  void permitComesBackHoweverTheConnectionEnds() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello")) {
      FtpConfig config = PoolFixture.plain(server).build();
      ConnectionLimiter limiter = ConnectionLimiter.of(config);
      try (FtpSession open = Ftp.connect(config)) {
        assertEquals(1, limiter.open());
        assertTrue(open.isOpen());
      }
      assertEquals(0, limiter.open());
      server.once("PASS", "530 Login incorrect.");
      assertThrows(FtpLoginException.class, () -> Ftp.open(config));
      assertEquals(0, limiter.open());
      server.once("PASS", c -> c.reset());
      assertThrows(FtpException.class, () -> Ftp.open(config));
      assertEquals(0, limiter.open());
      server.once("NOOP", c -> c.close());
      FtpSession lost = Ftp.open(config);
      assertThrows(FtpException.class, lost::noop);
      assertEquals(0, limiter.open());
      FtpSession quits = Ftp.open(config);
      quits.quit();
      assertEquals(0, limiter.open());
      FtpSession reading = Ftp.open(config);
      assertEquals('h', reading.get("/a").read());
      reading.close();
      assertEquals(0, limiter.open());
    }
  }

  @Test
  void reconnectGoesThroughTheLimiter() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", new byte[100_000])) {
      FtpConfig config = PoolFixture.plain(server).build();
      ConnectionLimiter limiter = ConnectionLimiter.of(config);
      limiter.atMost(1);
      server.once("RETR", c -> {
        c.reply("150 Here it comes.");
        c.openData().send("half").reset();
        c.reset();
      });
      try (FtpSession ftp = Ftp.open(config)) {
        ftp.get("/a", folder.resolve("a"), TransferOptions.defaults().retry(Retry.standard()));
        assertEquals(1, limiter.open());
      }
      assertEquals(100_000, Files.size(folder.resolve("a")));
      assertEquals(2, server.sessions());
      assertEquals(0, limiter.open());
    }
  }

  @Test
  void interruptEndsTheWaitForAConnection() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      FtpConfig config = PoolFixture.plain(server).build();
      ConnectionLimiter limiter = ConnectionLimiter.of(config);
      limiter.atMost(1);
      try (FtpSession first = Ftp.open(config)) {
        FutureTask<FtpSession> waiting = new FutureTask<>(() -> Ftp.open(config));
        Thread waiter = Thread.ofPlatform().start(waiting);
        while (waiter.getState() != Thread.State.TIMED_WAITING) {
          Thread.yield();
        }
        waiter.interrupt();
        var e = assertThrows(ExecutionException.class, waiting::get);
        assertEquals(ErrorKind.ABORTED, assertInstanceOf(FtpClosedException.class, e.getCause()).kind());
        assertTrue(first.isOpen());
        assertEquals(1, limiter.open());
      }
    }
  }

  @Test
  void passwordThatIsNotProvenIsSentByOneSessionAtATime() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      AtomicInteger atOnce = new AtomicInteger();
      AtomicInteger most = new AtomicInteger();
      CountDownLatch second = new CountDownLatch(2);
      server.on("PASS", c -> {
        most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
        server.awaitSessions(8);
        second.countDown();
        second.await(500, TimeUnit.MILLISECONDS); // a second one would come now
        atOnce.decrementAndGet();
        c.reply("530 Login incorrect.");
      });
      FtpConfig config = PoolFixture.plain(server).build();
      List<Future<FtpSession>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        all.add(start(() -> Ftp.open(config)));
      }
      for (Future<FtpSession> each : all) {
        var e = assertThrows(ExecutionException.class, each::get);
        assertInstanceOf(FtpLoginException.class, e.getCause());
      }
      assertEquals(1, most.get());
      assertEquals(0, ConnectionLimiter.of(config).open());
    }
  }

  @Test
  void correctedPasswordIsNotHeldUp() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().user("alice", "secret")) {
      FtpConfig wrong = PoolFixture.plain(server).credentials("alice", "wrong").build();
      assertThrows(FtpLoginException.class, () -> Ftp.open(wrong));
      assertThrows(FtpLoginException.class, () -> Ftp.open(wrong));
      try (FtpSession ftp = Ftp.connect(wrong)) {
        assertThrows(FtpLoginException.class, () -> ftp.login(wrong.credentials().orElseThrow()));
        ftp.login(PoolFixture.plain(server).build().credentials().orElseThrow());
        assertEquals("/", ftp.pwd());
      }
      assertEquals(3, server.commands().stream().filter("PASS wrong"::equals).count());
    }
  }

  @SuppressWarnings("try") // the lease ends before its block
  @Test
  void waitingSessionGetsOneThatAPoolDoesNotUse() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      FtpConfig config = PoolFixture.plain(server).build();
      ConnectionLimiter limiter = ConnectionLimiter.of(config);
      limiter.atMost(2);
      try (FtpPool pool = FtpPool.of(config, 2)) {
        pool.run(FtpSession::pwd);
        try (Lease lease = pool.lease(); FtpSession other = Ftp.open(config);) {
          assertTrue(lease.session().isOpen() && other.isOpen());
          FutureTask<Boolean> third = start(() -> {
            try (FtpSession ftp = Ftp.open(config)) {
              return ftp.isOpen();
            }
          });
          lease.close();
          assertTrue(third.get(), "the idle session makes room");
        }
      }
      awaitOpen(limiter, 0);
    }
  }

  @Test
  void closingAPoolThatConnectsIsNoFailureOfTheServer() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().onConnect(c -> c.stall())) {
      FtpConfig config = PoolFixture.plain(server).build();
      for (int i = 1; i <= 6; i++) {
        FtpPool pool = FtpPool.of(config, 1);
        FutureTask<Lease> waiting = start(pool::lease);
        server.awaitSessions(i);
        pool.close();
        assertThrows(ExecutionException.class, waiting::get);
      }
      server.onConnect(c -> c.reply("220 Welcome."));
      try (FtpPool pool = FtpPool.of(config, 1)) {
        assertTrue(pool.lease(Duration.ofSeconds(3)).isPresent(), "without the pause that failures cause");
      }
    }
  }
}
