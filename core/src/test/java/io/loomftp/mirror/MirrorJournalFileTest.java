package io.loomftp.mirror;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.pool.FtpPool;
import io.loomftp.pool.PoolFixture;
import io.loomftp.testkit.DiskLog;
import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The file of a journal: no other file is changed for it, and its lines survive a power cut. */
@Timeout(60)
class MirrorJournalFileTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {
      "Dear diary,\n", "no line end", "\n", "0\tdone\n", "loomftp-mirror-journal\t2\tx\n", "loomftp-mirror-journey\n", "l\n",
      "\0\0\0"})
  void fileThatIsNoJournalIsLeftAlone(String content) throws Exception {
    Path file = Files.writeString(folder.resolve("mine"), content);
    try (ScriptedServer server = ScriptedServer.start().file("/pub/a", "a");
        FtpPool pool = PoolFixture.pool(server, 1).build()) {
      MirrorPlan plan = Mirror.download("/pub", folder.resolve("root")).journal(file).plan(pool);
      IOException e = assertThrows(IOException.class, () -> plan.apply(pool));
      assertTrue(String.valueOf(e.getMessage()).contains("mine"), e.toString());
      assertEquals(content, Files.readString(file));
      assertFalse(Files.exists(folder.resolve("root/a")), "nothing is transferred without its journal");
    }
  }

  @Test
  void largeFileThatIsNoJournalIsLeftAlone() throws Exception {
    byte[] content = new byte[3 << 20];
    content[0] = 'l';
    Path file = Files.write(folder.resolve("mine"), content);
    assertThrows(IOException.class, () -> MirrorJournal.open(file, UUID.randomUUID(), 1));
    assertArrayEquals(content, Files.readAllBytes(file));
  }

  @Test
  void linkIsNotFollowed() throws Exception {
    Path file = Files.createFile(folder.resolve("empty"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    assertThrows(IOException.class, () -> MirrorJournal.open(link, UUID.randomUUID(), 1));
    assertEquals(0, Files.size(file));
  }

  @Test
  void lineIsOnTheDiskWhenItsActionCountsAsDone() throws Exception {
    DiskLog log = DiskLog.of(folder);
    Path file = log.folder().resolve("journal");
    int seen = 0;
    try (MirrorJournal journal = MirrorJournal.open(file, UUID.randomUUID(), 20)) {
      for (int action = 0; action < 20; action += 7) {
        journal.done(action);
        for (Map<String, byte[]> files : log.states(log.size())) {
          byte[] content = files.get("journal");
          if (content != null) { // the name itself may be lost: then all is done again
            seen++;
            String text = new String(content, StandardCharsets.US_ASCII);
            assertTrue(text.contains("\n" + action + "\tdone\n"), text);
          }
        }
      }
    }
    assertTrue(seen >= 3, "the file is in none of the states");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void downloadsAreDurableWhereAJournalSaysThatTheyAreDone(boolean journal) throws Exception {
    byte[] content = new byte[2 << 20];
    CountDownLatch half = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (ScriptedServer server = ScriptedServer.start().file("/pub/big", content);
        FtpPool pool = PoolFixture.pool(server, 1).build()) {
      server.on("RETR", c -> {
        half.countDown();
        goOn.await();
        c.ordinary();
      });
      Path root = folder.resolve("root");
      Mirror mirror = Mirror.download("/pub", root);
      MirrorPlan plan = (journal ? mirror.journal(folder.resolve("journal")) : mirror).plan(pool);
      FutureTask<MirrorReport> run = new FutureTask<>(() -> plan.apply(pool));
      Thread.ofVirtual().start(run);
      half.await();
      String note = Files.readString(root.resolve("big.part.of"));
      goOn.countDown();
      run.get().orThrow();
      assertTrue(note.contains("\nforced " + (journal ? "yes" : "no") + "\n"), note);
    }
  }
}
