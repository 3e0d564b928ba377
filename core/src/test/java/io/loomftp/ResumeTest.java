package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.Fault;
import io.loomftp.testkit.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Interrupted transfers continue where they were only if the file is the same; the copy is always right. */
@Timeout(60)
class ResumeTest {
  private static final int SIZE = 300_000;
  private static final Instant THEN = Instant.parse("2026-01-02T03:04:05Z");
  private static final TransferOptions RESUMING = TransferOptions.defaults().resume();
  private static final Retry AT_ONCE = new Retry(3, Duration.ofSeconds(20), Duration.ofMillis(1), Duration.ofMillis(5));

  @TempDir Path folder;
  private final byte[] content = new byte[SIZE];
  private final ScriptedServer server = ScriptedServer.start();
  private FtpSession ftp;
  private Path target;
  private Path part;

  @BeforeEach
  void connect() throws Exception {
    new Random(1).nextBytes(content);
    server.file("/a.bin", content);
    ftp = Ftp.open(SessionFixture.plain(server).pipelining(Pipelining.OFF).build());
    ftp.setModified("a.bin", THEN);
    target = folder.resolve("a.bin");
    part = folder.resolve("a.bin.part");
  }

  @AfterEach
  void leave() {
    ftp.close();
    server.close();
  }

  private long count(String start) {
    return server.commands().stream().filter(c -> c.startsWith(start)).count();
  }

  private void breakOff() throws Exception {
    server.faultOnData(0, Fault.HALF_THEN_FIN);
    assertThrows(FtpTransferException.class, () -> ftp.get("a.bin", target, RESUMING));
    assertFalse(Files.exists(target));
    assertEquals(SIZE / 2, Files.size(part));
  }

  private void isHereAndNothingElse() throws Exception {
    assertArrayEquals(content, Files.readAllBytes(target));
    try (var files = Files.list(folder)) {
      assertEquals(List.of(target), files.toList());
    }
  }

  @Test
  void brokenDownloadContinuesWhereItWasInterrupted() throws Exception {
    breakOff();
    TransferResult result = ftp.get("a.bin", target, RESUMING.digest("SHA-256"));
    assertEquals(SIZE / 2, result.resumedFrom());
    assertEquals(SIZE / 2, result.bytes());
    assertEquals(TransferResult.Verified.SIZE, result.verified());
    assertEquals(VerifyTest.digest("SHA-256", content), result.digest().orElseThrow().hex());
    assertTrue(server.commands().contains("REST " + SIZE / 2));
    isHereAndNothingElse();
  }

  @Test
  void retryContinuesInTheSameCall() throws Exception {
    server.faultOnData(0, Fault.HALF_THEN_FIN);
    TransferResult result = ftp.get("a.bin", target, RESUMING.retry(AT_ONCE));
    assertEquals(2, result.attempts());
    assertEquals(SIZE / 2, result.resumedFrom());
    assertEquals(SIZE, result.bytes());
    isHereAndNothingElse();
  }

  @Test
  void lostConnectionIsReplacedAndTheDownloadContinues() throws Exception {
    server.directory("/deep");
    server.file("/deep/a.bin", content);
    ftp.setModified("/deep/a.bin", THEN);
    ftp.cd("deep");
    server.faultOnData(0, Fault.SAY_421);
    TransferResult result = ftp.get("a.bin", target, RESUMING.retry(AT_ONCE));
    assertEquals(2, result.attempts());
    assertEquals(SIZE / 2, result.resumedFrom());
    assertEquals(2, server.sessions());
    isHereAndNothingElse();
    assertEquals("/deep", ftp.pwd());
  }

  @Test
  void changedFileIsFetchedFromTheBeginning() throws Exception {
    breakOff();
    content[0]++;
    server.file("/a.bin", content);
    ftp.setModified("a.bin", THEN.plusSeconds(1));
    assertEquals(0, ftp.get("a.bin", target, RESUMING).resumedFrom());
    assertEquals(0, count("REST"));
    isHereAndNothingElse();
  }

  @Test
  void partOfAnotherFileIsNotGoneOnWith() throws Exception {
    breakOff();
    byte[] other = new byte[SIZE];
    server.file("/b.bin", other);
    ftp.setModified("b.bin", THEN);
    assertEquals(0, ftp.get("b.bin", target, RESUMING).resumedFrom());
    assertArrayEquals(other, Files.readAllBytes(target));
  }

  @Test
  void unprovenPartIsNotContinued() throws Exception {
    Files.write(part, new byte[100]);
    assertEquals(0, ftp.get("a.bin", target, RESUMING).resumedFrom());
    assertArrayEquals(content, Files.readAllBytes(target));
    assertArrayEquals(new byte[100], Files.readAllBytes(part), "it is somebody else's");
  }

  @Test
  void partThatIsTooLongIsNotGoneOnWith() throws Exception {
    breakOff();
    Files.write(part, new byte[SIZE + 1]);
    assertEquals(0, ftp.get("a.bin", target, RESUMING).resumedFrom());
    isHereAndNothingElse();
  }

  @Test
  void partThatIsCompleteNeedsOnlyItsName() throws Exception {
    breakOff();
    Files.write(part, content);
    TransferResult result = ftp.get("a.bin", target, RESUMING);
    assertEquals(SIZE, result.resumedFrom());
    assertEquals(0, result.bytes());
    assertEquals(1, count("RETR"));
    isHereAndNothingElse();
  }

  @Test
  void fileWithoutATimeIsFetchedFromTheBeginning() throws Exception {
    breakOff();
    server.on("MDTM", "550 No.");
    assertEquals(0, ftp.get("a.bin", target, RESUMING).resumedFrom());
    isHereAndNothingElse();
  }

  @Test
  void refusedRestBeginsAgain() throws Exception {
    breakOff();
    server.on("REST", "502 Not here.");
    assertEquals(0, ftp.get("a.bin", target, RESUMING).resumedFrom());
    isHereAndNothingElse();
  }

  @Test
  void offsetThatRetrRefusesBeginsAgain() throws Exception {
    breakOff();
    server.once("RETR", c -> {
      c.forgetData();
      c.reply("554 Not from there.");
    });
    server.on("REST", "350 If you say so.");
    assertEquals(0, ftp.get("a.bin", target, RESUMING.digest("MD5")).resumedFrom());
    isHereAndNothingElse();
  }

  @Test
  void ignoredRestIsNoticed() throws Exception {
    breakOff();
    server.on("REST", "350 Yes, yes.");
    TransferResult result = ftp.get("a.bin", target, RESUMING.digest("MD5"));
    assertEquals(0, result.resumedFrom());
    assertEquals(VerifyTest.digest("MD5", content), result.digest().orElseThrow().hex());
    isHereAndNothingElse();
    ftp.noop();
  }

  @Test
  void ignoredRestThatBreaksOffLeavesNoWrongBytes() throws Exception {
    breakOff();
    server.once("REST", "350 Yes, yes.");
    server.faultOnData(1, Fault.HALF_THEN_RST);
    assertThrows(FtpTransferException.class, () -> ftp.get("a.bin", target, RESUMING));
    assertEquals(SIZE / 2, Files.size(part));
    assertEquals(SIZE / 2, ftp.get("a.bin", target, RESUMING).resumedFrom());
    isHereAndNothingElse();
  }

  @Test
  void withoutResumeNothingIsLeft() throws Exception {
    server.faultOnData(0, Fault.HALF_THEN_FIN);
    assertThrows(FtpTransferException.class, () -> ftp.get("a.bin", target));
    try (var files = Files.list(folder)) {
      assertEquals(List.of(), files.toList());
    }
  }

  @Test
  void textIsNeverResumed() throws Exception {
    breakOff();
    try (FtpSession text = Ftp.open(SessionFixture.plain(server).transferType(TransferType.ASCII).build())) {
      server.file("/t.txt", "one\ntwo\n");
      assertEquals(0, text.get("t.txt", target, RESUMING.verify(Verify.HASH)).resumedFrom());
      assertEquals("one\ntwo\n", Files.readString(target));
      assertEquals(0, count("REST"));
    }
  }

  // --- uploads ---

  private Path source() throws Exception {
    Path source = Files.write(folder.resolve("source"), content);
    Files.setLastModifiedTime(source, FileTime.from(THEN));
    return source;
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

  private String temporary() {
    return server.paths().stream().filter(p -> p.endsWith(".part")).findFirst().orElseThrow();
  }

  @Test
  void brokenAtomicUploadContinuesUnderItsTemporaryName() throws Exception {
    takeHalf();
    Path source = source();
    TransferOptions options = RESUMING.atomic();
    assertThrows(FtpTransferException.class, () -> ftp.put(source, "up.bin", options));
    assertFalse(server.exists("/up.bin"));
    assertTrue(temporary().matches("/\\.up\\.bin\\.[0-9a-f]{8}\\.part"), temporary());
    TransferResult result = ftp.put(source, "up.bin", options.digest("SHA-1"));
    assertEquals(SIZE / 2, result.resumedFrom());
    assertEquals(VerifyTest.digest("SHA-1", content), result.digest().orElseThrow().hex());
    assertArrayEquals(content, server.content("/up.bin"));
    assertEquals(List.of("/a.bin", "/up.bin"), server.paths());
  }

  @Test
  void changedSourceIsSentUnderAnotherName() throws Exception {
    takeHalf();
    Path source = source();
    assertThrows(FtpTransferException.class, () -> ftp.put(source, "up.bin", RESUMING.atomic()));
    content[0]++;
    Files.write(source, content);
    assertEquals(0, ftp.put(source, "up.bin", RESUMING.atomic()).resumedFrom());
    assertArrayEquals(content, server.content("/up.bin"));
  }

  @Test
  void uploadIsAppendedWhereRestIsRefused() throws Exception {
    takeHalf();
    Path source = source();
    assertThrows(FtpTransferException.class, () -> ftp.put(source, "up.bin", RESUMING.atomic()));
    server.on("REST", "502 Not here.");
    assertEquals(SIZE / 2, ftp.put(source, "up.bin", RESUMING.atomic()).resumedFrom());
    assertEquals(1, count("APPE"));
    assertArrayEquals(content, server.content("/up.bin"));
  }

  @Test
  void brokenUploadContinuesWhenTheRemoteFileIsNotOlder() throws Exception {
    takeHalf();
    Path source = source();
    TransferResult result = ftp.put(source, "up.bin", RESUMING.retry(AT_ONCE));
    assertEquals(2, result.attempts());
    assertEquals(SIZE / 2, result.resumedFrom());
    assertArrayEquals(content, server.content("/up.bin"));
  }

  @Test
  void olderRemoteFileIsReplacedFromTheBeginning() throws Exception {
    server.file("/up.bin", Arrays.copyOf(new byte[SIZE], 100));
    ftp.setModified("up.bin", THEN.minusSeconds(100));
    assertEquals(0, ftp.put(source(), "up.bin", RESUMING).resumedFrom());
    assertArrayEquals(content, server.content("/up.bin"));
  }

  @Test
  void fileOfTheSameLengthIsReplacedWhereThatIsWanted() throws Exception {
    server.file("/up.bin", new byte[SIZE]);
    assertEquals(0, ftp.put(source(), "up.bin", RESUMING).resumedFrom());
    assertArrayEquals(content, server.content("/up.bin"));
  }

  @Test
  void failedAtomicUploadLeavesNothing() throws Exception {
    takeHalf();
    Path source = source();
    assertThrows(FtpTransferException.class, () -> ftp.put(source, "up.bin", TransferOptions.defaults().atomic()));
    assertEquals(List.of("/a.bin"), server.paths());
  }

  /** File systems have room for 255 bytes of a name, and what is put behind it must fit too. */
  @Test
  void longestNamesAreMovedAndResumedToo() throws Exception {
    String name = "\u00e4".repeat(120) + "x".repeat(15);
    server.file("/" + name, content).faultOnData(0, Fault.HALF_THEN_FIN);
    ftp.setModified(name, THEN);
    Path longest = folder.resolve(name);
    assertThrows(FtpTransferException.class, () -> ftp.get(name, longest, RESUMING));
    assertFalse(Files.exists(longest));
    assertEquals(SIZE / 2, ftp.get(name, longest, RESUMING).resumedFrom());
    assertArrayEquals(content, Files.readAllBytes(longest));
    ftp.put(longest, "z" + name.substring(1), RESUMING.atomic());
    assertTrue(server.commands().stream().filter(c -> c.startsWith("RNFR")).allMatch(c -> SessionFixture.bytes(c).length < 262));
    assertArrayEquals(content, server.content("/z" + name.substring(1)));
    try (var left = Files.list(folder)) {
      assertEquals(List.of(longest), left.toList());
    }
  }
}
