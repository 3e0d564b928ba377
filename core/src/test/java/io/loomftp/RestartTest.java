package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A resumed download makes progress with each attempt, on servers that restart and on those that do not. */
@Timeout(60)
class RestartTest {
  private static final int SIZE = 600_000;
  private static final int PORTION = 100_000;
  private static final Instant THEN = Instant.parse("2026-01-02T03:04:05Z");
  private static final TransferOptions RESUMING = TransferOptions.defaults().resume();

  @TempDir Path folder;
  private final byte[] content = new byte[SIZE];
  private final ScriptedServer server = ScriptedServer.start();
  private FtpSession ftp;
  private Path target;
  private Path part;

  @BeforeEach
  void connect() throws Exception {
    new Random(8).nextBytes(content);
    ftp = Ftp.open(SessionFixture.plain(server).pipelining(Pipelining.OFF).build());
    target = folder.resolve("a.img");
    part = folder.resolve("a.img.part");
  }

  @AfterEach
  void leave() {
    ftp.close();
    server.close();
  }

  private void serve() throws FtpException {
    server.file("/a.img", content);
    ftp.setModified("a.img", THEN);
  }

  /** Sends a portion of what is asked for, and breaks off. */
  private void sendPortions(boolean restarting) {
    int[] offset = {0};
    server.on("REST", c -> {
      offset[0] = Integer.parseInt(c.argument());
      c.reply("350 Restarting.");
    });
    server.on("RETR", c -> {
      int from = restarting ? offset[0] : 0;
      offset[0] = 0;
      c.reply("150 Here it comes.");
      c.openData().send(Arrays.copyOfRange(content, from, Math.min(SIZE, from + PORTION))).finish();
      c.reply(from + PORTION >= SIZE ? "226 Done." : "426 Broken.");
    });
  }

  private void fetchInPortions() throws Exception {
    for (int i = 1; i * PORTION < SIZE; i++) {
      assertThrows(FtpTransferException.class, () -> ftp.get("a.img", target, RESUMING));
      assertEquals(i * PORTION, Files.size(part));
    }
    ftp.get("a.img", target, RESUMING);
    assertArrayEquals(content, Files.readAllBytes(target));
  }

  @Test
  void imageWithHolesThatEqualItsBeginningMakesProgress() throws Exception {
    Arrays.fill(content, 0, 4096, (byte) 0);
    for (int at = PORTION; at < SIZE; at += PORTION) {
      Arrays.fill(content, at - 4096, at + 8192, (byte) 0);
    }
    serve();
    sendPortions(true);
    fetchInPortions();
  }

  @Test
  void imageOfZerosMakesProgress() throws Exception {
    Arrays.fill(content, (byte) 0);
    content[SIZE - 1] = 1;
    serve();
    sendPortions(true);
    fetchInPortions();
  }

  @Test
  void repeatedBlocksThatDoNotStartWithOneValueAreRightInTheEnd() throws Exception {
    for (int i = 0; i < SIZE; i++) {
      content[i] = (byte) (i % 200);
    }
    serve();
    sendPortions(true);
    assertThrows(FtpTransferException.class, () -> ftp.get("a.img", target, RESUMING));
    server.on("RETR", c -> c.ordinary());
    server.on("REST", c -> c.ordinary());
    ftp.get("a.img", target, RESUMING);
    assertArrayEquals(content, Files.readAllBytes(target));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void ignoredRestNeverLeavesWrongBytesInThePart(boolean zeros) throws Exception {
    if (zeros) {
      Arrays.fill(content, 0, PORTION, (byte) 0);
    }
    serve();
    sendPortions(false);
    for (int i = 0; i < 3; i++) {
      assertThrows(FtpTransferException.class, () -> ftp.get("a.img", target, RESUMING));
      byte[] now = Files.readAllBytes(part);
      assertArrayEquals(Arrays.copyOf(content, now.length), now);
    }
    server.on("RETR", c -> c.ordinary());
    server.on("REST", "350 Yes, yes.");
    ftp.get("a.img", target, RESUMING);
    assertArrayEquals(content, Files.readAllBytes(target));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"451 a.img: Restart not permitted, try again", "451 Local error.", "501 REST is not possible here."})
  void serverWithoutRestartSendsTheWholeFile(String refusal) throws Exception {
    serve();
    sendPortions(true);
    assertThrows(FtpTransferException.class, () -> ftp.get("a.img", target, RESUMING));
    boolean[] restart = {false};
    server.on("REST", c -> {
      restart[0] = true;
      c.reply("350 Restarting.");
    });
    server.on("RETR", c -> {
      if (restart[0]) {
        restart[0] = false;
        c.forgetData();
        c.reply(refusal);
      } else {
        c.ordinary();
      }
    });
    Retry atOnce = new Retry(3, Duration.ofSeconds(20), Duration.ofMillis(1), Duration.ofMillis(5));
    TransferResult result = ftp.get("a.img", target, RESUMING.retry(atOnce));
    assertEquals(0, result.resumedFrom());
    assertTrue(result.attempts() <= 2, result.toString());
    assertArrayEquals(content, Files.readAllBytes(target));
  }

  @Test
  void interruptKeepsThePart() throws Exception {
    serve();
    sendPortions(true);
    assertThrows(FtpTransferException.class, () -> ftp.get("a.img", target, RESUMING));
    TransferOptions nervous =
        RESUMING.progressEvery(Duration.ZERO).progress(state -> Thread.currentThread().interrupt());
    Thread thread =
        Thread.ofVirtual().start(() -> assertThrows(FtpException.class, () -> ftp.get("a.img", target, nervous)));
    thread.join();
    assertTrue(Files.size(part) >= PORTION, "what was there is kept");
    byte[] now = Files.readAllBytes(part);
    assertArrayEquals(Arrays.copyOf(content, now.length), now);
  }

  @Test
  void minuteOfAListingIsNotEnoughToContinue() throws Exception {
    serve();
    sendPortions(true);
    assertThrows(FtpTransferException.class, () -> ftp.get("a.img", target, RESUMING));
    String line = "-rw-r--r-- 1 u g " + SIZE + " Jan  2 03:04 a.img\r\n";
    FtpEntry entry;
    try (Listing rows =
        Listing.of(new java.io.ByteArrayInputStream(SessionFixture.bytes(line)), SessionFixture.plain(server).build())) {
      entry = rows.stream().findFirst().orElseThrow();
    }
    content[0]++; // changed within the minute
    server.file("/a.img", content);
    ftp.setModified("a.img", THEN.plusSeconds(20));
    server.on("RETR", c -> c.ordinary());
    server.on("REST", c -> c.ordinary());
    assertEquals(0, ftp.get("a.img", target, RESUMING.expecting(entry)).resumedFrom());
    assertArrayEquals(content, Files.readAllBytes(target));
    server.on("MDTM", "502 No.");
    server.on("RETR", c -> {
      c.reply("150 Here it comes.");
      c.openData().send(Arrays.copyOf(content, PORTION)).finish();
      c.reply("426 Broken.");
    });
    assertThrows(FtpTransferException.class, () -> ftp.get("a.img", target, RESUMING.expecting(entry)));
    assertFalse(Files.exists(part), "without an exact time nothing is kept");
  }
}
