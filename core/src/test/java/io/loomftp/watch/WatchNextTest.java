package io.loomftp.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loomftp.pool.FtpPool;
import io.loomftp.pool.PoolFixture;
import io.loomftp.testkit.ScriptedServer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code next()} of a watch that is closed meanwhile is empty, whatever it was doing. */
@Timeout(60)
class WatchNextTest {
  @Test
  void nextIsEmptyWheneverTheCloseComes() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().directory("/in"); FtpPool pool = PoolFixture.pool(server, 1).build()) {
      for (int i = 0; i < 200; i++) {
        Watch watch = Watch.on(pool, "/in").every(i % 3 == 0 ? Duration.ofHours(1) : Duration.ofNanos(1)).build();
        FutureTask<Optional<Change>> next = new FutureTask<>(watch::next);
        (i % 2 == 0 ? Thread.ofVirtual() : Thread.ofPlatform()).start(next);
        for (int spin = 0; spin < i * 200; spin++) {
          Thread.onSpinWait();
        }
        watch.close();
        assertEquals(Optional.empty(), next.get(20, TimeUnit.SECONDS), "round " + i);
        assertEquals(Optional.empty(), watch.next());
      }
      pool.lease().close();
      assertEquals(0, pool.state().leased());
    }
  }
}
