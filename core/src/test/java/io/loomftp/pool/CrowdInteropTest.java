package io.loomftp.pool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.FtpConfig;
import io.loomftp.internal.control.ConnectionPermits;
import io.loomftp.internal.control.ConnectRate;
import io.loomftp.Timeouts;
import io.loomftp.TransferOptions;
import io.loomftp.testkit.RealServer;
import io.loomftp.testkit.RealServers.Variant;
import io.loomftp.testkit.RealServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real servers with a limit of four sessions, and larger pools. */
@Timeout(120)
class CrowdInteropTest {
  private static final int ALLOWED = 4;

  @TempDir Path local;

  private static FtpConfig config(RealServer server) {
    return FtpConfig.builder("localhost").port(server.port()).credentials(server.user(), server.password())
        .timeouts(Timeouts.of(Duration.ofSeconds(20))).build();
  }

  @ParameterizedTest
  @EnumSource(RealServers.Kind.class)
  void poolOfThirtyTwoLearnsWhatIsAllowed(RealServers.Kind kind) throws Exception {
    try (RealServer server = RealServers.start(kind, Variant.PLAIN, ALLOWED)) {
      Files.writeString(server.home().resolve("a"), "hello");
      long start = System.nanoTime();
      ConnectionLimiter limiter = new ConnectionLimiter(new ConnectionPermits(server.toString(), ConnectRate.USUAL,
          System::nanoTime));
      try (FtpPool pool = FtpPool.builder(config(server)).size(32).limiter(limiter).build();
          var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<Long>> sizes = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
          sizes.add(threads.submit(() -> pool.run(ftp -> ftp.size("a"))));
        }
        for (Future<Long> size : sizes) {
          assertEquals(5L, size.get());
        }
        PoolFixture.awaitOpeners(pool);
        System.out.printf(
            Locale.ROOT, "%s: 500 jobs, pool of 32, %d allowed: %.2f s, %s%n", kind, ALLOWED,
            (System.nanoTime() - start) / 1e9, limiter);
        int learned = limiter.limit().orElseThrow();
        assertTrue(learned >= ALLOWED - 1 && learned <= ALLOWED, () -> "learned: " + learned);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(RealServers.Kind.class)
  void fileComesInSegments(RealServers.Kind kind) throws Exception {
    byte[] content = new byte[9 << 20];
    new Random(3).nextBytes(content);
    try (RealServer server = RealServers.start(kind, Variant.PLAIN, ALLOWED)) {
      Files.write(server.home().resolve("big"), content);
      try (FtpPool pool = FtpPool.of(config(server), ALLOWED)) {
        Path target = local.resolve("big");
        pool.get("big", target, TransferOptions.defaults().segments(ALLOWED));
        assertArrayEquals(content, Files.readAllBytes(target));
        pool.get("big", target, TransferOptions.defaults().segments(ALLOWED));
        assertTrue(pool.state().idle() > 0, "sessions survive the end of their ranges: " + pool.state());
      }
    }
  }
}
