package io.loomftp.async;

import static io.loomftp.async.Ends.failure;
import static io.loomftp.async.Ends.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.FtpClosedException;
import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.Timeouts;
import io.loomftp.testkit.Conversation;
import io.loomftp.testkit.ScriptedServer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Commands that are held until the login end in time, however the login ends and whoever waits for them. */
@Timeout(60)
class HeldCommandsTest {
  private static final int TIMES = 20;

  private final ScriptedServer server = ScriptedServer.start();
  private final AsyncFtp ftp = AsyncFtp.create();

  @AfterEach
  void close() {
    ftp.shutdownNow();
    server.close();
  }

  private FtpConfig config(Duration bound) {
    return FtpConfig.builder("localhost").port(server.port()).credentials("alice", "secret").timeouts(Timeouts.of(bound)).build();
  }

  @Test
  void commandsBehindACancelledConnectFailAtOnce() throws Exception {
    server.onConnect(Conversation::stall); // so that the cancel comes before the login
    for (int i = 0; i < TIMES; i++) {
      AsyncFtpSession s = ftp.session("s" + i, config(Duration.ofHours(1)));
      s.connect().cancel(true);
      assertInstanceOf(FtpException.class, failure(s.pwd()));
      s.quit();
      get(s.ended());
    }
  }

  @Test
  void cancelledConnectMayBeRepeated() throws Exception {
    for (int i = 0; i < TIMES; i++) {
      AsyncFtpSession s = ftp.session("s" + i, config(Duration.ofSeconds(20)));
      s.connect().cancel(true);
      get(s.connect());
      assertEquals("/", get(s.pwd()));
      get(s.quit());
      get(s.ended());
    }
  }

  @Test
  void listenerOfTheFailureMayWaitForAHeldCommand() throws Exception {
    server.close();
    AsyncFtpSession s = ftp.session("s", config(Duration.ofSeconds(1)));
    CompletableFuture<Throwable> waited = new CompletableFuture<>();
    s.on("connect_error", e -> waited.complete(assertThrows(CompletionException.class, () -> s.pwd().join()).getCause()));
    s.connect();
    assertInstanceOf(FtpException.class, get(waited));
  }

  @Test
  void listenerOfTheFailureMayWaitForQuit() throws Exception {
    server.close();
    AsyncFtpSession s = ftp.session("s", config(Duration.ofHours(1)));
    CountDownLatch waited = new CountDownLatch(1);
    s.on("connect_error", e -> {
      s.quit().handle((reply, trouble) -> trouble).join();
      waited.countDown();
    });
    s.connect();
    get(s.ended());
    assertTrue(waited.await(20, TimeUnit.SECONDS));
  }

  @Test
  void dependentOfTheFailureMayWaitForAHeldCommand() throws Exception {
    server.close();
    AsyncFtpSession s = ftp.session("s", config(Duration.ofHours(1)));
    CompletableFuture<Throwable> waited =
        s.connect().handle((greeting, trouble) -> assertThrows(CompletionException.class, () -> s.pwd().join()).getCause());
    assertInstanceOf(FtpException.class, get(waited));
  }

  @Test
  void closeEndsWhatIsHeld() throws Exception {
    server.close();
    AsyncFtpSession s = ftp.session("s", config(Duration.ofHours(1)));
    CompletableFuture<Throwable> waited = new CompletableFuture<>();
    s.on("connect_error", e -> waited.complete(assertThrows(CompletionException.class, () -> s.pwd().join()).getCause()));
    CompletableFuture<?> connect = s.connect();
    failure(connect);
    s.close();
    assertInstanceOf(FtpClosedException.class, get(waited));
    get(s.ended());
  }
}
