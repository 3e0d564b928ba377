package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.Behaviour;
import io.loomftp.testkit.Conversation;
import io.loomftp.testkit.Fault;
import io.loomftp.testkit.ScriptedServer;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Unknown outcomes are settled over a new connection; transient failures are retried, and nothing is sent twice. */
@Timeout(60)
class SettleTest {
  private static final byte[] CONTENT = SessionFixture.bytes("what is in the file\n".repeat(5_000));
  private static final Retry AT_ONCE = new Retry(3, Duration.ofSeconds(20), Duration.ofMillis(1), Duration.ofMillis(5));
  private static final TransferOptions AGAIN = TransferOptions.defaults().retry(AT_ONCE);

  @TempDir Path folder;
  private final ScriptedServer server = ScriptedServer.start().file("/a.txt", CONTENT);
  private FtpSession ftp;
  private Path source;
  private Path target;

  @BeforeEach
  void connect() throws Exception {
    ftp = Ftp.open(SessionFixture.plain(server).build());
    source = Files.write(folder.resolve("source"), CONTENT);
    target = folder.resolve("target");
  }

  @AfterEach
  void leave() {
    ftp.close();
    server.close();
  }

  private long count(String verb) {
    return server.commands().stream().filter(c -> c.startsWith(verb)).count();
  }

  private Behaviour all(int kept, Behaviour end) {
    return c -> {
      c.reply("150 Go on.");
      var data = c.openData();
      server.file("/" + c.argument(), java.util.Arrays.copyOf(data.receiveAll(), kept));
      data.close();
      end.run(c);
    };
  }

  private void sendAllAndClose(Conversation c) throws java.io.IOException {
    c.reply("150 Here it comes.");
    c.openData().send(CONTENT).finish();
    c.close();
  }

  // --- in doubt ---

  @Test
  void downloadWhoseFinalReplyIsLostIsSettledByItsSize() throws Exception {
    server.once("RETR", this::sendAllAndClose);
    TransferResult result = ftp.get("a.txt", target);
    assertEquals(TransferResult.Outcome.SETTLED, result.outcome());
    assertTrue(result.reply().isEmpty());
    assertArrayEquals(CONTENT, Files.readAllBytes(target));
    assertEquals(2, server.sessions());
    ftp.noop();
  }

  @Test
  void downloadStaysInDoubtWhereTheServerCannotBeReached() throws Exception {
    server.once("RETR", c -> {
      server.onConnect(Conversation::close);
      sendAllAndClose(c);
    });
    assertThrows(FtpInDoubtException.class, () -> ftp.get("a.txt", target));
    assertFalse(Files.exists(target));
    assertFalse(ftp.isOpen());
  }

  @Test
  void downloadStaysInDoubtWithoutASize() throws Exception {
    server.on("SIZE", "502 No.");
    server.once("RETR", this::sendAllAndClose);
    assertThrows(FtpInDoubtException.class, () -> ftp.get("a.txt", target));
    assertFalse(ftp.isOpen());
  }

  @Test
  void uploadWhoseFinalReplyIsLostIsSettledByItsSize() throws Exception {
    server.once("STOR", all(CONTENT.length, Conversation::close));
    TransferResult result = ftp.put(source, "b.txt");
    assertEquals(TransferResult.Outcome.SETTLED, result.outcome());
    assertEquals(1, count("STOR"));
    ftp.noop();
  }

  @Test
  void streamWhoseFinalReplyIsLostIsSettledByItsSize() throws Exception {
    server.once("STOR", all(CONTENT.length, Conversation::close));
    TransferResult result = ftp.put(new ByteArrayInputStream(CONTENT), "b.txt", TransferOptions.defaults());
    assertEquals(TransferResult.Outcome.SETTLED, result.outcome());
  }

  @Test
  void uploadThatTurnsOutHalfIsAFailureAndTheSessionUsable() throws Exception {
    server.once("STOR", all(100, Conversation::close));
    FtpException e = assertThrows(FtpTransferException.class, () -> ftp.put(source, "b.txt"));
    assertEquals(ErrorKind.TRUNCATED, e.kind());
    ftp.noop();
  }

  @Test
  void uploadThatTurnsOutHalfIsSentAgainWhereThatIsAllowed() throws Exception {
    server.once("STOR", all(100, Conversation::close));
    TransferResult result = ftp.put(source, "b.txt", AGAIN);
    assertEquals(2, result.attempts());
    assertEquals(2, count("STOR"));
    assertArrayEquals(CONTENT, server.content("/b.txt"));
  }

  @Test
  void uploadStaysInDoubtAndIsNotSentAgainWithoutASize() throws Exception {
    server.on("SIZE", "502 No.");
    server.once("STOR", all(CONTENT.length, Conversation::close));
    assertThrows(FtpInDoubtException.class, () -> ftp.put(source, "b.txt", AGAIN));
    assertEquals(1, count("STOR"));
    assertFalse(ftp.isOpen());
  }

  @Test
  void closingTheSessionNeverReconnects() throws Exception {
    server.once("RETR", c -> {
      c.reply("150 Here it comes.");
      c.openData().send(CONTENT).finish();
      ftp.close();
    });
    assertThrows(FtpException.class, () -> ftp.get("a.txt", target, AGAIN));
    assertEquals(1, server.sessions());
  }

  // --- the rename of an atomic upload ---

  @Test
  void renameThatWasDoneIsNotDoneAgain() throws Exception {
    server.once("RNTO", c -> {
      server.faultAtReply(server.replies(), Fault.RST);
      c.ordinary();
    });
    TransferResult result = ftp.put(source, "b.txt", TransferOptions.defaults().atomic());
    assertEquals(TransferResult.Outcome.SETTLED, result.outcome());
    assertEquals(1, count("RNTO"));
    assertEquals(List.of("/a.txt", "/b.txt"), server.paths());
    ftp.noop();
  }

  @Test
  void renameThatWasNotDoneIsDone() throws Exception {
    server.file("/b.txt", new byte[CONTENT.length]);
    server.once("RNTO", Conversation::reset);
    ftp.put(source, "b.txt", TransferOptions.defaults().atomic());
    assertEquals(2, count("RNTO"));
    assertEquals(1, count("STOR"));
    assertArrayEquals(CONTENT, server.content("/b.txt"));
    assertEquals(List.of("/a.txt", "/b.txt"), server.paths());
  }

  @Test
  void renameStaysInDoubtWhereTheServerCannotBeReached() throws Exception {
    server.once("RNTO", c -> {
      server.onConnect(Conversation::close);
      c.reset();
    });
    assertThrows(
        FtpInDoubtException.class, () -> ftp.put(source, "b.txt", TransferOptions.defaults().atomic()));
  }

  @Test
  void connectionLostBeforeTheRenameIsReplaced() throws Exception {
    server.once("SIZE", Conversation::reset);
    ftp.put(source, "b.txt", TransferOptions.defaults().atomic());
    assertEquals(1, count("STOR"));
    assertEquals(List.of("/a.txt", "/b.txt"), server.paths());
  }

  // --- trying again ---

  @ParameterizedTest
  @ValueSource(strings = {"425 No data connection.", "426 Broken.", "450 Busy.", "451 Local error."})
  void whatMayPassIsTriedAgain(String refusal) throws Exception {
    for (String verb : List.of("RETR", "STOR")) {
      server.once(verb, c -> {
        c.forgetData();
        c.reply(refusal);
      });
    }
    assertEquals(2, ftp.get("a.txt", target, AGAIN).attempts());
    assertEquals(2, ftp.put(source, "b.txt", AGAIN).attempts());
    assertArrayEquals(CONTENT, Files.readAllBytes(target));
    assertArrayEquals(CONTENT, server.content("/b.txt"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"452 Disk full.", "530 Log in.", "550 No.", "552 Quota.", "553 No."})
  void whatWillNotPassIsNotTriedAgain(String refusal) throws Exception {
    for (String verb : List.of("RETR", "STOR")) {
      server.on(verb, c -> {
        c.forgetData();
        c.reply(refusal);
      });
    }
    assertThrows(FtpReplyException.class, () -> ftp.get("a.txt", target, AGAIN));
    assertThrows(FtpReplyException.class, () -> ftp.put(source, "b.txt", AGAIN));
    assertEquals(2, count("RETR") + count("STOR"));
  }

  @Test
  void renameThatIsRefusedJustNowNeedsNoSecondUpload() throws Exception {
    server.once("RNTO", "450 Busy.");
    TransferResult result = ftp.put(source, "b.txt", AGAIN.atomic());
    assertEquals(TransferResult.Outcome.TRANSFERRED, result.outcome());
    assertEquals(2, result.attempts());
    assertEquals(1, count("STOR"));
    assertEquals(List.of("/a.txt", "/b.txt"), server.paths());
  }

  @Test
  void attemptsComeToAnEnd() throws Exception {
    server.on("RETR", c -> {
      c.forgetData();
      c.reply("450 Busy.");
    });
    FtpException e = assertThrows(FtpReplyException.class, () -> ftp.get("a.txt", target, AGAIN));
    assertEquals(3, count("RETR"));
    assertEquals(1, e.getSuppressed().length);
  }

  @Test
  void lostConnectionIsReplacedWithBackoff() throws Exception {
    server.once("RETR", c -> {
      server.onConnect(d -> {
        server.greeting("220 Back again.");
        d.reply("421 Not yet.");
        d.close();
      });
      c.reset();
    });
    TransferResult result = ftp.get("a.txt", target, AGAIN);
    assertEquals(3, result.attempts());
    assertArrayEquals(CONTENT, Files.readAllBytes(target));
  }

  @Test
  void uploadThatTheServerHasIsNotSentAgain() throws Exception {
    server.once("STOR", all(CONTENT.length, c -> c.reply("451 Something is wrong.")));
    TransferResult result = ftp.put(source, "b.txt", AGAIN);
    assertEquals(TransferResult.Outcome.SETTLED, result.outcome());
    assertEquals(1, count("STOR"));
  }

  @Test
  void streamThatWasReadIsNotSentAgain() throws Exception {
    server.once("STOR", all(100, c -> c.reply("451 Something is wrong.")));
    assertThrows(
        FtpTransferException.class, () -> ftp.put(new ByteArrayInputStream(CONTENT), "b.txt", AGAIN));
    assertEquals(1, count("STOR"));
  }

  @Test
  void abortEndsThePauseBetweenAttempts() throws Exception {
    server.on("RETR", c -> {
      c.forgetData();
      c.reply("450 Busy.");
    });
    Retry slow = new Retry(3, Duration.ofMinutes(9), Duration.ofMinutes(2), Duration.ofMinutes(2));
    FutureTask<FtpException> task =
        new FutureTask<>(
            () -> assertThrows(
                FtpException.class, () -> ftp.get("a.txt", target, TransferOptions.defaults().retry(slow))));
    Thread.ofVirtual().start(task);
    server.awaitCommand("RETR");
    while (!task.isDone()) {
      ftp.abort();
      Thread.onSpinWait();
    }
    assertEquals(ErrorKind.ABORTED, task.get().kind());
    ftp.noop();
  }
}
