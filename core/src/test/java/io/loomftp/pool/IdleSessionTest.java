package io.loomftp.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.loomftp.FtpSession;
import io.loomftp.testkit.HandClock;
import io.loomftp.testkit.Conversation;
import io.loomftp.testkit.ScriptedServer;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** Idle sessions, and leases that were not closed. */
@Timeout(60)
class IdleSessionTest {
  private final HandClock clock = new HandClock();

  private enum End {
    SAID_421 {
      @Override
      void of(Conversation c) throws Exception {
        c.reply("421 Idle for too long.");
        c.close();
      }
    },
    FIN {
      @Override
      void of(Conversation c) {
        c.close();
      }
    },
    RST {
      @Override
      void of(Conversation c) throws Exception {
        c.reset();
      }
    },
    UNASKED {
      @Override
      void of(Conversation c) throws Exception {
        c.reply("200 By the way.");
      }
    };

    abstract void of(Conversation c) throws Exception;
  }

  private static Queue<Conversation> watched(ScriptedServer server) {
    Queue<Conversation> all = new ConcurrentLinkedQueue<>();
    server.onConnect(c -> {
      all.add(c);
      c.reply("220 Ready.");
    });
    return all;
  }

  private static FtpSession used(FtpPool pool) throws Exception {
    return pool.run(ftp -> {
      ftp.noop();
      return ftp;
    });
  }

  @ParameterizedTest
  @EnumSource
  void endWhileIdleIsNoticedBeforeTheSessionIsHandedOut(End end) throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      Queue<Conversation> conversations = watched(server);
      try (FtpPool pool = PoolFixture.pool(server, 1).clock(clock).build()) {
        FtpSession first = used(pool);
        end.of(conversations.remove());
        clock.advance(Duration.ofSeconds(1));
        assertNotSame(first, used(pool));
        assertEquals(1, pool.limiter().open());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void endWhileIdleIsNoticedWithoutAnybodyAsking(End end) throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      Queue<Conversation> conversations = watched(server);
      try (FtpPool pool = PoolFixture.pool(server, 1).clock(clock).build()) {
        used(pool);
        end.of(conversations.remove());
        clock.advance(Duration.ofSeconds(1));
        pool.sweep();
        assertEquals(0, pool.state().idle());
        server.awaitIdle();
      }
    }
  }

  @Test
  void idleSessionIsClosedAfterAWhile() throws Exception {
    try (ScriptedServer server = ScriptedServer.start(); FtpPool pool = PoolFixture.pool(server, 1).clock(clock).build()) {
      used(pool);
      clock.advance(Duration.ofSeconds(59));
      pool.sweep();
      assertEquals(1, pool.state().idle());
      clock.advance(Duration.ofSeconds(1));
      pool.sweep();
      server.awaitIdle();
      assertEquals(0, pool.state().idle());
      assertTrue(server.commands().contains("QUIT"));
    }
  }

  @Test
  void idleSessionsAreClosedWithoutAnybodyAsking() throws Exception {
    try (ScriptedServer server = ScriptedServer.start();
        FtpPool pool = PoolFixture.pool(server, 1).maxIdle(Duration.ofMillis(100)).build()) {
      used(pool);
      server.awaitIdle();
      assertEquals(0, pool.state().idle());
    }
  }

  @Test
  void sessionThatWasIdleForLongHasToAnswer() throws Exception {
    try (ScriptedServer server = ScriptedServer.start(); FtpPool pool = PoolFixture.pool(server, 1).clock(clock).build()) {
      FtpSession first = used(pool);
      clock.advance(Duration.ofSeconds(31));
      long before = server.commands().stream().filter("NOOP"::equals).count();
      assertSame(first, pool.run(ftp -> ftp));
      assertEquals(before + 1, server.commands().stream().filter("NOOP"::equals).count());
      assertSame(first, pool.run(ftp -> ftp));
      assertEquals(before + 1, server.commands().stream().filter("NOOP"::equals).count());
      assertEquals(pool.config().timeouts(), first.config().timeouts());
    }
  }

  @Test
  void sessionThatDoesNotAnswerIsReplaced() throws Exception {
    try (ScriptedServer server = ScriptedServer.start();
        FtpPool pool = PoolFixture.pool(server, 1).clock(clock).build()) {
      FtpSession first = used(pool);
      server.once("NOOP", c -> c.close());
      clock.advance(Duration.ofSeconds(31));
      assertNotSame(first, used(pool));
    }
  }

  @Test
  void serverThatDoesNotKnowNoopIsThereAllTheSame() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().on("NOOP", "500 What?");
        FtpPool pool = PoolFixture.pool(server, 1).clock(clock).build()) {
      FtpSession first = pool.run(ftp -> ftp);
      clock.advance(Duration.ofSeconds(31));
      assertSame(first, pool.run(ftp -> ftp));
    }
  }

  @Test
  void leaseThatLastsVeryLongIsReportedOnce() throws Exception {
    try (Warnings warnings = new Warnings(); ScriptedServer server = ScriptedServer.start();
        FtpPool pool = PoolFixture.pool(server, 1).clock(clock).reportAfter(Duration.ofMinutes(5)).tracing(true).build();
        Lease lease = pool.lease()) {
      lease.session().noop();
      clock.advance(Duration.ofMinutes(6));
      pool.sweep();
      pool.sweep();
      assertEquals(1, warnings.count("leased very long"));
      assertEquals(1, warnings.count("leaseThatLastsVeryLongIsReportedOnce"));
      assertEquals(0, warnings.count("secret"));
    }
  }

  @Test
  void leaseThatIsGarbageIsReportedAndItsSessionClosed() throws Exception {
    try (Warnings warnings = new Warnings(); ScriptedServer server = ScriptedServer.start();
        FtpPool pool = PoolFixture.pool(server, 1).tracing(true).build()) {
      forget(pool);
      while (pool.state().leased() > 0) {
        System.gc();
        Thread.yield();
      }
      server.awaitIdle();
      assertEquals(1, warnings.count("a lease of " + pool.config() + " was not closed"));
      assertEquals(1, warnings.count("IdleSessionTest.forget"));
      pool.lease().close();
      assertEquals(2, server.sessions());
    }
  }

  private static void forget(FtpPool pool) throws Exception {
    assertTrue(pool.lease().session().isOpen());
  }

  /** What the pool warns of. */
  private static final class Warnings implements AutoCloseable {
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.loomftp.pool");
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();

    Warnings() {
      events.start();
      logger.setLevel(Level.WARN);
      logger.setAdditive(false);
      logger.addAppender(events);
    }

    long count(String text) {
      return List.copyOf(events.list).stream().filter(e -> e.getFormattedMessage().contains(text)).count();
    }

    @Override
    public void close() {
      logger.detachAppender(events);
      logger.setLevel(null);
      logger.setAdditive(true);
    }
  }
}
