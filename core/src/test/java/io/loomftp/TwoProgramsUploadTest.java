package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two programs upload one source to one target: they never write the same temporary file, and a killed one is continued. */
@Timeout(90)
class TwoProgramsUploadTest {
  private static final int SIZE = 400_000;
  private static final TransferOptions RESUMING = TransferOptions.defaults().resume().atomic();

  @TempDir Path folder;

  /** The other program: uploads a file. */
  static final class Other {
    private Other() {}

    public static void main(String[] args) throws IOException {
      FtpConfig config =
          FtpConfig.builder("localhost").port(Integer.parseInt(args[0])).credentials("alice", "secret").build();
      try (FtpSession ftp = Ftp.open(config)) {
        System.out.println(ftp.put(Path.of(args[1]), "up.bin", RESUMING).resumedFrom());
      }
    }
  }

  private Process start(ScriptedServer server, Path source) throws IOException {
    return new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", System.getProperty("java.class.path"),
        Other.class.getName(), "" + server.port(), source.toString())
        .redirectErrorStream(true).start();
  }

  @Test
  void namesAreTakenByOneProgramAtATime() throws Exception {
    byte[] content = new byte[SIZE];
    new Random(9).nextBytes(content);
    Path source = Files.write(folder.resolve("source"), content);
    Files.setLastModifiedTime(source, FileTime.from(Instant.parse("2024-01-02T03:04:05Z")));
    CountDownLatch half = new CountDownLatch(1);
    CountDownLatch killed = new CountDownLatch(1);
    try (ScriptedServer server = ScriptedServer.start()) {
      server.once("STOR", c -> {
        c.reply("150 Go on.");
        var data = c.openData();
        server.file("/" + c.argument(), data.receive(SIZE / 2));
        half.countDown();
        killed.await();
        data.reset();
        c.close();
      });
      Process other = start(server, source);
      try (FtpSession ftp = Ftp.open(SessionFixture.plain(server).pipelining(Pipelining.OFF).build())) {
        assertTrue(half.await(60, TimeUnit.SECONDS), "the other program sends nothing");
        assertEquals(0, ftp.put(source, "up.bin", RESUMING).resumedFrom());
        assertArrayEquals(content, server.content("/up.bin"));
        List<String> stored = server.commands().stream().filter(c -> c.startsWith("STOR ")).toList();
        assertEquals(2, stored.stream().distinct().count(), stored.toString());

        other.destroyForcibly();
        assertTrue(other.waitFor(30, TimeUnit.SECONDS));
        killed.countDown();
        assertEquals(SIZE / 2, ftp.put(source, "up.bin", RESUMING).resumedFrom(),
            "what the killed program had sent is continued");
        assertArrayEquals(content, server.content("/up.bin"));
        assertEquals(List.of("/up.bin"), server.paths());
      } finally {
        killed.countDown();
        other.destroyForcibly();
      }
    }
  }
}
