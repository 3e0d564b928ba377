package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loomftp.testkit.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The longest durations that Java has are bounds like any other. */
@Timeout(30)
class EndlessTimeoutsTest {
  @TempDir Path folder;

  @Test
  void aTimeoutMayBeAsLongAsADurationCanBe() throws Exception {
    Duration forever = ChronoUnit.FOREVER.getDuration();
    Timeouts all = new Timeouts(forever, forever, forever, forever, forever, forever, forever, java.util.Optional.of(forever));
    try (ScriptedServer server = ScriptedServer.start().file("/a", "12345");
        FtpSession ftp = Ftp.open(SessionFixture.secured(server).timeouts(all).keepAlive(forever).build())) {
      assertEquals(5, ftp.size("/a"));
      assertEquals("12345", SessionFixture.text(ftp.get("/a")));
      ftp.get("/a", folder.resolve("a"));
      ftp.put(folder.resolve("a"), "/b");
      assertEquals("12345", Files.readString(folder.resolve("a")));
      assertEquals(2, ftp.list("/").toList().size());
    }
  }
}
