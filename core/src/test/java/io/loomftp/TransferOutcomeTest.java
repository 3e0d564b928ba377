package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.Fault;
import io.loomftp.testkit.Misbehaviour;
import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A transfer has succeeded when the data ended cleanly and the final reply was 2yz; everything else is reported as the
 * failure that it was.
 */
@Timeout(30)
class TransferOutcomeTest {
  private static final String CONTENT = "0123456789".repeat(100);

  @TempDir Path folder;

  private ScriptedServer server() {
    return ScriptedServer.start().file("/a", CONTENT);
  }

  private static void with(ScriptedServer server, FtpConfig config, SessionFixture.Use use) throws Exception {
    try (server) {
      try (FtpSession ftp = Ftp.open(config)) {
        use.with(ftp);
      }
      server.awaitIdle();
    }
  }

  private static void with(ScriptedServer server, SessionFixture.Use use) throws Exception {
    with(server, SessionFixture.plain(server).build(), use);
  }

  /** With a server that does not notice the end, since it sleeps. */
  private static void withSleeper(ScriptedServer server, FtpConfig config, SessionFixture.Use use) throws Exception {
    try (server;
        FtpSession ftp = Ftp.open(config)) {
      use.with(ftp);
      assertFalse(ftp.isOpen());
    }
  }

  // --- the order of data and replies ---

  @ParameterizedTest
  @EnumSource(
      value = Misbehaviour.class,
      names = {"FINAL_REPLY_BEFORE_DATA", "NO_PRELIMINARY_REPLY", "DOUBLE_PRELIMINARY_REPLY", "DOUBLE_FINAL_REPLY"})
  void dataAndFinalReplyMayComeInAnyOrder(Misbehaviour order) throws Exception {
    ScriptedServer server = server().misbehave(order);
    with(
        server,
        ftp -> {
          assertEquals(CONTENT, SessionFixture.text(ftp.get("a")));
          ftp.noop();
          if (order != Misbehaviour.NO_PRELIMINARY_REPLY) { // no honest client sends a byte before the server agrees
            assertEquals(CONTENT.length(), ftp.put("b", out -> out.write(SessionFixture.bytes(CONTENT))).bytes());
          }
          ftp.noop();
          assertEquals("/", ftp.pwd());
        });
  }

  @ParameterizedTest
  @CsvSource({
      "REFUSE_AFTER_DATA_426, 426, TRUNCATED",
      "REFUSE_AFTER_DATA_451, 451, BUSY",
      "REFUSE_AFTER_DATA_552, 552, QUOTA"
  })
  void aBadFinalReplyAfterAllDataIsAFailure(Misbehaviour refusal, int code, ErrorKind kind) throws Exception {
    with(
        server().misbehave(refusal),
        ftp -> {
          FtpTransferException down = assertThrows(FtpTransferException.class, () -> SessionFixture.text(ftp.get("a")));
          assertEquals(code, down.reply().orElseThrow().code());
          assertEquals(CONTENT.length(), down.bytes());
          assertTrue(down.sessionUsable());
          assertTrue(down.getMessage().startsWith("RETR a failed: " + code), down.getMessage());
          ftp.noop();
          FtpTransferException up =
              assertThrows(FtpTransferException.class, () -> ftp.put("b", out -> out.write(SessionFixture.bytes(CONTENT))));
          assertEquals(code, up.reply().orElseThrow().code());
          assertEquals(code == 426 ? up.kind() : kind, up.kind());
          ftp.noop();
          Path target = folder.resolve("t");
          assertThrows(FtpTransferException.class, () -> ftp.get("a", target));
          assertFalse(Files.exists(target));
          assertFalse(Files.exists(folder.resolve("t.part")));
          assertThrows(FtpException.class, () -> ftp.list().toList());
          assertThrows(FtpException.class, () -> ftp.names(""));
          ftp.noop();
        });
  }

  @Test
  void closeThrowsWhenServerEndsWith426() throws Exception {
    with(
        server().misbehave(Misbehaviour.REFUSE_AFTER_DATA_426),
        ftp -> {
          FtpOutputStream out = ftp.put("b");
          out.write(1);
          assertThrows(FtpTransferException.class, out::close);
          out.close();
          assertTrue(out.result().isEmpty());
          ftp.noop();
        });
  }

  // --- data that end too soon ---

  @ParameterizedTest
  @EnumSource(
      value = Misbehaviour.class,
      names = {"RST_DURING_DATA", "REPLY_425_AFTER_150"})
  void brokenDataFailsAndTheSessionStaysUsable(Misbehaviour fault) throws Exception {
    ScriptedServer server = server().misbehave(fault);
    with(
        server,
        ftp -> {
          assertThrows(FtpTransferException.class, () -> SessionFixture.text(ftp.get("a")));
          ftp.noop();
          assertThrows(FtpTransferException.class, () -> ftp.get("a", folder.resolve("t")));
          assertThrows(FtpException.class, () -> ftp.list().toList());
          ftp.noop();
          try (var left = Files.list(folder)) {
            assertEquals(0, left.count());
          }
        });
  }

  @Test
  void aFileShorterThanItsSizeIsNoSuccess() throws Exception {
    with(
        server().misbehave(Misbehaviour.CLOSE_DURING_DATA),
        ftp -> {
          FtpTransferException e = assertThrows(FtpTransferException.class, () -> ftp.get("a", folder.resolve("t")));
          assertEquals(ErrorKind.TRUNCATED, e.kind());
          assertEquals(500, e.bytes());
          assertTrue(e.getMessage().contains("500 bytes were moved, but the server's file has 1000"), e.getMessage());
          ftp.noop();
          try (var left = Files.list(folder)) {
            assertEquals(0, left.count());
          }
        });
  }

  @Test
  void aFullNameNeverHoldsAPartialFile() throws Exception {
    Path target = Files.writeString(folder.resolve("t"), "the old one");
    with(
        server().misbehave(Misbehaviour.CLOSE_DURING_DATA),
        ftp -> {
          assertThrows(FtpTransferException.class, () -> ftp.get("a", target));
          assertEquals("the old one", Files.readString(target));
        });
    with(server(), ftp -> assertEquals(1000, ftp.get("a", target).bytes()));
    assertEquals(CONTENT, Files.readString(target));
  }

  @Test
  void anUploadThatTheServerKeptOnlyHalfOfIsNoSuccess() throws Exception {
    Path source = Files.writeString(folder.resolve("s"), CONTENT);
    with(
        server().on("SIZE", "213 999"),
        ftp -> {
          FtpTransferException e = assertThrows(FtpTransferException.class, () -> ftp.put(source, "b"));
          assertEquals(ErrorKind.TRUNCATED, e.kind());
          ftp.noop();
        });
  }

  @ParameterizedTest
  @CsvSource({"213 18446744073709551615", "213 -1", "213 99999999999999999999", "213 many", "213 ''", "213 +5"})
  void aSizeThatIsNoneFailsSizeAlone(String reply) throws Exception {
    with(
        server().on("SIZE", reply.replace("''", "")),
        ftp -> {
          assertThrows(FtpReplyException.class, () -> ftp.size("a"));
          ftp.noop();
        });
  }

  @Test
  void aServerWithoutSizesIsTrusted() throws Exception {
    with(server().on("SIZE", "502 No."), ftp -> assertEquals(1000, ftp.get("a", folder.resolve("t")).bytes()));
    with(server().on("SIZE", "550 Not a plain file."), ftp -> assertEquals(1000, ftp.get("a", folder.resolve("t")).bytes()));
  }

  @Test
  void laterReadsThrowTheSameFailureAgain() throws Exception {
    with(
        server().misbehave(Misbehaviour.RST_DURING_DATA),
        ftp -> {
          try (FtpInputStream in = ftp.get("a")) {
            FtpTransferException first = assertThrows(FtpTransferException.class, in::readAllBytes);
            for (int i = 0; i < 3; i++) {
              FtpTransferException again = assertThrows(FtpTransferException.class, in::read);
              assertEquals(first.kind(), again.kind());
              assertSame(first, again.getCause());
            }
            assertTrue(in.result().isEmpty());
          }
          ftp.noop();
          try (Listing rows = ftp.list()) {
            assertThrows(FtpTransferException.class, rows::toList);
            assertThrows(FtpTransferException.class, rows::next);
            assertThrows(UncheckedIOException.class, () -> rows.iterator().hasNext());
          }
          ftp.noop();
        });
  }

  @Test
  void anUploadWhoseFailureWasIgnoredIsNoSuccess() throws Exception {
    with(
        server().misbehave(Misbehaviour.REFUSE_DURING_UPLOAD_552),
        ftp -> {
          byte[] block = new byte[1 << 20];
          UploadBody deaf =
              out -> {
                try {
                  for (int i = 0; i < 64; i++) {
                    out.write(block);
                  }
                } catch (IOException e) {
                  assertInstanceOf(FtpTransferException.class, e);
                }
              };
          FtpTransferException e = assertThrows(FtpTransferException.class, () -> ftp.put("b", deaf));
          assertEquals(ErrorKind.QUOTA, e.kind());
          ftp.noop();
        });
    with(
        server(),
        ftp -> {
          FtpTransferException e = assertThrows(FtpTransferException.class, () -> ftp.put("b", FtpOutputStream::abort));
          assertEquals(ErrorKind.ABORTED, e.kind());
          ftp.noop();
        });
  }

  // --- in doubt ---

  @ParameterizedTest
  @EnumSource(
      value = Misbehaviour.class,
      names = {"NO_FINAL_REPLY", "CLOSE_CONTROL_BEFORE_FINAL_REPLY", "RESET_CONTROL_BEFORE_FINAL_REPLY"})
  void bytesGoneAndFinalReplyLostIsInDoubt(Misbehaviour lost) throws Exception {
    for (boolean tls : new boolean[] {false, true}) {
      for (boolean upload : new boolean[] {false, true}) {
        ScriptedServer server = server().misbehave(lost);
        FtpConfig config = (tls ? SessionFixture.secured(server) : SessionFixture.plain(server)).timeouts(SessionFixture
            .impatient()).build();
        withSleeper(
            server,
            config,
            ftp -> {
              FtpInDoubtException e =
                  upload
                      ? assertThrows(FtpInDoubtException.class, () -> ftp.put("b", out -> out.write(SessionFixture.bytes(
                          CONTENT))))
                      : assertThrows(FtpInDoubtException.class, () -> SessionFixture.text(ftp.get("a")));
              assertEquals(ErrorKind.IN_DOUBT, e.kind());
              assertEquals(CONTENT.length(), e.bytes());
              assertFalse(e.sessionUsable());
              assertFalse(ftp.isOpen());
              FtpClosedException later = assertThrows(FtpClosedException.class, ftp::noop);
              assertTrue(later.getCause() instanceof FtpException, String.valueOf(later.getCause()));
            });
      }
    }
  }

  // --- stalls and bounds ---

  @Test
  void dataThatStopArrivingAreATimeout() throws Exception {
    for (boolean tls : new boolean[] {false, true}) {
      ScriptedServer server = server().misbehave(Misbehaviour.STALL_DURING_DATA);
      FtpConfig config = (tls ? SessionFixture.secured(server) : SessionFixture.plain(server)).timeouts(SessionFixture
          .impatient()).build();
      withSleeper(
          server,
          config,
          ftp -> {
            long start = System.nanoTime();
            FtpTimeoutException e = assertThrows(FtpTimeoutException.class, () -> SessionFixture.text(ftp.get("a")));
            assertTrue(Duration.ofNanos(System.nanoTime() - start).toSeconds() < 5);
            assertEquals(ErrorKind.TIMEOUT, e.kind());
            assertFalse(e.sessionUsable());
            assertTrue(e.getMessage().contains("after 500 bytes"), e.getMessage());
          });
    }
  }

  @Test
  void aServerThatReadsNoMoreIsATimeout() throws Exception {
    for (boolean tls : new boolean[] {false, true}) {
      ScriptedServer server = server().misbehave(Misbehaviour.STOP_READING_UPLOAD);
      FtpConfig config = (tls ? SessionFixture.secured(server) : SessionFixture.plain(server)).timeouts(SessionFixture
          .impatient()).build();
      withSleeper(
          server,
          config,
          ftp -> {
            byte[] block = new byte[1 << 16];
            UploadBody endless =
                out -> {
                  while (true) {
                    out.write(block);
                  }
                };
            FtpTimeoutException e = assertThrows(FtpTimeoutException.class, () -> ftp.put("b", endless));
            assertFalse(e.sessionUsable());
          });
    }
  }

  @Test
  void theOperationsBoundAlsoEndsDataThatNeverCease() throws Exception {
    for (boolean tls : new boolean[] {false, true}) {
      ScriptedServer server = server().misbehave(Misbehaviour.ENDLESS_DATA);
      FtpConfig.Builder way = tls ? SessionFixture.secured(server) : SessionFixture.plain(server);
      FtpConfig config = way.timeouts(Timeouts.of(SessionFixture.GENEROUS).withOperation(Duration.ofSeconds(2))).build();
      with(
          server,
          config,
          ftp -> {
            byte[] block = new byte[1 << 16];
            try (FtpInputStream in = ftp.get("a")) {
              assertThrows(
                  FtpTimeoutException.class,
                  () -> {
                    while (in.read(block) >= 0) {
                      // until it throws
                    }
                  });
            }
          });
    }
  }

  @Test
  void theOperationsBoundEndsAnUploadWithoutEnd() throws Exception {
    ScriptedServer server = server().on("STOR", c -> {
      c.reply("150 Go.");
      byte[] scrap = new byte[1 << 16];
      try (var data = c.openData()) {
        int n = 0;
        while (n >= 0) {
          n = data.input().read(scrap);
        }
      }
    });
    with(
        server,
        SessionFixture.plain(server).timeouts(Timeouts.of(SessionFixture.GENEROUS).withOperation(Duration.ofSeconds(1))).build(),
        ftp -> {
          byte[] block = new byte[1 << 16];
          UploadBody endless =
              out -> {
                while (true) {
                  out.write(block);
                }
              };
          assertThrows(FtpTimeoutException.class, () -> ftp.put("b", endless));
        });
  }

  @Test
  void theOperationsBoundEndsDataThatDrip() throws Exception {
    ScriptedServer server = server().misbehave(Misbehaviour.DRIP_DATA);
    with(
        server,
        SessionFixture.plain(server).timeouts(Timeouts.of(SessionFixture.GENEROUS).withOperation(Duration.ofSeconds(1))).build(),
        ftp -> assertThrows(FtpTimeoutException.class, () -> SessionFixture.text(ftp.get("a"))));
  }

  @Test
  void theOperationsBoundCoversConnectingAndLoggingIn() throws Exception {
    Timeouts bounded = Timeouts.of(Duration.ofSeconds(20)).withOperation(SessionFixture.SHORT);
    try (ScriptedServer server = server().misbehave(Misbehaviour.STALL_GREETING)) {
      FtpConfig config = SessionFixture.plain(server).timeouts(bounded).build();
      long start = System.nanoTime();
      assertThrows(FtpTimeoutException.class, () -> Ftp.open(config));
      assertTrue(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start) < 5);
    }
  }

  @Test
  void preliminaryRepliesDoNotGoOnForEver() throws Exception {
    ScriptedServer server = server();
    server.on("RETR", c -> {
      c.openData().send("x").finish();
      while (true) {
        c.raw("150 soon\r\n".repeat(100));
      }
    });
    with(
        server,
        ftp -> {
          FtpInDoubtException e = assertThrows(FtpInDoubtException.class, () -> SessionFixture.text(ftp.get("a")));
          assertEquals(ErrorKind.LIMIT, assertInstanceOf(FtpProtocolException.class, e.getCause()).kind());
          assertFalse(ftp.isOpen());
        });
  }

  @Test
  void slowDataAreNotStalledData() throws Exception {
    ScriptedServer server = server().faultOnData(0, Fault.BYTEWISE);
    with(server, SessionFixture.plain(server).timeouts(SessionFixture.impatient()).build(), ftp -> assertEquals(CONTENT,
        SessionFixture.text(ftp.get("a"))));
  }

  // --- nothing, and text ---

  @Test
  void zeroBytesAreAFileLikeAnyOther() throws Exception {
    for (boolean tls : new boolean[] {false, true}) {
      ScriptedServer server = ScriptedServer.start().file("/empty", "").directory("/none");
      with(
          server,
          (tls ? SessionFixture.secured(server) : SessionFixture.plain(server)).build(),
          ftp -> {
            assertEquals("", SessionFixture.text(ftp.get("empty")));
            assertEquals(0, ftp.get("empty", folder.resolve("e")).bytes());
            assertEquals(0, Files.size(folder.resolve("e")));
            ftp.put(folder.resolve("e"), "e2");
            assertEquals(0, server.content("/e2").length);
            assertEquals(0, ftp.put("e3", out -> {}).bytes());
            assertEquals(0, server.content("/e3").length);
            assertEquals(List.of(), ftp.names("none"));
            try (Listing rows = ftp.list("none")) {
              assertEquals(List.of(), rows.toList());
            }
          });
    }
  }

  @ParameterizedTest
  @CsvSource({"450 No files found., true", "550 No files found., true", "550 No such directory., false", "450 Busy., false"})
  void anEmptyListingIsDistinguishedFromAnError(String reply, boolean empty) throws Exception {
    with(
        server().on("FEAT", "500 What?").on("LIST", reply).on("NLST", reply),
        ftp -> {
          if (empty) {
            try (Listing rows = ftp.list()) {
              assertEquals(List.of(), rows.toList());
            }
            assertEquals(List.of(), ftp.names(""));
          } else {
            assertThrows(FtpReplyException.class, ftp::list);
            assertThrows(FtpReplyException.class, () -> ftp.names(""));
          }
          ftp.noop();
        });
  }

  @Test
  void linesEndAsTheyShouldInAsciiBothWays() throws Exception {
    ScriptedServer server = ScriptedServer.start().file("/t", "one\ntwo\n\nthree");
    with(
        server,
        SessionFixture.plain(server).transferType(TransferType.ASCII).blockSize(1).build(),
        ftp -> {
          assertEquals("one\ntwo\n\nthree", SessionFixture.text(ftp.get("t")));
          assertTrue(server.commands().contains("TYPE A"));
          Path local = folder.resolve("t");
          ftp.get("t", local);
          assertEquals("one\ntwo\n\nthree", Files.readString(local));
          ftp.put(local, "back");
          assertArrayEquals(SessionFixture.bytes("one\ntwo\n\nthree"), server.content("/back"));
          assertFalse(server.commands().stream().anyMatch(c -> c.startsWith("SIZE")), "sizes have no meaning in ASCII");
          assertThrows(IllegalStateException.class, () -> ftp.getFrom("t", 1));
          ftp.noop();
        });
  }

  @Test
  void aNameWithoutEndInNlstIsGivenUp() throws Exception {
    ScriptedServer server = server().misbehave(Misbehaviour.ENDLESS_DATA);
    with(
        server,
        ftp -> {
          FtpTransferException e = assertThrows(FtpTransferException.class, () -> ftp.names(""));
          assertEquals(ErrorKind.LIMIT, e.kind());
        });
  }

  @Test
  void moreNamesThanTheLimitAreGivenUp() throws Exception {
    ScriptedServer server = server().file("/b", "").file("/c", "");
    with(
        server,
        SessionFixture.plain(server).limits(Limits.defaults().withListingEntries(2)).build(),
        ftp -> {
          FtpTransferException names = assertThrows(FtpTransferException.class, () -> ftp.names(""));
          assertEquals(ErrorKind.LIMIT, names.kind());
          FtpTransferException rows = assertThrows(FtpTransferException.class, () -> ftp.list().toList());
          assertEquals(ErrorKind.LIMIT, rows.kind());
          ftp.noop();
        });
  }

  @Test
  void typeIsAskedForOnce() throws Exception {
    ScriptedServer server = server();
    with(
        server,
        ftp -> {
          SessionFixture.text(ftp.get("a"));
          SessionFixture.text(ftp.get("a"));
          ftp.put("b", out -> out.write(1));
          assertEquals(1, server.commands().stream().filter("TYPE I"::equals).count());
          ftp.quote("TYPE", "A");
          SessionFixture.text(ftp.get("a"));
          assertEquals(2, server.commands().stream().filter("TYPE I"::equals).count());
        });
  }
}
