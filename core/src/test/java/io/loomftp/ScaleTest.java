package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import io.loomftp.testkit.DataPipe;
import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A thousand sessions at once need few threads, and ten thousand failures leave nothing behind. */
@Tag("scale")
@Timeout(120)
class ScaleTest {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final PrintStream FIGURES = System.out;

  @TempDir Path folder;

  private static UnixOperatingSystemMXBean descriptors() {
    Assumptions.assumeTrue(
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean,
        "only Unix tells file descriptors");
    return (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  }

  @Test
  void aThousandSessionsAtOnceSucceedOnAFewPlatformThreads() throws Exception {
    int sessions = 1_000;
    // Each has a control and a data connection, both ends in this JVM.
    Assumptions.assumeTrue(descriptors().getMaxFileDescriptorCount() > sessions * 5L,
        "too few file descriptors are allowed");
    CountDownLatch allLoggedIn = new CountDownLatch(sessions);
    CountDownLatch allDownloading = new CountDownLatch(sessions);
    try (ScriptedServer server = ScriptedServer.start().file("/a", "x".repeat(10_000))
        .dataPatience(Duration.ofSeconds(60))) {
      FtpConfig config = SessionFixture.plain(server).timeouts(Timeouts.of(Duration.ofSeconds(60))).build();
      int before = THREADS.getThreadCount(); // other tests of this JVM have left some
      long start = System.nanoTime();
      List<Future<Integer>> all = new ArrayList<>();
      for (int i = 0; i < sessions; i++) {
        String mine = "b" + i;
        all.add(
            Ftp.start(
                config,
                ftp -> {
                  allLoggedIn.countDown();
                  allLoggedIn.await();
                  int length;
                  try (FtpInputStream in = ftp.get("a")) {
                    int first = in.read();
                    allDownloading.countDown();
                    allDownloading.await();
                    length = (first < 0 ? 0 : 1) + in.readAllBytes().length;
                  }
                  ftp.put(mine, out -> out.write(1));
                  ftp.delete(mine);
                  return length;
                }));
      }
      assertTrue(allDownloading.await(90, TimeUnit.SECONDS), "they did not all get to their downloads");
      int threads = THREADS.getThreadCount();
      for (Future<Integer> one : all) {
        assertEquals(10_000, one.get());
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      int peak = Math.max(threads, THREADS.getThreadCount());
      FIGURES.printf(
          Locale.ROOT, "%d sessions at once: all succeeded in %.1f s, %d platform threads in the JVM%n", sessions,
          seconds, peak);
      assertTrue(peak - before < 28, () -> "platform threads: " + before + " before, then " + peak);
      assertEquals(sessions, server.sessions());
      server.awaitIdle();
    }
  }

  @Test
  void tenThousandFailuresLeaveNoDescriptorAndNoThread() throws Exception {
    UnixOperatingSystemMXBean descriptors = descriptors();
    Map<ErrorKind, AtomicInteger> kinds = new ConcurrentHashMap<>();
    failures(300, kinds); // what is made once, is made now
    kinds.clear();
    long descriptorsBefore = descriptors.getOpenFileDescriptorCount();
    long threadsBefore = platformThreads();
    long start = System.nanoTime();
    failures(10_000, kinds);
    double seconds = (System.nanoTime() - start) / 1e9;
    long descriptorsAfter = settled(descriptors, descriptorsBefore);
    long threadsAfter = platformThreads();
    FIGURES.printf(
        Locale.ROOT,
        "10000 failing operations in %.1f s: file descriptors %d -> %d, platform threads %d -> %d, kinds %s%n",
        seconds,
        descriptorsBefore,
        descriptorsAfter,
        threadsBefore,
        threadsAfter,
        kinds);
    assertEquals(10_000, kinds.values().stream().mapToInt(AtomicInteger::get).sum());
    assertTrue(kinds.size() >= 8, kinds.toString());
    assertTrue(descriptorsAfter <= descriptorsBefore, () -> "descriptors: " + descriptorsBefore + " -> " + descriptorsAfter);
    assertTrue(threadsAfter <= threadsBefore + 4, () -> "threads: " + threadsBefore + " -> " + threadsAfter);
    try (var left = Files.list(folder)) {
      assertEquals(0, left.count());
    }
  }

  /** Without the carriers of virtual threads: the JDK starts and stops them as the load requires. */
  private static long platformThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !thread.getClass().getName().equals("jdk.internal.misc.CarrierThread"))
        .count();
  }

  /** The last sockets are closed by threads that are just ending: they are given a moment. */
  private static long settled(UnixOperatingSystemMXBean descriptors, long goal) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    for (int i = 0; i < 50 && descriptors.getOpenFileDescriptorCount() > goal; i++) {
      assertEquals(false, never.await(100, TimeUnit.MILLISECONDS));
    }
    return descriptors.getOpenFileDescriptorCount();
  }

  private void failures(int count, Map<ErrorKind, AtomicInteger> kinds) throws Exception {
    int closedPort;
    try (ServerSocket free = new ServerSocket(0)) {
      closedPort = free.getLocalPort();
    }
    Semaphore places = new Semaphore(64);
    try (ScriptedServer server = hostile();
        ScriptedServer rude = ScriptedServer.start().onConnect(c -> c.raw("HTTP/1.1 400\r\n"));
        var threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("failing-", 0).factory())) {
      FtpConfig good = SessionFixture.plain(server).timeouts(Timeouts.of(SessionFixture.GENEROUS)).build();
      FtpConfig hasty =
          good.toBuilder().timeouts(Timeouts.of(SessionFixture.GENEROUS).withData(Duration.ofMillis(50))
              .withClose(Duration.ofMillis(50))).build();
      List<Future<ErrorKind>> all = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int number = i;
        places.acquire();
        all.add(
            threads.submit(
                () -> {
                  try {
                    return fail(number, good, hasty, closedPort, rude.port());
                  } finally {
                    places.release();
                  }
                }));
      }
      for (Future<ErrorKind> one : all) {
        kinds.computeIfAbsent(kindOf(one), k -> new AtomicInteger()).incrementAndGet();
      }
    }
  }

  private static ErrorKind kindOf(Future<ErrorKind> one) throws InterruptedException {
    try {
      return one.get();
    } catch (ExecutionException e) {
      throw new AssertionError("a failure failed in another way", e.getCause());
    }
  }

  private static ScriptedServer hostile() {
    ScriptedServer server = ScriptedServer.start().user("alice", "secret").file("/a", "x".repeat(10_000));
    server.on("AUTH", "502 No.");
    server.beforeEach(c -> {
      if (c.request().verb().equals("MDTM")) {
        c.reply("421 Enough.");
        c.close();
      }
    });
    server.on("RETR", c -> {
      switch (c.argument()) {
        case "reset" -> {
          c.reply("150 Go.");
          c.openData().send("half").reset();
          c.reply("426 Broken.");
        }
        case "stall" -> {
          c.reply("150 Go.");
          try (DataPipe data = c.openData()) {
            data.send("half");
            c.clientCloses();
          }
        }
        case "lost" -> {
          c.reply("150 Go.");
          c.openData().send("all").finish();
          c.close();
        }
        default -> c.ordinary();
      }
    });
    return server;
  }

  private ErrorKind fail(int number, FtpConfig good, FtpConfig hasty, int closedPort, int rudePort) throws IOException {
    try {
      switch (number % 12) {
        case 0 -> Ftp.open(good.toBuilder().port(closedPort).build()).close();
        case 1 -> Ftp.open(good.toBuilder().credentials("alice", "wrong").build()).close();
        case 2 -> Ftp.open(good.toBuilder().port(rudePort).build()).close();
        case 3 -> Ftp.open(good.toBuilder().tls(TlsPolicy.explicit()).build()).close();
        case 4 -> use(good, ftp -> ftp.delete("nosuch"));
        case 5 -> use(good, ftp -> ftp.get("nosuch"));
        case 6 -> use(good, ftp -> ftp.get("reset", folder.resolve("t" + number)));
        case 7 -> use(hasty, ftp -> ftp.get("stall", folder.resolve("t" + number)));
        case 8 -> use(good, ftp -> ftp.get("lost", folder.resolve("t" + number)));
        case 9 -> use(good, ftp -> ftp.put(folder.resolve("nosuch"), "b"));
        case 10 -> use(good, ftp -> ftp.mdtm("a"));
        default -> use(good.toBuilder().dataMode(DataMode.active()).build(), ftp -> ftp.get("nosuch"));
      }
      throw new IOException("operation " + number + " succeeded");
    } catch (FtpException e) {
      return e.kind();
    }
  }

  private interface Doomed {
    void with(FtpSession ftp) throws IOException;
  }

  private static void use(FtpConfig config, Doomed verb) throws IOException {
    try (FtpSession ftp = Ftp.open(config)) {
      verb.with(ftp);
    }
  }
}
