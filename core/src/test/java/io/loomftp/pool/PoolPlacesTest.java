package io.loomftp.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.FtpReplyException;
import io.loomftp.FtpSession;
import io.loomftp.FtpTimeoutException;
import io.loomftp.Reply;
import io.loomftp.SessionListener;
import io.loomftp.testkit.Conversation;
import io.loomftp.testkit.HandClock;
import io.loomftp.testkit.ScriptedServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The places of a pool: none is lost, each is found in its order, and no message shows a secret. */
@Timeout(60)
class PoolPlacesTest {
  private final HandClock clock = new HandClock();

  /** Throws when this command is sent or answered, once armed. */
  private static final class Bomb implements SessionListener {
    volatile String command = "";

    @Override
    public void commandSent(String sent) {
      if (sent.equals(command)) {
        throw new ArithmeticException("boom");
      }
    }

    @Override
    public void replyReceived(String answered, Reply reply) {
      if (command.equals("any")) {
        throw new ArithmeticException("boom");
      }
    }
  }

  private FtpPool pool(ScriptedServer server, SessionListener listener) {
    return FtpPool.builder(PoolFixture.plain(server).listener(listener).build()).size(1).clock(clock)
        .limiter(PoolFixture.limiter(server)).patience(PoolFixture.GENEROUS).build();
  }

  @Test
  void whatIsThrownWhileASessionIsCheckedForItsLeaseCostsNoPlace() throws Exception {
    Bomb bomb = new Bomb();
    try (ScriptedServer server = ScriptedServer.start(); FtpPool pool = pool(server, bomb)) {
      for (int i = 0; i < 3; i++) {
        pool.run(FtpSession::pwd);
        clock.advance(Duration.ofSeconds(31)); // from here on it must answer NOOP
        bomb.command = "NOOP";
        assertThrows(ArithmeticException.class, pool::lease);
        bomb.command = "";
        assertEquals(0, pool.state().leased());
      }
      assertEquals("/", pool.run(FtpSession::pwd));
      assertEquals(1, pool.limiter().open());
    }
  }

  @Test
  void whatIsThrownWhileASessionIsGivenBackCostsNoPlace() throws Exception {
    Bomb bomb = new Bomb();
    try (ScriptedServer server = ScriptedServer.start().directory("/sub"); FtpPool pool = pool(server, bomb)) {
      for (int i = 0; i < 3; i++) {
        Lease lease = pool.lease();
        lease.session().cd("sub");
        bomb.command = "any";
        try {
          lease.close();
        } catch (ArithmeticException e) {
          assertEquals("boom", e.getMessage());
        }
        bomb.command = "";
        assertEquals(0, pool.state().leased());
      }
      assertEquals("/", pool.run(FtpSession::pwd));
    }
  }

  @Test
  void whatIsThrownWhileIdleSessionsAreSweptCostsNoPlace() throws Exception {
    Bomb bomb = new Bomb();
    Queue<Conversation> conversations = new ConcurrentLinkedQueue<>();
    try (ScriptedServer server = ScriptedServer.start().onConnect(c -> {
      conversations.add(c);
      c.reply("220 Ready.");
    });
        FtpPool pool = pool(server, bomb)) {
      for (int i = 0; i < 3; i++) {
        pool.run(FtpSession::pwd);
        bomb.command = "any";
        conversations.remove().reply("200 By the way.");
        clock.advance(Duration.ofSeconds(1));
        pool.sweep();
        while (pool.state().idle() + server.openSockets() > 0) {
          Thread.yield();
        }
        bomb.command = "";
        assertEquals("/", pool.run(FtpSession::pwd));
      }
      assertEquals(1, pool.limiter().open());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void sweepKeepsTheOrderInWhichSessionsBecameIdle(int sweeps) throws Exception {
    try (ScriptedServer server = ScriptedServer.start();
        FtpPool pool = PoolFixture.pool(server, 4).clock(clock).maxIdle(Duration.ofSeconds(60)).build()) {
      List<Lease> leases = new ArrayList<>();
      List<FtpSession> sessions = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        FutureTask<Lease> taking = new FutureTask<>(pool::lease);
        Thread.ofVirtual().start(taking);
        leases.add(taking.get());
        sessions.add(leases.getLast().session());
      }
      for (Lease lease : leases) {
        lease.close();
        clock.advance(Duration.ofSeconds(5));
      }
      for (int i = 0; i < sweeps; i++) {
        pool.sweep();
        clock.advance(Duration.ofSeconds(1));
      }
      assertEquals(4, pool.state().idle());
      try (Lease lease = pool.lease()) {
        assertSame(sessions.getLast(), lease.session(), "the one that was used last");
        clock.advance(Duration.ofSeconds(41 - sweeps)); // the first has been idle for more than a minute, the second has not
        pool.sweep();
        while (sessions.getFirst().isOpen()) {
          Thread.yield();
        }
        assertTrue(sessions.get(1).isOpen() && sessions.get(2).isOpen());
      }
    }
  }

  @Test
  void anyPatienceIsABound() throws Exception {
    Duration forever = Duration.ofSeconds(Long.MAX_VALUE);
    try (ScriptedServer server = ScriptedServer.start();
        FtpPool pool =
            PoolFixture.pool(server, 1).patience(forever).maxIdle(forever).checkAfter(forever).noopAfter(forever).reportAfter(
                forever)
                .grace(forever).build()) {
      Lease held = pool.lease();
      FutureTask<Lease> waiting = new FutureTask<>(() -> pool.lease(forever).orElseThrow());
      Thread.ofVirtual().start(waiting);
      FutureTask<Lease> another = new FutureTask<>(pool::lease);
      Thread.ofVirtual().start(another);
      while (pool.state().waiting() < 2) {
        Thread.onSpinWait();
      }
      FutureTask<Boolean> hasty = new FutureTask<>(() -> pool.lease(Duration.ofSeconds(Long.MIN_VALUE)).isPresent());
      Thread.ofVirtual().start(hasty);
      assertFalse(hasty.get(), "a negative bound is none");
      pool.sweep();
      held.close();
      waiting.get().close();
      another.get().close();
    }
  }

  @Test
  void passwordOfSitePswdIsInNoMessageOfThePool() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().on("SITE", "550 PSWD olden newer: not now.");
        FtpPool pool = PoolFixture.pool(server, 1).patience(PoolFixture.SHORT).tracing(true).build()) {
      try (Lease lease = pool.lease(PoolFixture.GENEROUS).orElseThrow()) {
        FtpReplyException refused = assertThrows(FtpReplyException.class, () -> lease.session().site("PSWD olden newer"));
        FutureTask<FtpTimeoutException> late =
            new FutureTask<>(() -> assertThrows(FtpTimeoutException.class, pool::lease));
        Thread.ofVirtual().start(late);
        List<String> shown =
            List.of(late.get().toString(), pool.state().toString(), pool.toString(), lease.toString(), refused.toString(),
                refused.transcript().toString());
        for (String text : shown) {
          assertFalse(text.contains("olden") || text.contains("newer"), text);
        }
        assertTrue(late.get().getMessage().contains("SITE"), late.get().getMessage());
      }
    }
  }
}
