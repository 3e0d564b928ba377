package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.ScriptedServer;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** deleteTree never deletes what a link leads to, also where the link is listed as a folder and cannot be deleted. */
@Timeout(60)
class DeletedLinksTest {
  /** A server that follows the link {@code /t/link} to {@code /keep} in every command but DELE and RMD, which it refuses. */
  private static ScriptedServer withLink() {
    ScriptedServer server = ScriptedServer.start().file("/t/a", "x").directory("/t/link").file("/t/link/x", "x").file("/keep/x",
        "x");
    server.on("DELE", c -> {
      if (c.argument().endsWith("link")) {
        c.reply("550 Permission denied");
      } else {
        c.ordinary();
      }
    });
    boolean[] inside = new boolean[1];
    server.on("CWD", c -> {
      inside[0] = c.argument().endsWith("link");
      c.ordinary();
    });
    server.on("PWD", c -> {
      if (inside[0]) {
        c.reply("257 \"/keep\" is current directory");
      } else {
        c.ordinary();
      }
    });
    return server;
  }

  @ParameterizedTest
  @ValueSource(strings = {"t", "/t", "t/link", "/t/link"})
  void whatALinkLeadsToIsKept(String path) throws Exception {
    try (ScriptedServer server = withLink();
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      FtpException e = assertThrows(FtpException.class, () -> ftp.deleteTree(path));
      assertTrue(e.sessionUsable());
      assertTrue(server.exists("/t/link/x"), String.join("\n", ftp.transcript()));
      assertEquals(List.of("/"), List.of(ftp.pwd()));
    }
  }
}
