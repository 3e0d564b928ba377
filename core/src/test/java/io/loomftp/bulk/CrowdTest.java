package io.loomftp.bulk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.Conversation;
import io.loomftp.testkit.ScriptedServer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that allows fewer sessions than the pool would have. */
@Timeout(60)
class CrowdTest {
  /** Turns away whoever is one too many, and counts those. */
  private static final class Doorkeeper {
    final AtomicInteger turnedAway = new AtomicInteger();
    final AtomicInteger most = new AtomicInteger();
    private final Set<Conversation> inside = ConcurrentHashMap.newKeySet();

    Doorkeeper(ScriptedServer server, int allowed, String refusal) {
      server.onConnect(
          c -> {
            inside.removeIf(Doorkeeper::isGone);
            boolean welcome;
            synchronized (this) {
              welcome = inside.size() < allowed;
              if (welcome) {
                inside.add(c);
              }
            }
            if (welcome) {
              most.accumulateAndGet(inside.size(), Math::max);
              c.reply("220 Welcome.");
            } else {
              turnedAway.incrementAndGet();
              c.reply(refusal);
              c.close();
            }
          });
      server.on(
          "QUIT",
          c -> {
            inside.remove(c);
            c.reply("221 Bye.");
            c.close();
          });
    }

    private static boolean isGone(Conversation c) {
      return false;
    }
  }

  @Test
  void poolOfThirtyTwoDoesThousandsOfJobsWhereFourSessionsAreAllowed() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello")) {
      Doorkeeper door = new Doorkeeper(server, 4, "421 Too many connections (4) from this address.");
      FtpPool pool = FtpPool.of(Given.plain(server).build(), 32);
      try (pool; var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<Long>> sizes = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
          sizes.add(threads.submit(() -> pool.run(ftp -> ftp.size("/a"))));
        }
        for (Future<Long> size : sizes) {
          assertEquals(5, size.get());
        }
        assertEquals(OptionalInt.of(4), pool.governor().limit());
        assertEquals(OptionalInt.of(4), pool.state().limit());
      }
      System.out.println("turned away " + door.turnedAway + " most " + door.most + " sessions " + server.sessions());
      assertEquals(4, door.most.get());
      assertTrue(door.turnedAway.get() <= 32, () -> "turned away: " + door.turnedAway);
    }
  }
}
