package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loomftp.testkit.ScriptedServer;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The working folder of a session after it reconnected. */
@Timeout(60)
class ReconnectFolderTest {
  private static final TransferOptions RETRY = TransferOptions.defaults().retry(Retry.standard());

  private static List<String> after(ScriptedServer server) {
    List<String> all = server.commands();
    return all.subList(all.lastIndexOf("PASS secret"), all.size()).stream().filter(c -> c.startsWith("CWD")).toList();
  }

  private static void lose(ScriptedServer server, FtpSession ftp) throws FtpException {
    server.once("RETR", c -> c.close());
    assertEquals(1, ftp.get("f", new ByteArrayOutputStream(), RETRY).bytes());
  }

  @Test
  void theFolderOfPwdIsEnteredAtOnce() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a/b/f", "x");
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      ftp.cd("a");
      assertEquals("/a", ftp.pwd());
      ftp.cd("b");
      lose(server, ftp);
      assertEquals(List.of("CWD /a", "CWD b"), after(server));
    }
  }

  @Test
  void theStepsAreRepeatedWherePwdGaveNoPath() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a/b/f", "x");
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      ftp.cd("a");
      ftp.cd("b");
      lose(server, ftp);
      assertEquals(List.of("CWD a", "CWD b"), after(server));
    }
  }

  @Test
  void theStepsAreRepeatedWhereThePathOfPwdCannotBeEntered() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a/f", "x").on("PWD", "257 \"/elsewhere/a\"");
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      ftp.cd("a");
      ftp.pwd();
      lose(server, ftp);
      assertEquals(List.of("CWD /elsewhere/a", "CWD a"), after(server));
    }
  }
}
