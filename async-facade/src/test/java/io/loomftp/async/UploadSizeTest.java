package io.loomftp.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loomftp.ErrorKind;
import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.Timeouts;
import io.loomftp.TransferResult;
import io.loomftp.testkit.DataPipe;
import io.loomftp.testkit.ScriptedServer;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An upload whose data was cut off on its way fails, whatever its source, though the server confirms what it got. */
@Timeout(60)
class UploadSizeTest {
  private static final byte[] DATA = new byte[10];

  private final ScriptedServer server = ScriptedServer.start();
  private final AsyncFtp ftp = AsyncFtp.create();

  @AfterEach
  void leave() {
    ftp.close();
    server.close();
  }

  private AsyncFtpSession connected() throws Exception {
    FtpConfig config =
        FtpConfig.builder("localhost").port(server.port()).credentials("alice", "secret")
            .timeouts(Timeouts.of(Duration.ofSeconds(10))).build();
    AsyncFtpSession s = ftp.session("s", config);
    s.connect().get(10, TimeUnit.SECONDS);
    return s;
  }

  /** Lets the server get half of the data, behind which something ends the connection in order. */
  private void loseData() {
    server.on("STOR", c -> {
      c.reply("150 Go on.");
      try (DataPipe data = c.openData()) {
        byte[] all = data.receiveAll();
        server.file(c.argument(), Arrays.copyOf(all, all.length / 2));
      }
      c.reply("226 Done.");
    });
  }

  private static void assertTruncated(CompletableFuture<?> upload) {
    Throwable e = assertThrows(ExecutionException.class, () -> upload.get(20, TimeUnit.SECONDS)).getCause();
    assertEquals(ErrorKind.TRUNCATED, assertInstanceOf(FtpException.class, e).kind());
  }

  private static CompletableFuture<TransferResult> post(AsyncFtpSession s) {
    CompletableFuture<TransferResult> upload = s.put("/a");
    s.putData(DATA);
    s.putClose();
    return upload;
  }

  @Test
  void postedUploadThatLostDataFails() throws Exception {
    loseData();
    AsyncFtpSession s = connected();
    var closed = new CopyOnWriteArrayList<FtpEvent>();
    s.on("put_closed", closed::add);
    assertTruncated(post(s));
    s.noop().get(10, TimeUnit.SECONDS);
    assertEquals(0, closed.size());
  }

  @Test
  void publisherWhoseDataWasLostFails() throws Exception {
    loseData();
    AsyncFtpSession s = connected();
    AtomicBoolean sent = new AtomicBoolean();
    assertTruncated(s.upload("/a", subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
      @Override
      public void request(long n) {
        if (sent.compareAndSet(false, true)) {
          subscriber.onNext(ByteBuffer.wrap(DATA));
          subscriber.onComplete();
        }
      }

      @Override
      public void cancel() {}
    })));
    s.noop().get(10, TimeUnit.SECONDS);
  }

  @Test
  void streamThatLostDataFails() throws Exception {
    loseData();
    AsyncFtpSession s = connected();
    assertTruncated(s.put(new ByteArrayInputStream(DATA), "/a"));
    s.noop().get(10, TimeUnit.SECONDS);
  }

  @Test
  void wholeUploadIsVerified() throws Exception {
    AsyncFtpSession s = connected();
    assertEquals(TransferResult.Verified.SIZE, post(s).get(10, TimeUnit.SECONDS).verified());
  }
}
