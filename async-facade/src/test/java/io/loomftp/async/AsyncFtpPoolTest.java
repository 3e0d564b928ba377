package io.loomftp.async;

import static io.loomftp.async.Ends.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.FtpConfig;
import io.loomftp.FtpReplyException;
import io.loomftp.Timeouts;
import io.loomftp.TransferOptions;
import io.loomftp.mirror.Mirror;
import io.loomftp.mirror.MirrorReport;
import io.loomftp.pool.FtpPool;
import io.loomftp.testkit.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The work of a pool as futures and events. */
@Timeout(60)
class AsyncFtpPoolTest {
  private final ScriptedServer server = ScriptedServer.start().file("/t/a.txt", "0123456789").file("/t/b.txt", "01234");
  private final FtpPool pool =
      FtpPool.of(
          FtpConfig.builder("localhost").port(server.port()).credentials("alice", "secret")
              .timeouts(Timeouts.of(Duration.ofSeconds(5))).build(),
          2);
  private final AsyncFtp ftp = AsyncFtp.create();
  private final List<String> events = Collections.synchronizedList(new ArrayList<>());

  @TempDir private Path folder;

  @AfterEach
  void close() {
    ftp.shutdownNow();
    pool.close();
    server.close();
  }

  @Test
  void mirrorHasEventsAndAReport() throws Exception {
    ftp.on("all", e -> events.add(e.session() + " " + e.name()));
    AsyncFtpPool work = ftp.pool("nightly", pool);
    MirrorReport report = get(work.mirror(Mirror.download("/t", folder.resolve("t"))));
    assertTrue(report.isWhole(), report::toString);
    work.close();
    assertEquals("nightly mirror_planned", events.getFirst());
    assertTrue(events.contains("nightly mirror_progress"), events::toString);
    assertEquals("nightly mirror_done", events.getLast());
    assertEquals("0123456789", Files.readString(folder.resolve("t/a.txt")));
  }

  @Test
  void filesAndScriptsEndInAnEvent() throws Exception {
    AsyncFtpPool work = ftp.pool("work", pool);
    work.on("all", e -> events.add(e.toString()));
    assertEquals(10, get(work.get("/t/a.txt", folder.resolve("a"), TransferOptions.defaults())).bytes());
    get(work.put(folder.resolve("a"), "/t/c.txt", TransferOptions.defaults()));
    long size = get(work.run("ask", session -> session.size("/t/b.txt")));
    assertEquals(5, size);
    CompletableFuture<Long> refused = work.run("no", session -> session.size("/t/nosuch"));
    assertInstanceOf(
        FtpReplyException.class, assertThrows(ExecutionException.class, () -> get(refused)).getCause());
    work.close();
    assertEquals(List.of("pool_done(/t/a.txt)", "pool_done(/t/c.txt)", "pool_done(ask)"), events.subList(0, 3));
    assertTrue(events.get(3).startsWith("pool_error(550"), events::toString);
    assertThrows(IllegalStateException.class, () -> work.run("late", session -> session.pwd()));
  }

  @Test
  void cancelledWorkIsInterruptedAndLeavesNoFile() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    server.on(
        "RETR",
        c -> {
          c.reply("150 Wait.");
          c.openData().send("a little");
          begun.countDown();
          c.next();
          c.reply("426 Broken off.");
          c.reply("226 Aborted.");
        });
    AsyncFtpPool work = ftp.pool("work", pool);
    work.on("all", e -> events.add(e.name()));
    CompletableFuture<?> slow = work.get("/t/a.txt", folder.resolve("a"), TransferOptions.defaults());
    assertTrue(begun.await(20, TimeUnit.SECONDS));
    slow.cancel(true);
    work.close();
    assertEquals(List.of("pool_error"), events);
    assertFalse(Files.exists(folder.resolve("a")));
  }
}
