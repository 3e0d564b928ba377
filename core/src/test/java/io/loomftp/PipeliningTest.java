package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.Conversation;
import io.loomftp.testkit.Handshake;
import io.loomftp.testkit.RealServer;
import io.loomftp.testkit.RealServers;
import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Consecutive files save round trips, and servers that do not support that do no harm. */
@Timeout(60)
class PipeliningTest {
  @TempDir Path folder;

  private static ScriptedServer server() {
    ScriptedServer server = ScriptedServer.start();
    for (int i = 0; i < 10; i++) {
      server.file("/" + i, "content of " + i);
    }
    return server;
  }

  private void getAndCompare(FtpSession ftp, int... names) throws IOException {
    for (int name : names) {
      Path target = folder.resolve(name + ".txt");
      ftp.get("/" + name, target);
      assertEquals("content of " + name, Files.readString(target));
    }
  }

  /** What came after the login. */
  private static List<String> after(ScriptedServer server, String last) {
    List<String> all = server.commands();
    return all.subList(all.lastIndexOf(last) + 1, all.size());
  }

  private static void with(ScriptedServer server, FtpConfig config, SessionFixture.Use use) throws Exception {
    try (server;
        FtpSession ftp = Ftp.open(config)) {
      use.with(ftp);
    }
  }

  private static void with(ScriptedServer server, SessionFixture.Use use) throws Exception {
    with(server, SessionFixture.plain(server).build(), use);
  }

  private static FtpConfig impatient(ScriptedServer server) {
    return SessionFixture.plain(server).timeouts(SessionFixture.impatient()).build();
  }

  @Test
  void thePortOfTheNextFileIsAskedForBehindThePresentOne() throws Exception {
    ScriptedServer server = server();
    with(
        server,
        ftp -> {
          getAndCompare(ftp, 1, 2, 3, 4);
          assertEquals(
              List.of(
                  "TYPE I", "SIZE /1", "EPSV", "RETR /1",
                  "SIZE /2", "TYPE I", "EPSV", "RETR /2", "EPSV",
                  "SIZE /3", "RETR /3", "EPSV",
                  "SIZE /4", "RETR /4", "EPSV"),
              after(server, "OPTS UTF8 ON"));
        });
  }

  @Test
  void uploadsAreAheadToo() throws Exception {
    ScriptedServer server = server();
    Path source = Files.writeString(folder.resolve("source"), "what is sent");
    with(
        server,
        ftp -> {
          ftp.put(source, "/a");
          ftp.put(source, "/b");
          ftp.put(source, "/c");
          assertEquals(List.of("STOR /c", "SIZE /c", "EPSV"), after(server, "STOR /b").subList(2, 5));
          for (String path : List.of("/a", "/b", "/c")) {
            assertEquals("what is sent", new String(server.content(path), StandardCharsets.UTF_8));
          }
        });
  }

  @Test
  void whatFollowsAnUploadTravelsWithIt() throws Exception {
    ScriptedServer server = server();
    Path source = Files.writeString(folder.resolve("source"), "what is sent");
    Files.setLastModifiedTime(source, FileTime.from(Instant.parse("2024-02-29T12:00:00Z")));
    TransferOptions options = TransferOptions.defaults().atomic().keepModified();
    with(
        server,
        ftp -> {
          ftp.put(source, "/a", options);
          ftp.put(source, "/b", options);
          ftp.put(source, "/c", options);
          List<String> third = after(server, "RNTO /b");
          String temporary = third.getFirst().substring("STOR ".length());
          assertEquals(
              List.of(
                  "STOR " + temporary, "SIZE " + temporary, "MFMT 20240229120000 " + temporary, "EPSV",
                  "RNFR " + temporary, "RNTO /c"),
              third);
          assertEquals("what is sent", new String(server.content("/c"), StandardCharsets.UTF_8));
          assertEquals(Instant.parse("2024-02-29T12:00:00Z"), ftp.mdtm("/c"));
        });
  }

  @Test
  void aRefusedRenameFailsThoughBothCommandsWereSent() throws Exception {
    ScriptedServer server = server();
    Path source = Files.writeString(folder.resolve("source"), "what is sent");
    TransferOptions options = TransferOptions.defaults().atomic();
    with(
        server,
        ftp -> {
          ftp.put(source, "/a", options);
          server.once("RNFR", "550 You may not.");
          server.once("RNTO", "503 Rename what?");
          FtpReplyException refused = assertThrows(FtpReplyException.class, () -> ftp.put(source, "/b", options));
          assertTrue(refused.command().startsWith("RNFR"), refused.command());
          assertTrue(refused.sessionUsable());
          assertFalse(server.exists("/b"));
          ftp.put(source, "/c", options);
          assertTrue(server.exists("/c"));
        });
  }

  @Test
  void aTransferThatBreaksAtTheFirstTryOfSendingBehindItIsRepeatedWithout() throws Exception {
    ScriptedServer server = server();
    with(
        server,
        ftp -> {
          getAndCompare(ftp, 1);
          server.once(
              "RETR",
              c -> {
                c.reply("150 Here it comes.");
                var data = c.openData();
                data.send("cont");
                c.next(); // and makes a mess of both
                data.reset();
                c.reply("426 Broken.");
                c.ordinary();
              });
          getAndCompare(ftp, 2, 3);
          assertEquals(List.of("SIZE /3", "EPSV", "RETR /3"), after(server, "RETR /2"));
        });
  }

  @Test
  void offMeansOneCommandAtATime() throws Exception {
    ScriptedServer server = server();
    with(
        server,
        SessionFixture.plain(server).pipelining(Pipelining.OFF).build(),
        ftp -> {
          getAndCompare(ftp, 1, 2, 3);
          assertEquals(List.of("SIZE /3", "EPSV", "RETR /3"), after(server, "RETR /2"));
        });
  }

  @Test
  void nothingIsAheadOfASingleFileOrOfOtherVerbs() throws Exception {
    ScriptedServer server = server();
    with(
        server,
        ftp -> {
          getAndCompare(ftp, 1);
          ftp.noop();
          getAndCompare(ftp, 2);
          assertEquals(List.of("SIZE /2", "EPSV", "RETR /2"), after(server, "NOOP"));
        });
  }

  @Test
  void thePortThatIsAheadServesAListingToo() throws Exception {
    ScriptedServer server = server();
    with(
        server,
        ftp -> {
          getAndCompare(ftp, 1, 2, 3);
          try (Listing rows = ftp.list("/")) {
            assertEquals(10, rows.toList().size());
          }
          assertEquals(List.of("EPSV", "MLSD /"), after(server, "RETR /3"));
        });
  }

  @Test
  void pasvIsAheadWhereThatIsWhatWorks() throws Exception {
    ScriptedServer server = server().on("EPSV", "500 What?");
    with(
        server,
        ftp -> {
          getAndCompare(ftp, 1, 2, 3, 4);
          assertEquals(List.of("SIZE /4", "RETR /4", "PASV"), after(server, "RETR /3").subList(1, 4));
        });
  }

  @Test
  void keepAliveAndPipeliningAreNotMixed() throws Exception {
    ScriptedServer server = server();
    with(
        server,
        SessionFixture.plain(server).keepAlive(Duration.ofSeconds(5)).build(),
        ftp -> {
          getAndCompare(ftp, 1, 2, 3);
          assertEquals(List.of("SIZE /3", "EPSV", "RETR /3"), after(server, "RETR /2"));
        });
  }

  /** Reads what came behind the present command while its data flow, answers it so, and ends the transfer afterwards. */
  private static void answeringInBetween(Conversation c, String answer) throws IOException, InterruptedException {
    String path = c.argument();
    c.reply("150 Here it comes.");
    var data = c.openData();
    c.next();
    if (answer.isEmpty()) {
      c.ordinary();
    } else {
      c.reply(answer);
    }
    data.send("content of " + path.substring(1)).close();
    c.reply("226 Done.");
  }

  @ParameterizedTest
  @CsvSource({"450 EPSV: data transfer in progress", "503 Not now.", "''"})
  void aServerThatAnswersWhileDataFlowsIsAskedOneAtATimeFromThenOn(String answer) throws Exception {
    ScriptedServer server = server();
    with(
        server,
        ftp -> {
          getAndCompare(ftp, 1);
          server.once("RETR", c -> answeringInBetween(c, answer));
          getAndCompare(ftp, 2, 3, 4);
          assertEquals(List.of("SIZE /4", "EPSV", "RETR /4"), after(server, "RETR /3"));
        });
  }

  @Test
  void aServerThatSwallowsTheSecondOfTwoCommandsIsAskedOneAtATime() throws Exception {
    ScriptedServer server = server();
    with(
        server,
        ftp -> {
          getAndCompare(ftp, 1);
          server.once(
              "TYPE",
              c -> {
                c.reply("200 Binary it is.");
                c.next();
              });
          getAndCompare(ftp, 2, 3);
          assertEquals(List.of("SIZE /3", "EPSV", "RETR /3"), after(server, "RETR /2"));
        });
  }

  @Test
  void aServerThatSwallowsWhatCameBehindATransferLosesNothing() throws Exception {
    ScriptedServer server = server();
    with(
        server,
        impatient(server),
        ftp -> {
          getAndCompare(ftp, 1);
          server.once(
              "RETR",
              c -> {
                c.ordinary();
                c.next();
              });
          getAndCompare(ftp, 2, 3, 4);
          assertEquals(List.of("SIZE /4", "EPSV", "RETR /4"), after(server, "RETR /3"));
        });
  }

  @Test
  void aMissingFileFailsAndTheNextIsDownloaded() throws Exception {
    ScriptedServer server = server();
    with(
        server,
        ftp -> {
          getAndCompare(ftp, 1, 2, 3);
          FtpReplyException missing =
              assertThrows(FtpReplyException.class, () -> ftp.get("/none", folder.resolve("none")));
          assertEquals(ErrorKind.NOT_FOUND, missing.kind());
          assertTrue(missing.sessionUsable());
          getAndCompare(ftp, 4, 5);
        });
  }

  @Test
  void aBrokenTransferFailsAndTheNextFileIsDownloaded() throws Exception {
    ScriptedServer server = server();
    with(
        server,
        ftp -> {
          getAndCompare(ftp, 1, 2, 3);
          server.once(
              "RETR",
              c -> {
                c.reply("150 Here it comes.");
                c.openData().send("content").reset();
                c.reply("426 Broken.");
              });
          FtpTransferException broken =
              assertThrows(FtpTransferException.class, () -> ftp.get("/4", folder.resolve("4")));
          assertEquals(426, broken.reply().orElseThrow().code());
          assertTrue(broken.sessionUsable());
          getAndCompare(ftp, 4, 5, 6);
        });
  }

  @Test
  void abortKeepsTheSession() throws Exception {
    ScriptedServer server = server();
    with(
        server,
        ftp -> {
          getAndCompare(ftp, 1, 2, 3);
          Progress calling = state -> ftp.abort();
          FtpTransferException aborted =
              assertThrows(FtpTransferException.class, () -> ftp.get("/4", folder.resolve("4"), calling));
          assertEquals(ErrorKind.ABORTED, aborted.kind());
          getAndCompare(ftp, 5, 6);
          assertEquals("/", ftp.pwd());
        });
  }

  @Test
  void a421InPlaceOfAPortDoesNotAffectTheTransferBefore() throws Exception {
    ScriptedServer server = server();
    with(
        server,
        ftp -> {
          getAndCompare(ftp, 1, 2);
          server.once("EPSV", "421 Enough.");
          getAndCompare(ftp, 3);
          assertFalse(ftp.isOpen());
          FtpClosedException closed = assertThrows(FtpClosedException.class, ftp::pwd);
          assertTrue(closed.getMessage().contains("421 Enough."), closed.getMessage());
        });
  }

  @Test
  void aPortThatIsGoneIsAskedForAgain() throws Exception {
    ScriptedServer server = server();
    with(
        server,
        ftp -> {
          getAndCompare(ftp, 1, 2);
          server.once(
              "EPSV",
              c -> {
                int port = c.listen();
                c.forgetData();
                c.reply("229 Entering Extended Passive Mode (|||" + port + "|)");
              });
          getAndCompare(ftp, 3, 4, 5);
          assertEquals(List.of("SIZE /5", "EPSV", "RETR /5"), after(server, "RETR /4"));
        });
  }

  @Test
  void nothingStaysOpenWhenTheSessionIsClosedWithAPortAhead() throws Exception {
    ScriptedServer server = server();
    with(
        server,
        ftp -> {
          getAndCompare(ftp, 1, 2, 3);
          assertThrows(FtpLocalException.class, () -> ftp.get("/4", folder.resolve("no/such/folder")));
          ftp.close();
          server.awaitIdle();
        });
  }

  @Test
  void everyDataConnectionResumesTheTlsSessionOfTheControlConnection() throws Exception {
    ScriptedServer server = server().demandSessionReuse();
    with(
        server,
        SessionFixture.secured(server).build(),
        ftp -> {
          getAndCompare(ftp, 1, 2, 3, 4, 5, 6);
          assertEquals(6, server.handshakes().stream().filter(Handshake::data).filter(Handshake::resumed).count());
          assertEquals(List.of("SIZE /6", "RETR /6", "EPSV"), after(server, "RETR /5").subList(1, 4));
        });
  }

  @ParameterizedTest
  @EnumSource(RealServers.Kind.class)
  void realServersSendAndTakeManyFiles(RealServers.Kind kind) throws Exception {
    for (RealServers.Variant variant : List.of(RealServers.Variant.PLAIN, RealServers.Variant.TLS_1_3_REUSE)) {
      try (RealServer server = RealServers.start(kind, variant);
          FtpSession ftp = Ftp.open(SessionInteropTest.config(server))) {
        Path source = folder.resolve("source");
        Path target = folder.resolve("target");
        for (int i = 0; i < 30; i++) {
          // One that is large enough for a server to look at the control connection meanwhile.
          byte[] content = new byte[i == 17 ? 8 << 20 : 100 * i];
          Arrays.fill(content, (byte) i);
          Files.write(source, content);
          ftp.put(source, "f" + i);
        }
        for (int i = 0; i < 30; i++) {
          ftp.get("f" + i, target);
          assertEquals(i == 17 ? 8 << 20 : 100 * i, Files.size(target));
          byte[] content = Files.readAllBytes(target);
          assertTrue(content.length == 0 || (content[0] == i && content[content.length - 1] == i));
        }
        assertEquals(30, ftp.names("").size());
      }
    }
  }
}
