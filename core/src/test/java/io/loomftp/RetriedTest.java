package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.mirror.Mirror;
import io.loomftp.pool.FtpPool;
import io.loomftp.pool.PoolFixture;
import io.loomftp.testkit.Conversation;
import io.loomftp.testkit.ScriptedServer;
import io.loomftp.watch.Watch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What pools, mirrors and watches try again is measured. */
@Timeout(60)
class RetriedTest {
  @TempDir Path folder;

  private final List<String> retried = new CopyOnWriteArrayList<>();

  private FtpPool pool(ScriptedServer server) {
    FtpConfig config =
        PoolFixture.plain(server)
            .metrics(
                measurement -> {
                  if (measurement instanceof FtpMeasurement.Retried retry) {
                    retried.add(retry.what() + " " + retry.attempt() + " " + retry.reason());
                  }
                })
            .build();
    return PoolFixture.pool(config, PoolFixture.limiter(server)).size(2).build();
  }

  @Test
  void aFolderWhoseListingWasCutOff() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/pub/a", "hello").once("MLSD", Conversation::close);
        FtpPool pool = pool(server)) {
      Mirror.download("/pub", folder).plan(pool).apply(pool).orThrow();
    }
    assertEquals(List.of("mirror: a folder's listing 2 CLOSED"), retried);
  }

  @Test
  void aFileOfAMirrorWhoseSessionWasLost() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/pub/a", "hello").once("RETR", Conversation::close);
        FtpPool pool = pool(server)) {
      Mirror.download("/pub", folder).options(TransferOptions.defaults().retry(Retry.none())).plan(pool).apply(pool).orThrow();
    }
    assertEquals(List.of("mirror: TRANSFER 2 CLOSED"), retried);
    assertEquals("hello", Files.readString(folder.resolve("a")));
  }

  @Test
  void aSegmentThatTheServerDidNotSend() throws Exception {
    byte[] content = new byte[4 << 20];
    try (ScriptedServer server = ScriptedServer.start().file("/a", content); FtpPool pool = pool(server)) {
      server.once("RETR", Conversation::ordinary).once("RETR", "451 Later.");
      Retry soon = new Retry(5, Duration.ofSeconds(20), Duration.ofMillis(1), Duration.ofMillis(1));
      pool.get("/a", folder.resolve("a"), TransferOptions.defaults().segments(2).retry(soon));
    }
    assertArrayEquals(content, Files.readAllBytes(folder.resolve("a")));
    assertEquals(List.of("segmented download 2 BUSY"), retried);
  }

  @Test
  void aPollOfAWatch() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/pub/a", "hello").once("MLSD", Conversation::close);
        FtpPool pool = pool(server);
        Watch watch = Watch.on(pool, "/pub").every(Duration.ofMillis(1)).existing().build()) {
      assertTrue(watch.next().isPresent());
    }
    assertEquals(List.of("watch 2 CLOSED"), retried);
  }
}
