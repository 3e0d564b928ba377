package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.internal.control.ServerProfile.Fact;
import io.loomftp.internal.control.ServerProfiles;
import io.loomftp.internal.control.SharedProfile;
import io.loomftp.testkit.Conversation;
import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sending commands ahead costs little time, once, on servers that do not support it, and loses no file. */
@Timeout(60)
class SendingAheadTest {
  @TempDir Path folder;

  /** What a server does with a second line that arrives with the first. */
  enum Deafness {
    /** Takes the two lines for one command, and never speaks again. */
    ONE_500_AND_SILENCE,
    /** Takes the two lines for one command, and lives. */
    ONE_500,
    /** Hangs up. */
    HANGS_UP,
    /** Drops the second line. */
    DROPS_SECOND;

    void at(Conversation c) throws IOException {
      switch (this) {
        case ONE_500_AND_SILENCE -> {
          c.reply("500 What?");
          c.stall();
        }
        case ONE_500 -> {
          c.next();
          c.reply("500 What?");
        }
        case HANGS_UP -> c.close();
        case DROPS_SECOND -> {
          c.reply("200 Fine.");
          c.next();
        }
      }
    }
  }

  private static ScriptedServer server() {
    ScriptedServer server = ScriptedServer.start();
    for (int i = 0; i < 10; i++) {
      server.file("/" + i, "content of " + i);
    }
    return server;
  }

  private static SharedProfile known(ScriptedServer server) {
    return ServerProfiles.JVM.of("localhost", server.port());
  }

  private void getAndCompare(FtpSession ftp, int... names) throws IOException {
    for (int name : names) {
      Path target = folder.resolve(name + ".txt");
      ftp.get("/" + name, target);
      assertEquals("content of " + name, Files.readString(target));
    }
  }

  @ParameterizedTest
  @EnumSource(Deafness.class)
  void aServerThatTakesOneCommandAtATimeCostsTwoSecondsOnce(Deafness deafness) throws Exception {
    FtpConfig config;
    try (ScriptedServer server = server()) {
      config = SessionFixture.plain(server).build();
      try (FtpSession ftp = Ftp.open(config)) {
        getAndCompare(ftp, 1);
        server.once("TYPE", deafness::at);
        long start = System.nanoTime();
        getAndCompare(ftp, 2);
        long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
        assertTrue(millis < 3_000, "the second file took " + millis + " ms");
        getAndCompare(ftp, 3, 4);
      }
      assertTrue(known(server).fails(Fact.TWO_AT_ONCE), known(server).toString());
      int before = server.commands().size();
      try (FtpSession ftp = Ftp.open(config)) {
        getAndCompare(ftp, 5, 6, 7);
      }
      List<String> later = server.commands().subList(before, server.commands().size());
      assertEquals(1, later.stream().filter("TYPE I"::equals).count(), "it was tried again: " + later);
      assertEquals(
          List.of("SIZE /7", "EPSV", "RETR /7"), later.subList(later.indexOf("SIZE /7"), later.indexOf("RETR /7") + 1));
    }
  }

  @Test
  void aSingleFileSendsNothingAhead() throws Exception {
    try (ScriptedServer server = server();
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      getAndCompare(ftp, 1);
      List<String> all = server.commands();
      assertEquals(List.of("TYPE I", "SIZE /1", "EPSV", "RETR /1"), all.subList(all.indexOf("TYPE I"), all.size()));
    }
  }

  @Test
  void whatWasTriedInOneSessionIsNotTriedInTheNext() throws Exception {
    try (ScriptedServer server = server()) {
      FtpConfig config = SessionFixture.plain(server).build();
      try (FtpSession ftp = Ftp.open(config)) {
        getAndCompare(ftp, 1, 2, 3);
      }
      assertTrue(known(server).holds(Fact.TWO_AT_ONCE) && known(server).holds(Fact.BEHIND_RETR), known(server).toString());
      int before = server.commands().size();
      try (FtpSession ftp = Ftp.open(config)) {
        getAndCompare(ftp, 4, 5, 6);
      }
      List<String> later = server.commands().subList(before, server.commands().size());
      assertEquals(1, later.stream().filter("TYPE I"::equals).count(), later.toString());
    }
  }

  /** STOR, during which SIZE and all else is answered at once. */
  private static void answeringAtOnce(Conversation c, Path source) throws IOException, InterruptedException {
    String path = c.argument();
    c.reply("150 Send it.");
    try (var data = c.openData()) {
      byte[] content = data.receive((int) Files.size(source));
      c.server().file(path, content);
      // Files after the first have commands behind them, which are answered before the transfer's end.
      if (!path.equals("/a")) {
        c.next();
        c.ordinary();
        c.next();
        c.ordinary();
      }
      data.receiveAll();
    }
    c.reply("226 Done.");
  }

  @Test
  void nothingIsSentBehindACommandBeforeItsFirstReplyOnAServerThatHasNotShownThatItAnswersInOrder() throws Exception {
    try (ScriptedServer server = server()) {
      Path source = Files.writeString(folder.resolve("source"), "what is sent");
      server.on(
          "STOR",
          c -> {
            String before = server.commands().getLast();
            assertTrue(before.startsWith("STOR"), "sent before the 150: " + before);
            answeringAtOnce(c, source);
          });
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
        for (String path : List.of("/a", "/b", "/c")) {
          ftp.put(source, path);
          assertEquals("what is sent", new String(server.content(path), StandardCharsets.UTF_8));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSizeThatIsAnsweredBeforeTheEndIsNeverTakenForTheEndOfAnUpload(boolean late) throws Exception {
    try (ScriptedServer server = server()) {
      Path source = Files.writeString(folder.resolve("source"), "what is sent");
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
        ftp.put(source, "/a", TransferOptions.defaults().atomic());
        server.once(
            "STOR",
            c -> {
              c.reply("150 Send it.");
              try (var data = c.openData()) {
                byte[] all = data.receiveAll();
                server.file(c.argument(), Arrays.copyOf(all, all.length / 2));
                c.next(); // SIZE
                c.reply("213 " + all.length);
                c.next(); // EPSV
                c.ordinary();
              }
              if (late) {
                // Longer than a reply to what was sent ahead is waited for.
                assertFalse(new CountDownLatch(1).await(1_500, TimeUnit.MILLISECONDS));
              }
              c.reply("426 The disk went away.");
            });
        FtpException failed =
            assertThrows(FtpException.class, () -> ftp.put(source, "/b", TransferOptions.defaults().atomic()));
        assertTrue(failed.getMessage().contains("426"), failed.getMessage());
        assertFalse(server.exists("/b"), "half a file has the full name");
      }
    }
  }

  @Test
  void aStorThatEndsWith200CostsNoLongWait() throws Exception {
    try (ScriptedServer server = server()) {
      Path source = Files.writeString(folder.resolve("source"), "what is sent");
      server.on(
          "STOR",
          c -> {
            String path = c.argument();
            c.reply("150 Send it.");
            try (var data = c.openData()) {
              server.file(path, data.receiveAll());
            }
            c.reply("200 Stored.");
          });
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
        long start = System.nanoTime();
        for (String path : List.of("/a", "/b", "/c", "/d")) {
          ftp.put(source, path);
        }
        assertTrue(Duration.ofNanos(System.nanoTime() - start).toMillis() < 5_000, "the uploads took too long");
        assertEquals("what is sent", new String(server.content("/d"), StandardCharsets.UTF_8));
      }
    }
  }

  @Test
  void aPortAskedForBehindRetrIsGivenUpForThatCommandAloneAndTheTransferIsDoneAtOnce() throws Exception {
    try (ScriptedServer server = server()) {
      Path source = Files.writeString(folder.resolve("source"), "what is sent");
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
        for (String path : List.of("/a", "/b", "/c")) {
          ftp.put(source, path);
        }
        assertTrue(known(server).holds(Fact.BEHIND_STOR), known(server).toString());
        getAndCompare(ftp, 1); // over the port that came behind the last STOR; its own follower works, too
        // From here on the server forgets a port that was asked for while RETR ran.
        server.once(
            "RETR",
            c -> {
              c.forgetData();
              c.reply("425 No data connection.");
            });
        getAndCompare(ftp, 2, 3, 4);
        assertTrue(known(server).fails(Fact.BEHIND_RETR), known(server).toString());
        assertTrue(known(server).holds(Fact.BEHIND_STOR), known(server).toString());
        List<String> all = server.commands();
        assertEquals(List.of("SIZE /4", "EPSV", "RETR /4"), all.subList(all.size() - 3, all.size()));
      }
    }
  }

  @Test
  void aFullDiskDoesNotDisproveSendingAhead() throws Exception {
    try (ScriptedServer server = server()) {
      Path source = Files.writeString(folder.resolve("source"), "what is sent");
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
        ftp.put(source, "/a");
        server.once(
            "STOR",
            c -> {
              c.reply("150 Send it.");
              try (var data = c.openData()) {
                data.receiveAll();
              }
              c.reply("552 The disk is full.");
            });
        FtpTransferException full =
            assertThrows(FtpTransferException.class, () -> ftp.put(source, "/b"));
        assertEquals(ErrorKind.QUOTA, full.kind());
        assertEquals(1, server.commands().stream().filter("STOR /b"::equals).count());
        assertFalse(known(server).fails(Fact.TWO_AT_ONCE) || known(server).fails(Fact.BEHIND_STOR));
      }
    }
  }

  @Test
  void anEpsvThatIsNeverAnsweredIsNotSentAgainByAnySession() throws Exception {
    try (ScriptedServer server = server()) {
      server.on("EPSV", Conversation::stall);
      FtpConfig config =
          SessionFixture.plain(server).timeouts(Timeouts.of(SessionFixture.GENEROUS).withReply(Duration.ofSeconds(1))).build();
      try (FtpSession ftp = Ftp.open(config)) {
        getAndCompare(ftp, 1);
      } catch (FtpTimeoutException e) {
        assertTrue(e.getMessage().startsWith("EPSV"), e.getMessage());
      }
      try (FtpSession ftp = Ftp.open(config)) {
        getAndCompare(ftp, 1, 2);
      }
      assertEquals(1, server.commands().stream().filter("EPSV"::equals).count());
    }
  }

  @Test
  void epsvCanBeSwitchedOff() throws Exception {
    try (ScriptedServer server = server();
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).dataMode(DataMode.passive().withoutEpsv()).build())) {
      getAndCompare(ftp, 1, 2, 3);
      assertFalse(server.commands().contains("EPSV"));
      assertTrue(server.commands().contains("PASV"));
    }
  }
}
