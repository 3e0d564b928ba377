package io.loomftp.async;

import static io.loomftp.async.Ends.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.FtpConfig;
import io.loomftp.Timeouts;
import io.loomftp.TransferOptions;
import io.loomftp.mirror.Mirror;
import io.loomftp.pool.FtpPool;
import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How sessions and pools of an AsyncFtp end together, whatever they are doing. */
@Timeout(60)
class AsyncFtpCloseTest {
  private final ScriptedServer server = ScriptedServer.start().file("/t/a.txt", "0123456789").file("/t/b.txt", "01234");
  private final FtpConfig config =
      FtpConfig.builder("localhost").port(server.port()).credentials("alice", "secret")
          .timeouts(Timeouts.of(Duration.ofSeconds(5))).build();
  private final FtpPool pool = FtpPool.of(config, 2);
  private final AsyncFtp ftp = AsyncFtp.create();
  private final List<String> events = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch never = new CountDownLatch(1);

  @TempDir private Path folder;

  @AfterEach
  void close() {
    never.countDown();
    ftp.shutdownNow();
    pool.close();
    server.close();
  }

  private static long millis(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  /** Work that no interrupt ends. */
  private CompletableFuture<String> stubborn(AsyncFtpPool work, Runnable interrupted) {
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<String> future =
        work.run(
            "stubborn",
            session -> {
              begun.countDown();
              while (never.getCount() > 0) {
                try {
                  never.await();
                } catch (InterruptedException e) {
                  interrupted.run();
                }
              }
              return "";
            });
    Sneaky.await(begun);
    return future;
  }

  @Test
  void aliasOfAPoolIsFreeWhenItHasEnded() throws Exception {
    AsyncFtpPool first = ftp.pool("work", pool);
    assertThrows(IllegalArgumentException.class, () -> ftp.pool("work", pool));
    get(first.run("ask", session -> session.size("/t/a.txt")));
    first.close();
    AsyncFtpPool second = ftp.pool("work", pool);
    assertEquals(5L, (long) get(second.run("ask", session -> session.size("/t/b.txt"))));
    second.close();
  }

  @Test
  void boundHoldsForAllPoolsTogether() throws Exception {
    CountDownLatch begun = new CountDownLatch(2);
    for (int i = 0; i < 2; i++) {
      ftp.pool("work" + i, pool).run(
          "wait",
          session -> {
            begun.countDown();
            Sneaky.await(never); // an interrupt ends it
            return "";
          });
    }
    assertTrue(begun.await(20, TimeUnit.SECONDS));
    long took = millis(() -> ftp.close(Duration.ofSeconds(2)));
    assertTrue(took < 3_900, () -> took + " ms");
  }

  @Test
  void wrongBoundsAreRefusedAndLongOnesAreTaken() throws Exception {
    AsyncFtpSession s = ftp.session("s", config);
    get(s.connect());
    assertThrows(NullPointerException.class, () -> ftp.close(null));
    assertEquals("/", get(s.pwd()), "nothing was ended");
    ftp.pool("work", pool);
    ftp.close(ChronoUnit.FOREVER.getDuration());
    assertTrue(s.ended().isDone());
  }

  @Test
  void negativeBoundAborts() throws Exception {
    AsyncFtpSession s = ftp.session("s", config);
    get(s.connect());
    ftp.close(Duration.ofSeconds(-1));
    get(s.ended());
  }

  @Test
  void listenerOfAPoolThatClosesEverythingDoesNotWait() throws Exception {
    AsyncFtpPool work = ftp.pool("work", pool);
    AsyncFtpSession s = ftp.session("s", config);
    get(s.connect());
    server.on("NOOP", c -> Sneaky.await(never));
    s.noop();
    CompletableFuture<Long> took = new CompletableFuture<>();
    work.on("pool_done", e -> took.complete(millis(ftp::close)));
    work.run("ask", session -> session.size("/t/a.txt"));
    long waited = get(took);
    assertTrue(waited < 3_000, () -> waited + " ms");
    get(s.ended());
  }

  @Test
  void shutdownInterruptsAgainWhatHasSwallowedACancel() throws Exception {
    AsyncFtpPool work = ftp.pool("work", pool);
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch second = new CountDownLatch(1);
    stubborn(
        work,
        () -> {
          if (first.getCount() == 0) {
            second.countDown();
          }
          first.countDown();
        })
        .cancel(true);
    assertTrue(first.await(10, TimeUnit.SECONDS));
    work.shutdownNow();
    assertTrue(second.await(10, TimeUnit.SECONDS));
  }

  @Test
  void closeWaitsAlsoAfterAShutdown() throws Exception {
    AsyncFtpPool work = ftp.pool("work", pool);
    work.on("all", e -> events.add(e.name()));
    CountDownLatch interrupted = new CountDownLatch(1);
    CompletableFuture<String> future = stubborn(work, interrupted::countDown);
    work.shutdownNow();
    assertTrue(future.isCompletedExceptionally() && interrupted.await(10, TimeUnit.SECONDS));
    Thread.ofVirtual().start(never::countDown);
    work.close();
    assertEquals(List.of("pool_done"), events);
  }

  @Test
  void nullWorkIsRefused() {
    AsyncFtpPool work = ftp.pool("work", pool);
    assertThrows(NullPointerException.class, () -> work.run(null, session -> ""));
    assertThrows(NullPointerException.class, () -> work.run("null", null));
    assertThrows(NullPointerException.class, () -> work.get(null, folder, TransferOptions.defaults()));
    assertThrows(NullPointerException.class, () -> ftp.pool("null", null));
    ftp.pool("null", pool).close();
    work.close();
  }

  /** Mirrors of a server that stops in the middle of each file. */
  private CompletableFuture<?> hangingMirror(AsyncFtpPool work) throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(2);
    server.on(
        "RETR",
        c -> {
          c.reply("150 Wait.");
          c.openData().send("01");
          begun.countDown();
          c.next();
          c.reply("426 Broken off.");
          c.reply("226 Aborted.");
        });
    CompletableFuture<?> mirror = work.mirror(Mirror.download("/t", folder.resolve("t")));
    assertTrue(begun.await(20, TimeUnit.SECONDS));
    return mirror;
  }

  private List<String> left() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void cancelledMirrorEndsSoonAndInOneEvent() throws Exception {
    AsyncFtpPool work = ftp.pool("work", pool);
    work.on("all", e -> events.add(e.name()));
    hangingMirror(work).cancel(true);
    long took = millis(work::close);
    assertTrue(took < 9_000, () -> took + " ms");
    assertTrue(events.getLast().equals("mirror_error") || events.getLast().equals("mirror_done"), events::toString);
    assertEquals(1, events.stream().filter(name -> name.equals("mirror_error") || name.equals("mirror_done")).count());
    assertFalse(left().contains("a.txt") || left().contains("b.txt"), () -> "full names of cut files");
    assertEquals("/", pool.run(session -> session.pwd()));
  }

  @Test
  void mirrorWhosePoolAndServerAreClosedEndsInOneEvent() throws Exception {
    AsyncFtpPool work = ftp.pool("work", pool);
    work.on("all", e -> events.add(e.name()));
    CompletableFuture<?> mirror = hangingMirror(work);
    pool.close(); // leaves the leased sessions half a minute
    server.close();
    assertThrows(Exception.class, () -> {
      if (get(mirror) instanceof io.loomftp.mirror.MirrorReport report) {
        report.orThrow();
      }
    });
    work.close();
    assertEquals(1, events.stream().filter(name -> name.equals("mirror_error") || name.equals("mirror_done")).count());
    assertFalse(left().contains("a.txt") || left().contains("b.txt"), () -> "full names of cut files");
  }

  @Test
  void twoSessionsOfOneAliasCannotBe() throws Exception {
    AtomicInteger made = new AtomicInteger();
    AsyncFtpSession first = ftp.session("s", config);
    assertThrows(IllegalArgumentException.class, () -> ftp.session("s", config));
    get(first.connect());
    first.beforeEnd(made::incrementAndGet);
    get(first.quit());
    get(first.ended());
    assertEquals(1, made.get());
  }
}
