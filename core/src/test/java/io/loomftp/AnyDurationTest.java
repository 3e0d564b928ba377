package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.pool.FtpPool;
import io.loomftp.pool.PoolFixture;
import io.loomftp.testkit.ScriptedServer;
import io.loomftp.watch.Watch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A duration of any length is a bound: more nanoseconds than a long has room for are no error. */
@Timeout(60)
class AnyDurationTest {
  private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);

  @TempDir Path folder;

  private void transferBothWays(FtpConfig config, TransferOptions options) throws Exception {
    try (FtpSession ftp = Ftp.open(config)) {
      Path here = folder.resolve("a");
      ftp.get("/a", here, options);
      assertEquals("hello", Files.readString(here));
      ftp.put(here, "/b", options);
      assertEquals("hello", SessionFixture.text(ftp.get("/b")));
      assertEquals(2, ftp.list().toList().size());
      try (FtpInputStream in = ftp.get("/a")) {
        assertEquals('h', in.read()); // closed early
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void ofTimeouts(boolean tls) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello")) {
      Timeouts all =
          new Timeouts(FOREVER, FOREVER, FOREVER, FOREVER, FOREVER, FOREVER, Duration.ofSeconds(5), Optional.of(FOREVER));
      FtpConfig.Builder config = (tls ? SessionFixture.secured(server) : SessionFixture.plain(server)).timeouts(all);
      transferBothWays(config.build(), TransferOptions.defaults());
    }
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello")) {
      FtpConfig.Builder config = tls ? SessionFixture.secured(server) : SessionFixture.plain(server);
      Timeouts close = Timeouts.of(SessionFixture.GENEROUS).withClose(FOREVER);
      transferBothWays(config.timeouts(close).dataMode(DataMode.active()).build(), TransferOptions.defaults());
    }
  }

  static List<TransferOptions> options() {
    TransferOptions usual = TransferOptions.defaults();
    return List.of(
        usual.waitForTarget(FOREVER), usual.progressEvery(FOREVER).progress(state -> {}), usual.localStall(FOREVER),
        usual.slowest(1, FOREVER), usual.retry(new Retry(3, FOREVER, Duration.ofMillis(1), FOREVER)),
        usual.retry(new Retry(1, FOREVER, FOREVER, FOREVER)), usual.resume().atomic().waitForTarget(FOREVER));
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.MethodSource("options")
  void ofTransferOptions(TransferOptions options) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello")) {
      transferBothWays(SessionFixture.plain(server).build(), options);
    }
  }

  @Test
  void ofARetryThatIsNeeded() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello").once("RETR", c -> c.reset());
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      Retry retry = new Retry(3, FOREVER, Duration.ofMillis(1), FOREVER);
      assertEquals(2, ftp.get("/a", folder.resolve("a"), TransferOptions.defaults().retry(retry)).attempts());
    }
  }

  @Test
  void ofKeepAlive() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "hello")) {
      transferBothWays(SessionFixture.plain(server).keepAlive(FOREVER).build(), TransferOptions.defaults());
    }
  }

  @SuppressWarnings("try") // the watch is closed in the middle
  @Test
  void ofAWatchAndSegments() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/in/a", "x").file("/big", new byte[3 << 20]);
        FtpPool pool = PoolFixture.pool(server, 2).build();
        Watch watch = Watch.on(pool, "/in").every(FOREVER).still(1).existing().build()) {
      assertTrue(watch.next().isPresent());
      Thread waiting = Thread.startVirtualThread(() -> {
        try {
          watch.next();
        } catch (FtpException | InterruptedException e) {
          throw new IllegalStateException(e);
        }
      });
      watch.close();
      waiting.join();
      TransferOptions options =
          TransferOptions.defaults().segments(2).waitForTarget(FOREVER).progressEvery(FOREVER).progress(state -> {})
              .retry(new Retry(3, FOREVER, Duration.ofMillis(1), FOREVER));
      assertEquals(3 << 20, pool.get("/big", folder.resolve("big"), options).bytes());
    }
  }
}
