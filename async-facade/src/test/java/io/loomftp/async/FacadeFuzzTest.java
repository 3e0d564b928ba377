package io.loomftp.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random programs against sessions: each ends in time, leaves no future open and no thread, and every reply belongs to its
 * command. {@code -Dloomftp.fuzz.programs=1000} runs more of them, {@code -Dloomftp.fuzz.seed=N} others.
 */
class FacadeFuzzTest {
  private static final int PROGRAMS = Integer.getInteger("loomftp.fuzz.programs", 100);
  private static final long SEED = Long.getLong("loomftp.fuzz.seed", 1_000);
  private static final int AT_ONCE = 6;

  @Test
  @Timeout(3_600)
  void randomProgramsEndWithEveryReplyAtItsCommand() throws Exception {
    List<FuzzServer.Kind> kinds = Arrays.stream(FuzzServer.Kind.values()).filter(FuzzServer.Kind::isAvailable).toList();
    List<FuzzServer> servers = new ArrayList<>();
    List<String> failures = Collections.synchronizedList(new ArrayList<>());
    AtomicInteger calm = new AtomicInteger();
    AtomicInteger lost = new AtomicInteger();
    AtomicInteger again = new AtomicInteger();
    AtomicInteger active = new AtomicInteger();
    AtomicInteger commands = new AtomicInteger();
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      for (FuzzServer.Kind kind : kinds) {
        servers.add(kind.start());
      }
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < PROGRAMS; i++) {
        FuzzProgram program = new FuzzProgram(servers.get(i % servers.size()), SEED + i);
        all.add(threads.submit(() -> {
          try {
            program.run();
          } catch (Exception | AssertionError e) {
            failures.add(FuzzWaits.text(e));
          }
          calm.addAndGet(program.isCalm() ? 1 : 0);
          lost.addAndGet(program.lostByItself() ? 1 : 0);
          again.addAndGet(program.wasConnectedAgain() ? 1 : 0);
          active.addAndGet(program.isActive() ? 1 : 0);
          commands.addAndGet(program.commands());
        }));
      }
      for (Future<?> one : all) {
        one.get();
      }
      FuzzThreads.awaitNone(failures::add);
    } finally {
      for (FuzzServer server : servers) {
        server.close();
      }
    }
    System.out.printf(
        "%d programs from seed %d on %s, %d of them without faults, %d in active mode: %d futures, %d sessions lost by cancels,"
            + " %d connected again, %d failed%n",
        PROGRAMS, SEED, kinds, calm.get(), active.get(), commands.get(), lost.get(), again.get(), failures.size());
    assertTrue(PROGRAMS < 100 || calm.get() > PROGRAMS / 5, "programs without faults are among them");
    assertEquals(List.of(), failures, () -> String.join("\n\n", failures));
  }
}
