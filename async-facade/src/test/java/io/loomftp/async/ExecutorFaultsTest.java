package io.loomftp.async;

import static io.loomftp.async.Ends.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.FtpConfig;
import io.loomftp.Timeouts;
import io.loomftp.testkit.ScriptedServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever the executor of the listeners does with an event, it is delivered once and in order, and the session ends. */
@Timeout(60)
class ExecutorFaultsTest {
  private static final List<String> WHOLE = List.of("connected", "authenticated", "noop", "quit");

  private final ScriptedServer server = ScriptedServer.start().file("/a.txt", "0123456789");
  private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void close() {
    server.close();
  }

  private FtpConfig config() {
    return FtpConfig.builder("localhost")
        .port(server.port())
        .credentials("alice", "secret")
        .timeouts(Timeouts.of(Duration.ofSeconds(5)))
        .build();
  }

  /** What an executor does with a task. */
  private enum Fault {
    RUNS_AT_ONCE {
      @Override
      void take(Runnable task) {
        task.run();
      }
    },
    REJECTS {
      @Override
      void take(Runnable task) {
        throw new RejectedExecutionException("no room");
      }
    },
    THROWS {
      @Override
      void take(Runnable task) {
        throw new IllegalStateException("the window is gone");
      }
    },
    THROWS_AN_ERROR {
      @Override
      void take(Runnable task) {
        throw new NoClassDefFoundError("Window");
      }
    },
    THROWS_WHAT_IS_CHECKED {
      @Override
      void take(Runnable task) {
        throw Sneaky.thrown(new Exception("of another language"));
      }
    },
    RUNS_AND_THROWS {
      @Override
      void take(Runnable task) {
        task.run();
        throw new IllegalStateException("after the work");
      }
    },
    RUNS_TWICE {
      @Override
      void take(Runnable task) {
        task.run();
        task.run();
      }
    };

    abstract void take(Runnable task);
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void eventsAreDeliveredOnceAndInOrder(Fault fault) throws Exception {
    try (AsyncFtp ftp = AsyncFtp.create(fault::take)) {
      AsyncFtpSession s = ftp.session("s", config());
      s.on("all", e -> seen.add(e.name()));
      get(s.connect());
      get(s.noop());
      get(s.quit());
      get(s.ended());
      assertEquals(WHOLE, seen);
    }
  }

  @Test
  void eventsThatATerminatedExecutorDidNotBeginAreDeliveredElsewhere() throws Exception {
    ExecutorService one = Executors.newSingleThreadExecutor();
    CountDownLatch hold = new CountDownLatch(1);
    one.execute(() -> Sneaky.await(hold));
    try (AsyncFtp ftp = AsyncFtp.create(one)) {
      AsyncFtpSession s = ftp.session("s", config());
      s.on("all", e -> seen.add(e.name()));
      get(s.connect());
      assertEquals(1, one.shutdownNow().size(), "the first event waits for the thread");
      hold.countDown();
      get(s.noop());
      get(s.quit());
      get(s.ended());
      assertEquals(WHOLE, seen);
    }
  }

  @Test
  void endComesAlsoWhenTheExecutorDropsEvents() throws Exception {
    Executor forgetful = task -> {};
    try (AsyncFtp ftp = AsyncFtp.create(forgetful)) {
      AsyncFtpSession s = ftp.session("s", config());
      s.on("all", e -> seen.add(e.name()));
      get(s.connect());
      get(s.noop());
      get(s.quit());
      get(s.ended());
    }
  }

  @Test
  void interruptOfAListenerMisordersNothing() throws Exception {
    AtomicInteger tasks = new AtomicInteger();
    try (ExecutorService two = Executors.newFixedThreadPool(2);
        AsyncFtp ftp = AsyncFtp.create(task -> {
          if (tasks.incrementAndGet() == 1) {
            task.run(); // as a full pool does with the policy of the caller who runs
          } else {
            two.execute(task);
          }
        })) {
      AsyncFtpSession s = ftp.session("s", config());
      CountDownLatch second = new CountDownLatch(1);
      s.on("connected", e -> Thread.currentThread().interrupt());
      s.on("authenticated", e -> {
        try {
          assertTrue(!second.await(200, TimeUnit.MILLISECONDS), "noop was not delivered meanwhile");
        } catch (InterruptedException interrupted) {
          seen.add("interrupted");
        }
        seen.add("authenticated");
      });
      s.on("noop", e -> {
        second.countDown();
        seen.add("noop");
      });
      s.connect();
      s.noop();
      get(s.quit());
      get(s.ended());
      assertEquals(List.of("authenticated", "noop"), seen);
    }
  }
}
