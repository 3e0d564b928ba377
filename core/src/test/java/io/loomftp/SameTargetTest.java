package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.ScriptedServer;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two downloads to one target do not interfere. */
@Timeout(60)
class SameTargetTest {
  private static final TransferOptions PLAIN = TransferOptions.defaults();

  @TempDir Path folder;
  private final byte[] content = new byte[200_000];
  private final ScriptedServer server = ScriptedServer.start();
  private final CountDownLatch half = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private FtpSession one;
  private FtpSession two;
  private Path target;

  @BeforeEach
  void connect() throws Exception {
    new Random(5).nextBytes(content);
    server.file("/a.bin", content);
    one = Ftp.open(SessionFixture.plain(server).build());
    two = Ftp.open(SessionFixture.plain(server).build());
    target = folder.resolve("a.bin");
    server.once("RETR", c -> {
      c.reply("150 Here it comes.");
      var data = c.openData().send(java.util.Arrays.copyOf(content, content.length / 2));
      half.countDown();
      try {
        goOn.await();
      } catch (InterruptedException e) {
        throw new InterruptedIOException();
      }
      data.send(java.util.Arrays.copyOfRange(content, content.length / 2, content.length)).finish();
      c.reply("226 Done.");
    });
  }

  @AfterEach
  void leave() {
    goOn.countDown();
    one.close();
    two.close();
    server.close();
  }

  private FutureTask<TransferResult> begin(TransferOptions options) throws InterruptedException {
    FutureTask<TransferResult> task = new FutureTask<>(() -> one.get("a.bin", target, options));
    Thread.ofVirtual().start(task);
    half.await();
    return task;
  }

  private void isThereAndNothingElse() throws Exception {
    assertArrayEquals(content, Files.readAllBytes(target));
    try (var files = Files.list(folder)) {
      assertEquals(List.of(target), files.toList());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void secondOneFailsAtOnceAndTheFirstIsComplete(boolean resume) throws Exception {
    TransferOptions options = resume ? PLAIN.resume() : PLAIN;
    FutureTask<TransferResult> first = begin(options);
    FtpLocalException e = assertThrows(FtpLocalException.class, () -> two.get("a.bin", target, options));
    assertEquals(ErrorKind.BUSY, e.kind());
    assertTrue(e.getMessage().contains("waitForTarget"), e.getMessage());
    two.noop();
    goOn.countDown();
    first.get();
    isThereAndNothingElse();
  }

  @Test
  void secondOneWaitsWhereItMay() throws Exception {
    FutureTask<TransferResult> first = begin(PLAIN);
    FutureTask<TransferResult> second =
        new FutureTask<>(() -> two.get("a.bin", target, PLAIN.waitForTarget(Duration.ofSeconds(30))));
    Thread.ofVirtual().start(second);
    goOn.countDown();
    first.get();
    assertEquals(content.length, second.get().bytes());
    isThereAndNothingElse();
  }

  @Test
  void secondOneLooksAgainWhenItHasWaited() throws Exception {
    FutureTask<TransferResult> first = begin(PLAIN);
    TransferOptions sync = PLAIN.overwrite(Overwrite.SKIP).waitForTarget(Duration.ofSeconds(30));
    FutureTask<TransferResult> second = new FutureTask<>(() -> two.get("a.bin", target, sync));
    Thread.ofVirtual().start(second);
    server.awaitCommand("SIZE");
    goOn.countDown();
    first.get();
    assertEquals(true, second.get().isSkipped() || second.get().bytes() == content.length);
    isThereAndNothingElse();
  }

  @Test
  void waitingEndsWhenItIsCancelled() throws Exception {
    FutureTask<TransferResult> first = begin(PLAIN);
    FutureTask<FtpException> second =
        new FutureTask<>(
            () -> assertThrows(
                FtpException.class, () -> two.get("a.bin", target, PLAIN.waitForTarget(Duration.ofMinutes(10)))));
    Thread waiting = Thread.ofVirtual().start(second);
    waiting.interrupt();
    assertEquals(ErrorKind.ABORTED, second.get().kind());
    goOn.countDown();
    first.get();
    isThereAndNothingElse();
  }

  @Test
  void partThatIsRemovedOnTheWayIsNoSuccess() throws Exception {
    FutureTask<TransferResult> first = begin(PLAIN);
    Files.delete(folder.resolve("a.bin.part"));
    goOn.countDown();
    Throwable e = assertThrows(java.util.concurrent.ExecutionException.class, first::get).getCause();
    assertEquals(FtpLocalException.class, e.getClass());
    try (var files = Files.list(folder)) {
      assertEquals(List.of(), files.toList());
    }
  }

  @Test
  void filesNamedLikeThoseOfTheLibraryAreLeftAlone() throws Exception {
    goOn.countDown();
    for (String name : List.of("a.bin.part", "a.bin.part.of")) {
      Files.writeString(folder.resolve(name), "mine");
    }
    two.get("a.bin", target, PLAIN);
    two.get("a.bin", target, PLAIN.resume().durable());
    assertArrayEquals(content, Files.readAllBytes(target));
    for (String name : List.of("a.bin.part", "a.bin.part.of")) {
      assertEquals("mine", Files.readString(folder.resolve(name)));
    }
  }
}
