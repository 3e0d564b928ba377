package io.loomftp.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.ErrorKind;
import io.loomftp.FtpClosedException;
import io.loomftp.FtpInputStream;
import io.loomftp.pool.FtpPool;
import io.loomftp.pool.Lease;
import io.loomftp.pool.PoolFixture;
import io.loomftp.testkit.ScriptedServer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Closing a watch ends it at any step and affects nothing else. */
@Timeout(60)
class WatchCloseTest {
  private static CompletableFuture<String> running(Watch watch, boolean virtual) {
    CompletableFuture<String> end = new CompletableFuture<>();
    Runnable run =
        () -> {
          try {
            watch.run(change -> {});
            end.complete(Thread.currentThread().isInterrupted() ? "interrupted" : "returned");
          } catch (Throwable e) {
            end.completeExceptionally(e);
          }
        };
    Thread thread = virtual ? Thread.ofVirtual().unstarted(run) : Thread.ofPlatform().unstarted(run);
    thread.start();
    return end;
  }

  private static long lists(ScriptedServer server) {
    return server.commands().stream().filter(line -> line.startsWith("MLSD") || line.startsWith("LIST")).count();
  }

  @Test
  void closedWatchDoesNotWaitForASessionAndListsNothing() throws Exception {
    for (boolean virtual : new boolean[] {true, false}) {
      try (ScriptedServer server = ScriptedServer.start().directory("/in");
          FtpPool pool = PoolFixture.pool(server, 1).patience(Duration.ofMinutes(5)).build()) {
        Watch watch = Watch.on(pool, "/in").build();
        CompletableFuture<String> end;
        try (Lease mine = pool.lease()) {
          end = running(watch, virtual);
          while (pool.state().waiting() == 0) {
            Thread.onSpinWait();
          }
          watch.close();
          assertEquals("returned", end.get(20, TimeUnit.SECONDS));
          assertTrue(mine.session().isOpen());
        }
        assertEquals(0, lists(server));
      }
    }
  }

  @Test
  void watchThatIsClosedBetweenTwoFoldersListsNoMore() throws Exception {
    try (ScriptedServer server = ScriptedServer.start(); FtpPool pool = PoolFixture.pool(server, 1).build()) {
      for (int i = 0; i < 10; i++) {
        server.file("/in/" + "d/".repeat(i) + "f", "x");
      }
      Watch watch = Watch.on(pool, "/in").depth(20).build();
      AtomicInteger asked = new AtomicInteger();
      server.on(
          "MLSD",
          c -> {
            c.ordinary();
            if (asked.incrementAndGet() == 3) {
              watch.close();
            }
          });
      assertEquals("returned", running(watch, true).get(20, TimeUnit.SECONDS));
      assertTrue(lists(server) <= 4, server.commands().toString());
    }
  }

  @Test
  void nextIsEmptyAndPollThrowsWhenClosed() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().directory("/in"); FtpPool pool = PoolFixture.pool(server, 1).build()) {
      Watch watch = Watch.on(pool, "/in").build();
      watch.close();
      watch.close();
      assertEquals(Optional.empty(), watch.next());
      FtpClosedException thrown = assertThrows(FtpClosedException.class, watch::poll);
      assertEquals(ErrorKind.ABORTED, thrown.kind());
      assertEquals("the watch of /in is closed", thrown.getMessage());
      assertEquals(0, server.sessions());
    }
  }

  /** Whenever the close comes, {@code run} returns, and the next user of the session is not hit by a late abort. */
  @Test
  void closingAtAnyMomentAffectsNoOtherLease() throws Exception {
    byte[] content = new byte[300_000];
    try (ScriptedServer server = ScriptedServer.start().directory("/in").file("/f", content);
        FtpPool pool = PoolFixture.pool(server, 1).build()) {
      for (int i = 0; i < 60; i++) {
        Watch watch = Watch.on(pool, "/in").every(Duration.ofNanos(1)).build();
        CompletableFuture<String> end = running(watch, i % 2 == 0);
        long before = lists(server);
        for (int spin = i * 400; spin > 0 || lists(server) == before; spin--) {
          Thread.onSpinWait();
        }
        CompletableFuture<Void> closing = CompletableFuture.runAsync(watch::close);
        try (Lease lease = pool.lease(); FtpInputStream in = lease.session().get("/f")) {
          assertEquals(content.length, in.readAllBytes().length);
        }
        closing.get(20, TimeUnit.SECONDS);
        assertEquals("returned", end.get(20, TimeUnit.SECONDS));
      }
      assertFalse(server.commands().isEmpty());
    }
  }
}
