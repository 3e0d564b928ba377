package io.loomftp.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.testkit.DataPipe;
import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a JVM with a heap of 64 MB can move by events. {@code -Dloomftp.memory.bytes=1073741824} moves a gibibyte instead of a
 * quarter of one.
 */
@Timeout(600)
class MemoryTest {
  private static final long CHUNKS = Long.getLong("loomftp.memory.bytes", 256L << 20) / 10_240;
  private static final long BYTES = CHUNKS * 10_240;

  @Test
  void uploadPostedInOneGoFitsIntoASmallHeap() throws Exception {
    AtomicLong received = new AtomicLong();
    try (ScriptedServer server = ScriptedServer.start()) {
      server.on(
          "STOR",
          c -> {
            c.reply("150 Go on.");
            try (DataPipe data = c.openData()) {
              received.set(count(data.input()));
            }
            c.reply("226 Done.");
          });
      String said = probe("up", server.port());
      assertEquals(BYTES, received.get());
      assertTrue(said.startsWith("up: " + BYTES + " bytes, " + CHUNKS + " events"), said);
    }
  }

  private static long count(InputStream in) throws IOException {
    byte[] block = new byte[64 << 10];
    long all = 0;
    for (int n = in.read(block); n >= 0; n = in.read(block)) {
      all += n;
    }
    return all;
  }

  @Test
  void downloadWithASlowListenerFitsIntoASmallHeap() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      server.on(
          "RETR",
          c -> {
            c.reply("150 Here it comes.");
            byte[] chunk = new byte[10_240];
            try (DataPipe data = c.openData()) {
              for (long i = 0; i < CHUNKS; i++) {
                data.send(chunk);
              }
            }
            c.reply("226 Done.");
          });
      String said = probe("down", server.port());
      assertTrue(said.startsWith("down: " + BYTES + " bytes"), said);
    }
  }

  private static String probe(String direction, int port) throws Exception {
    Process process =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            MemoryProbe.class.getName(),
            direction,
            Integer.toString(port),
            Long.toString(BYTES))
            .redirectErrorStream(true)
            .start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(process.waitFor(1, TimeUnit.MINUTES), "the probe does not end");
      assertEquals(0, process.exitValue(), said);
      System.out.print(said);
      return said;
    } finally {
      process.destroyForcibly();
    }
  }
}
