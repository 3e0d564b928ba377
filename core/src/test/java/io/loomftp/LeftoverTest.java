package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loomftp.testkit.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A download that keeps nothing leaves nothing beside its target. */
@Timeout(40)
class LeftoverTest {
  private static final TransferOptions RESUMING = TransferOptions.defaults().resume();

  @TempDir Path folder;

  private List<String> names() throws Exception {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void refusedDownloadLeavesNoEmptyPartialFile() throws Exception {
    try (ScriptedServer server = ScriptedServer.start().file("/a", "x").on("RETR", "550 Permission denied.");
        FtpSession ftp = Ftp.open(SessionFixture.plain(server).build())) {
      assertThrows(FtpReplyException.class, () -> ftp.get("a", folder.resolve("a"), RESUMING));
      assertEquals(List.of(), names());
    }
  }

  @Test
  void downloadThatFindsItsTargetCompleteAfterWaitingLeavesNothing() throws Exception {
    CountDownLatch half = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (ScriptedServer server = ScriptedServer.start().file("/a", "whole");
        FtpSession one = Ftp.open(SessionFixture.plain(server).build());
        FtpSession two = Ftp.open(SessionFixture.plain(server).build())) {
      server.once("RETR", c -> {
        c.reply("150 Here it comes.");
        var data = c.openData().send("who");
        half.countDown();
        goOn.await();
        data.send("le").finish();
        c.reply("226 Done.");
      });
      Path target = folder.resolve("a");
      FutureTask<TransferResult> first = new FutureTask<>(() -> one.get("a", target, RESUMING));
      Thread.ofVirtual().start(first);
      half.await();
      TransferOptions waiting = RESUMING.overwrite(Overwrite.SKIP).waitForTarget(Duration.ofSeconds(20));
      FutureTask<TransferResult> second = new FutureTask<>(() -> two.get("a", target, waiting));
      Thread.ofVirtual().start(second);
      while (server.commands().stream().filter("MDTM a"::equals).count() < 2) {
        Thread.onSpinWait();
      }
      goOn.countDown();
      first.get();
      second.get(); // it may have been too late to wait
      assertEquals(List.of("a"), names());
    }
  }
}
