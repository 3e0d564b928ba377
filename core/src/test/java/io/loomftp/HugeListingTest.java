package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loomftp.testkit.DataPipe;
import io.loomftp.testkit.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Millions of entries are read through a socket in a small heap. */
@Timeout(180)
class HugeListingTest {
  private static final int ENTRIES = Integer.getInteger("loomftp.huge", 5_000_000);
  private static final int AT_A_TIME = 10_000;

  /** What runs in the small heap: reads the listing and prints how many entries it had. */
  static final class Reader {
    public static void main(String[] args) throws Exception {
      FtpConfig config =
          FtpConfig.builder("127.0.0.1").port(Integer.parseInt(args[0])).credentials("a", "b").build();
      long started = System.nanoTime();
      long bytes = 0;
      long count = 0;
      try (FtpSession ftp = Ftp.open(config);
          Listing rows = ftp.list("/")) {
        for (FtpEntry row : rows) {
          count++;
          bytes += row.size().orElseThrow();
        }
      }
      System.out.println(count + " " + bytes);
      System.err.printf(
          "%,d entries in %.1f s, maximum heap %d MiB%n",
          count, (System.nanoTime() - started) / 1e9, Runtime.getRuntime().maxMemory() >> 20);
    }
  }

  @Test
  void fiveMillionEntriesFitInto64Mebibytes() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      server.on(
          "MLSD",
          c -> {
            c.reply("150 Here.");
            try (DataPipe data = c.openData()) {
              for (int first = 0; first < ENTRIES; first += AT_A_TIME) {
                data.send(lines(first));
              }
            }
            c.reply("226 Done.");
          });
      Process reader =
          new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-Xmx64m",
              "-cp",
              System.getProperty("java.class.path"),
              Reader.class.getName(),
              Integer.toString(server.port()))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try {
        String said = new String(reader.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        assertEquals(true, reader.waitFor(10, TimeUnit.SECONDS));
        assertEquals(ENTRIES + " " + (long) ENTRIES * (ENTRIES - 1) / 2, said);
      } finally {
        reader.destroyForcibly();
      }
    }
  }

  private static byte[] lines(int first) {
    StringBuilder text = new StringBuilder(AT_A_TIME * 70);
    for (int i = first; i < first + AT_A_TIME; i++) {
      text.append("type=file;size=").append(i).append(";modify=20261122103000;perm=r; file-").append(i).append(".dat\r\n");
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }
}
