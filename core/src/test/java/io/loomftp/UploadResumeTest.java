package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
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

/** An upload continues only a proven beginning of its source, on servers that support that. */
@Timeout(60)
class UploadResumeTest {
  private static final int SIZE = 300_000;
  private static final Instant THEN = Instant.parse("2026-01-02T03:04:05Z");
  private static final TransferOptions RESUMING = TransferOptions.defaults().resume();

  @TempDir Path folder;
  private final byte[] content = new byte[SIZE];
  private final ScriptedServer server = ScriptedServer.start();
  private FtpSession ftp;
  private Path source;

  @BeforeEach
  void connect() throws Exception {
    new Random(2).nextBytes(content);
    source = Files.write(folder.resolve("source"), content);
    Files.setLastModifiedTime(source, FileTime.from(THEN));
    ftp = open();
  }

  private FtpSession open() throws FtpException {
    return Ftp.open(SessionFixture.plain(server).pipelining(Pipelining.OFF).build());
  }

  @AfterEach
  void leave() {
    ftp.close();
    server.close();
  }

  private boolean sent(String start) {
    return server.commands().stream().anyMatch(c -> c.startsWith(start));
  }

  private void takeHalf() {
    server.once("STOR", c -> {
      c.reply("150 Go on.");
      var data = c.openData();
      server.file("/" + c.argument(), data.receive(SIZE / 2));
      data.reset();
      c.reply("426 Broken.");
    });
  }

  @Test
  void shorterNewerFileOfSomethingElseIsNotContinued() throws Exception {
    server.file("/up.bin", new byte[SIZE / 2]);
    assertEquals(0, ftp.put(source, "up.bin", RESUMING).resumedFrom());
    assertArrayEquals(content, server.content("/up.bin"));
  }

  @Test
  void shorterFileThatEndsLikeOursIsContinued() throws Exception {
    server.file("/up.bin", Arrays.copyOf(content, SIZE / 2));
    assertEquals(SIZE / 2, ftp.put(source, "up.bin", RESUMING).resumedFrom());
    assertTrue(sent("REST " + (SIZE / 2 - (64 << 10))), "its end was read");
    assertArrayEquals(content, server.content("/up.bin"));
  }

  private static FtpSession hashing(ScriptedServer server) throws FtpException {
    server.on("FEAT", "211-Features:", " REST STREAM", " SIZE", " MDTM", " XSHA1", "211 End");
    server.on("XSHA1", c -> {
      try {
        c.reply("250 " + VerifyTest.digest("SHA-1", server.content("/" + c.argument())));
      } catch (java.io.IOException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    });
    return Ftp.open(SessionFixture.plain(server).pipelining(Pipelining.OFF).build());
  }

  @Test
  void hashProvesTheBeginningAndTheWhole() throws Exception {
    server.file("/up.bin", Arrays.copyOf(content, SIZE / 2));
    try (FtpSession hashing = hashing(server)) {
      TransferResult result = hashing.put(source, "up.bin", RESUMING);
      assertEquals(SIZE / 2, result.resumedFrom());
      assertEquals(TransferResult.Verified.HASH, result.verified());
      assertFalse(sent("RETR"));
      byte[] wrong = Arrays.copyOf(content, SIZE / 2);
      wrong[0]++;
      server.file("/up.bin", wrong);
      assertEquals(0, hashing.put(source, "up.bin", RESUMING).resumedFrom());
    }
    assertArrayEquals(content, server.content("/up.bin"));
  }

  @Test
  void serverThatTruncatesBehindRestIsNotTrustedWithIt() throws Exception {
    server.on("FEAT", "211-Features:", " SIZE", " MDTM", "211 End"); // no REST STREAM
    server.on("REST", "350 Yes."); // and means nothing by it
    try (FtpSession other = open()) {
      takeHalf();
      assertThrows(FtpTransferException.class, () -> other.put(source, "up.bin", RESUMING.atomic()));
      assertEquals(SIZE / 2, other.put(source, "up.bin", RESUMING.atomic()).resumedFrom());
    }
    assertTrue(sent("APPE"));
    assertFalse(sent("REST"));
    assertArrayEquals(content, server.content("/up.bin"));
  }

  @Test
  void holesThatTheServerLeftAreSeenByItsHash() throws Exception {
    try (FtpSession hashing = hashing(server)) {
      takeHalf();
      assertThrows(FtpTransferException.class, () -> hashing.put(source, "up.bin", RESUMING.atomic()));
      String temporary = server.paths().getFirst();
      server.file(temporary, new byte[SIZE / 2]);
      FtpException e =
          assertThrows(FtpTransferException.class, () -> hashing.put(source, "up.bin", RESUMING.atomic()));
      assertEquals(ErrorKind.CORRUPT, e.kind());
    }
    assertEquals(List.of(), server.paths());
  }

  @ParameterizedTest
  @ValueSource(strings = {"451 up.bin: Append/Restart not permitted, try again", "501 REST is not compatible with this."})
  void serverWithoutRestartReceivesTheWholeFile(String refusal) throws Exception {
    takeHalf();
    assertThrows(FtpTransferException.class, () -> ftp.put(source, "up.bin", RESUMING.atomic()));
    boolean[] restart = {false};
    server.on("REST", c -> {
      restart[0] = true;
      c.reply("350 Restarting.");
    });
    server.on("STOR", c -> {
      if (restart[0]) {
        restart[0] = false;
        c.forgetData();
        c.reply(refusal);
      } else {
        c.ordinary();
      }
    });
    TransferResult result = ftp.put(source, "up.bin", RESUMING.atomic());
    assertEquals(0, result.resumedFrom());
    assertEquals(1, result.attempts());
    assertArrayEquals(content, server.content("/up.bin"));
  }

  @Test
  void serverThatRefusesToAppendForNowReceivesTheWholeFile() throws Exception {
    server.on("FEAT", "211-Features:", " SIZE", " MDTM", "211 End"); // no REST STREAM
    server.on("APPE", c -> {
      c.forgetData();
      c.reply("451 up.bin: Append/Restart not permitted, try again");
    });
    try (FtpSession other = open()) {
      takeHalf();
      assertThrows(FtpTransferException.class, () -> other.put(source, "up.bin", RESUMING.atomic()));
      TransferResult result = other.put(source, "up.bin", RESUMING.atomic());
      assertEquals(0, result.resumedFrom());
      assertEquals(1, result.attempts());
    }
    assertTrue(sent("APPE"));
    assertArrayEquals(content, server.content("/up.bin"));
    assertEquals(List.of("/up.bin"), server.paths());
  }

  @Test
  void twoUploadsOfOneSourceDoNotShareATemporaryName() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    server.once("STOR", c -> {
      c.reply("150 Go on.");
      var data = c.openData();
      begun.countDown();
      try {
        goOn.await();
      } catch (InterruptedException e) {
        throw new java.io.InterruptedIOException();
      }
      server.file("/" + c.argument(), data.receiveAll());
      data.close();
      c.reply("226 Done.");
    });
    FutureTask<TransferResult> first = new FutureTask<>(() -> ftp.put(source, "up.bin", RESUMING.atomic()));
    Thread.ofVirtual().start(first);
    begun.await();
    try (FtpSession other = open()) {
      assertEquals(0, other.put(source, "up.bin", RESUMING.atomic()).resumedFrom());
    }
    goOn.countDown();
    first.get();
    assertEquals(
        2, server.commands().stream().filter(c -> c.startsWith("STOR ")).distinct().count(), server.commands().toString());
    assertArrayEquals(content, server.content("/up.bin"));
    assertEquals(List.of("/up.bin"), server.paths());
  }
}
