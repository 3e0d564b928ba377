package io.loomftp.async;

import static io.loomftp.async.Ends.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.Timeouts;
import io.loomftp.TransferResult;
import io.loomftp.testkit.ScriptedServer;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Futures complete in the order of the commands, whatever listeners do and whatever exceptions the user's code throws. */
@Timeout(60)
class CompletionOrderTest {
  private static final int TIMES = 5;
  private static final long BUSY = TimeUnit.MILLISECONDS.toNanos(90);

  private final ScriptedServer server = ScriptedServer.start().file("/a.txt", "0123456789");
  private final AsyncFtp ftp = AsyncFtp.create();
  private final AsyncFtpSession s =
      ftp.session(
          "s",
          FtpConfig.builder("localhost")
              .port(server.port())
              .credentials("alice", "secret")
              .timeouts(Timeouts.of(Duration.ofSeconds(20)))
              .build());

  @AfterEach
  void close() {
    ftp.shutdownNow();
    server.close();
  }

  @Test
  void futureDoesNotOvertakeTheOneWhoseListenerIsBusy() throws Exception {
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    get(s.connect());
    s.on("noop", e -> {
      long start = System.nanoTime();
      while (System.nanoTime() - start < BUSY) {
        Thread.onSpinWait(); // a listener that computes
      }
    });
    for (int i = 0; i < TIMES; i++) {
      CompletableFuture<Void> first = s.noop().thenRun(() -> order.add("noop"));
      CompletableFuture<Void> second = s.features().thenRun(() -> order.add("features"));
      CompletableFuture<Void> third = s.transcript().thenRun(() -> order.add("transcript"));
      get(CompletableFuture.allOf(first, second, third));
      assertEquals(List.of("noop", "features", "transcript"), order);
      order.clear();
    }
  }

  @Test
  void exceptionWithoutATextFailsTheDownload() throws Exception {
    get(s.connect());
    CompletableFuture<Long> bytes =
        s.get("a.txt", new OutputStream() {
          @Override
          public void write(int b) {
            throw new FuzzUser.Unprintable();
          }
        }).thenApply(TransferResult::bytes);
    assertInstanceOf(FtpException.class, assertThrows(ExecutionException.class, () -> get(bytes)).getCause());
    assertEquals("/", get(s.pwd()));
  }

  @Test
  void exceptionWithoutATextFailsTheUpload() throws Exception {
    get(s.connect());
    CompletableFuture<Long> bytes =
        s.put(new InputStream() {
          @Override
          public int read() {
            throw new FuzzUser.Unprintable();
          }
        }, "b.txt").thenApply(TransferResult::bytes);
    assertInstanceOf(FtpException.class, assertThrows(ExecutionException.class, () -> get(bytes)).getCause());
    assertEquals("/", get(s.pwd()));
  }
}
