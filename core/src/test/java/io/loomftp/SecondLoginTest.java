package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loomftp.testkit.FreshProfiles;
import io.loomftp.testkit.ScriptedServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A login begins anew: nothing that was set before it is relied on. */
@Timeout(60)
@ExtendWith(FreshProfiles.class)
class SecondLoginTest {
  @TempDir Path folder;

  @Test
  void theTypeIsSetAgainAfterALogin() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "12345");
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      ftp.size("/a");
      ftp.login(Credentials.of("bob", "secret"));
      assertEquals(5, ftp.size("/a"));
      assertEquals(2, server.commands().stream().filter("TYPE I"::equals).count());
    }
  }

  @Test
  void theOldLoginIsNotRepeatedAfterANewOneWasRefused() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().user("alice", "secret").file("/a", "x");
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      assertThrows(FtpLoginException.class, () -> ftp.login(Credentials.of("bob", "wrong")));
      server.once("RETR", c -> {
        c.reply("150 Here it comes.");
        c.forgetData();
        c.reset();
      });
      assertThrows(FtpException.class, () -> ftp.get("/a", folder.resolve("a"), TransferOptions.defaults().retry(Retry
          .standard())));
      assertEquals(1, server.commands().stream().filter("USER alice"::equals).count());
    }
  }
}
