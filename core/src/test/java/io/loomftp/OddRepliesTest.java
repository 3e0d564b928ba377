package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.pool.FtpPool;
import io.loomftp.pool.Lease;
import io.loomftp.testkit.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Complete replies without the requested value: the verb fails, the session stays usable. */
@Timeout(60)
class OddRepliesTest {
  @TempDir Path folder;

  private static FtpSession open(ScriptedServer server) throws FtpException {
    return Ftp.open(SessionFixture.plain(server).build());
  }

  @ParameterizedTest
  @ValueSource(strings = {"213 -1", "213 ", "213", "213 file: 51", "200 ok", "213 File status", "213 99999999999999999999"})
  void aSizeReplyWithoutASizeFailsSizeAlone(String reply) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().on("SIZE", reply);
        FtpSession ftp = open(server)) {
      FtpReplyException e = assertThrows(FtpReplyException.class, () -> ftp.size("a.txt"));
      assertEquals(ErrorKind.PROTOCOL, e.kind());
      assertTrue(e.getMessage().startsWith("SIZE a.txt: no size in the reply: "), e.getMessage());
      assertTrue(ftp.isOpen());
      ftp.noop();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"213 -1", "213 File status", "200 ok"})
  void anUploadSucceedsWhereSizeGivesNoNumber(String reply) throws Exception {
    Path empty = Files.createFile(folder.resolve("empty"));
    try (ScriptedServer server = ScriptedServer.start().on("SIZE", reply);
        FtpSession ftp = open(server)) {
      assertEquals(TransferResult.Verified.NOTHING, ftp.put(empty, "empty").verified());
      assertEquals(TransferResult.Verified.NOTHING, ftp.get("empty", folder.resolve("back")).verified());
      assertTrue(ftp.isOpen());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"213 2003040a102659", "213 20200230000000", "253 Modification time unknown", "213 "})
  void anMdtmReplyWithoutATimeFailsMdtmAlone(String reply) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().on("MDTM", reply);
        FtpSession ftp = open(server)) {
      assertEquals(ErrorKind.PROTOCOL, assertThrows(FtpReplyException.class, () -> ftp.mdtm("a.txt")).kind());
      ftp.noop();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"213 2003040a102659", "213 20200230000000", "253 Modification time unknown", "213 "})
  void transfersSucceedWhereMdtmGivesNoTime(String reply) throws Exception {
    Path local = Files.writeString(folder.resolve("local"), "x");
    try (ScriptedServer server = ScriptedServer.start().file("/a", "x").on("MDTM", reply);
        FtpSession ftp = open(server)) {
      TransferOptions options = TransferOptions.defaults().resume().overwrite(Overwrite.IF_NEWER).keepModified();
      assertEquals(1, ftp.get("a", folder.resolve("back"), options).bytes());
      assertEquals(1, ftp.put(local, "a", options).bytes());
      assertTrue(ftp.isOpen());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
          "257 root is current directory.|root is current directory.",
          "257 /path/without/quotes|/path/without/quotes",
          "257 /home/a b is current directory.|/home/a b",
          "257 C:\\data is the working directory|C:\\data",
          "257 SYS$LOGIN:[USER] is current directory.|SYS$LOGIN:[USER]",
          "257 \"/quoted\" is it|/quoted"
      })
  void pwdGivesThePathOrTheText(String reply, String path) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().on("PWD", reply);
        FtpSession ftp = open(server)) {
      assertEquals(path, ftp.pwd());
      ftp.noop();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"257 root is current directory.", "502 No PWD here.", "550 No."})
  void aPoolOpensSessionsWhosePwdGivesNoPath(String reply) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "x").on("PWD", reply).on("XPWD", reply);
        FtpPool pool = FtpPool.builder(SessionFixture.plain(server).build()).build()) {
      try (Lease lease = pool.lease()) {
        assertEquals(1, lease.session().size("a"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"213 type=file;size=3; a.txt", "250 type=file;size=3; a.txt"})
  void mlstInOneLineIsUnderstood(String reply) throws Exception {
    try (ScriptedServer server = ScriptedServer.start().on("MLST", reply);
        FtpSession ftp = open(server)) {
      assertEquals(3, ftp.mlst("a.txt").size().orElseThrow());
    }
  }

  @Test
  void mlstWith226IsUnderstood() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().on("MLST", "226-Facts", " type=file;size=3; a.txt", "226 End");
        FtpSession ftp = open(server)) {
      assertEquals(3, ftp.mlst("a.txt").size().orElseThrow());
    }
  }

  @Test
  void mlstWithoutFactsFailsMlstAlone() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().on("MLST", "250 Fine.");
        FtpSession ftp = open(server)) {
      assertThrows(FtpReplyException.class, () -> ftp.mlst("a.txt"));
      ftp.noop();
    }
  }

  @Test
  void modeAndStructureAreNotForQuoting() throws Exception {
    try (ScriptedServer server = ScriptedServer.start();
        FtpSession ftp = open(server)) {
      for (String verb : new String[] {"MODE", "stru", "PRET", "SPSV", "SSCN"}) {
        assertThrows(IllegalArgumentException.class, () -> ftp.quote(verb, "Z"), verb);
      }
      assertFalse(server.commands().stream().anyMatch(c -> c.startsWith("MODE") || c.startsWith("stru")));
    }
  }

  @Test
  void theNameOfStouIsTakenFromOneLineOfAReplyOfSeveral() throws Exception {
    Path local = Files.writeString(folder.resolve("x"), "x");
    try (ScriptedServer server = ScriptedServer.start();
        FtpSession ftp = open(server)) {
      server.on(
          "STOU",
          c -> {
            c.reply("150-FILE: pureftpd.1a2b", "150 Accepted data connection");
            c.openData().receiveAll();
            c.reply("226 Done.");
          });
      assertEquals("pureftpd.1a2b", ftp.putUnique(local).orElseThrow());
    }
  }

  @Test
  void anArgumentThatCannotBeSentIsNotBlamedOnAnotherCommand() throws Exception {
    try (ScriptedServer server = ScriptedServer.start();
        FtpSession ftp = open(server)) {
      IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> ftp.cd("a\r\nb"));
      assertEquals("CR, LF and NUL cannot be part of an argument: 'a??b'", e.getMessage());
    }
  }

  @Test
  void thePasswordsOfSitePswdAreShownNowhere() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().on("SITE", "500 No.");
        FtpSession ftp = open(server)) {
      FtpReplyException e = assertThrows(FtpReplyException.class, () -> ftp.site("PSWD olden newer"));
      assertEquals("SITE *** refused: 500 No.", e.getMessage());
      assertFalse(ftp.transcript().toString().contains("olden"), ftp.transcript().toString());
      assertFalse(
          assertThrows(IllegalArgumentException.class, () -> ftp.site("PSWD olden\nnewer")).getMessage().contains("olden"));
      assertTrue(server.commands().contains("SITE PSWD olden newer"));
    }
  }

  @Test
  void aDownloadIsComplete() throws Exception {
    byte[] content = new byte[200_000];
    new java.util.Random(1).nextBytes(content);
    try (ScriptedServer server = ScriptedServer.start().file("/big", content);
        FtpSession ftp = open(server);
        FtpInputStream in = ftp.get("big")) {
      var out = new java.io.ByteArrayOutputStream();
      assertEquals(content.length, in.transferTo(out));
      org.junit.jupiter.api.Assertions.assertArrayEquals(content, out.toByteArray());
    }
  }

  @Test
  void anUploadThatIsNotFoundUnderItsNameIsNoted() throws Exception {
    Path local = Files.writeString(folder.resolve("x"), "x");
    try (ScriptedServer server = ScriptedServer.start().on("SIZE", "550 x : No such file.");
        FtpSession ftp = open(server)) {
      ftp.put(local, "x ");
      assertTrue(ftp.transcript().toString().contains("the server has no file of the name 'x '"), ftp.transcript().toString());
    }
  }

  @Test
  void mkdirGivesTheNameThatTheServerMadeOfIt() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().on("MKD", "257 \"x_\" : The directory was successfully created");
        FtpSession ftp = open(server)) {
      assertEquals("x_", ftp.mkdir("x "));
    }
  }
}
