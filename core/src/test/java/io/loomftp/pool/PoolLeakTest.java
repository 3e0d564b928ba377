package io.loomftp.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import io.loomftp.internal.control.ConnectionPermits;
import io.loomftp.internal.control.ConnectRate;
import io.loomftp.FtpException;
import io.loomftp.FtpSession;
import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** After any failure of its sessions, a pool neither loses nor leaks one. */
@Timeout(120)
class PoolLeakTest {
  /** {@code -Dloomftp.pool.faults} for the long form. */
  private static final int FAULTS = Integer.getInteger("loomftp.pool.faults", 500);

  private static ScriptedServer hostile() {
    ScriptedServer server = ScriptedServer.start().file("/a", "x".repeat(50_000)).directory("/sub");
    AtomicInteger number = new AtomicInteger();
    server.onConnect(c -> {
      if (number.incrementAndGet() % 20 == 0) {
        c.reset();
      } else {
        c.reply("220 Ready.");
      }
    });
    server.on("MDTM", c -> {
      c.reply("421 Enough.");
      c.close();
    });
    server.on("SYST", c -> c.reset());
    server.on("STAT", "not a reply");
    return server;
  }

  private static void misuse(FtpSession ftp, int number) throws IOException {
    switch (number % 10) {
      case 0 -> ftp.mdtm("a");
      case 1 -> ftp.syst();
      case 2 -> ftp.stat();
      case 3 -> assertEquals('x', ftp.get("a").read());
      case 4 -> ftp.put("b" + number).write(1);
      case 5 -> ftp.getFrom("nosuch", 5);
      case 6 -> ftp.cd("sub");
      case 7 -> ftp.quote("RNFR", "a");
      case 8 -> ftp.close();
      default -> throw new IOException("of the script's own");
    }
  }

  private static UnixOperatingSystemMXBean descriptors() {
    Assumptions.assumeTrue(
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean,
        "only Unix tells file descriptors");
    return (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  }

  private static void run(int faults) throws Exception {
    try (ScriptedServer server = hostile()) {
      ConnectionLimiter limiter = new ConnectionLimiter(new ConnectionPermits("s", new ConnectRate(10_000, 10_000, Duration
          .ofHours(1)), System::nanoTime));
      try (FtpPool pool = FtpPool.builder(PoolFixture.plain(server).build()).size(8).limiter(limiter).build();
          var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < faults; i++) {
          int number = i;
          all.add(threads.submit(() -> {
            try {
              pool.run(ftp -> {
                assertEquals("/", ftp.pwd());
                misuse(ftp, number);
                return null;
              });
            } catch (FtpException e) {
              assertFalse(String.valueOf(e.getMessage()).contains("secret"), e.getMessage());
            } catch (IOException e) {
              assertEquals("of the script's own", e.getMessage());
            }
            return null;
          }));
        }
        for (Future<?> each : all) {
          each.get();
        }
        assertEquals(0, pool.state().leased());
        try (Lease lease = pool.lease(); var in = lease.session().get("a")) {
          assertEquals("x".repeat(50_000), new String(in.readAllBytes(), StandardCharsets.US_ASCII));
        }
      }
      assertEquals(0, limiter.open());
      server.awaitIdle();
    }
  }

  @Test
  void faultsLeaveNoDescriptorNoThreadAndNoPermit() throws Exception {
    UnixOperatingSystemMXBean descriptors = descriptors();
    run(50); // what is made once, is made now
    long before = descriptors.getOpenFileDescriptorCount();
    int threadsBefore = ManagementFactory.getThreadMXBean().getThreadCount();
    long start = System.nanoTime();
    run(FAULTS);
    CountDownLatch never = new CountDownLatch(1);
    for (int i = 0; i < 50 && descriptors.getOpenFileDescriptorCount() > before; i++) {
      assertFalse(never.await(100, TimeUnit.MILLISECONDS));
    }
    long after = descriptors.getOpenFileDescriptorCount();
    int threadsAfter = ManagementFactory.getThreadMXBean().getThreadCount();
    System.out.printf(
        Locale.ROOT, "%d faults in a pool of 8 in %.1f s: descriptors %d -> %d, platform threads %d -> %d%n", FAULTS,
        (System.nanoTime() - start) / 1e9, before, after, threadsBefore, threadsAfter);
    assertTrue(after <= before, () -> "descriptors: " + before + " -> " + after);
    assertTrue(threadsAfter <= threadsBefore + 4, () -> "threads: " + threadsBefore + " -> " + threadsAfter);
  }
}
