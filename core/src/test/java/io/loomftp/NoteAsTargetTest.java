package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A download whose target has the name of another download's note does not lose its file. */
@Timeout(40)
class NoteAsTargetTest {
  @TempDir Path folder;

  @Test
  void fileOfThatNameIsKeptOrRefused() throws Exception {
    CountDownLatch half = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (ScriptedServer server = ScriptedServer.start().file("/x", "whole x").file("/x.part.of", "a file of mine");
        FtpSession one = Ftp.open(SessionFixture.plain(server).build());
        FtpSession two = Ftp.open(SessionFixture.plain(server).build())) {
      server.once("RETR", c -> {
        c.reply("150 Here it comes.");
        var data = c.openData().send("whole");
        half.countDown();
        goOn.await();
        data.send(" x").finish();
        c.reply("226 Done.");
      });
      FutureTask<TransferResult> first = new FutureTask<>(() -> one.get("x", folder.resolve("x")));
      Thread.ofVirtual().start(first);
      half.await();
      Path mine = folder.resolve("x.part.of");
      boolean success;
      try {
        two.get("x.part.of", mine);
        success = true;
      } catch (FtpLocalException e) {
        assertTrue(e.getMessage().contains("x.part.of"), e.getMessage());
        success = false;
      } finally {
        goOn.countDown();
      }
      first.get();
      assertEquals("whole x", Files.readString(folder.resolve("x")));
      if (success) {
        assertEquals("a file of mine", Files.readString(mine));
      }
    }
  }
}
