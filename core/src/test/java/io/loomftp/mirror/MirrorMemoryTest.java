package io.loomftp.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.FtpConfig;
import io.loomftp.pool.FtpPool;
import io.loomftp.testkit.ScriptedServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A mirror of many files in a small heap; the system properties {@code loomftp.mirror.files} and {@code loomftp.mirror.heap}
 * make it bigger, such as 50000 files in 128m.
 */
@Timeout(900)
class MirrorMemoryTest {
  private static final int FILES = Integer.getInteger("loomftp.mirror.files", 2_000);
  private static final String HEAP = System.getProperty("loomftp.mirror.heap", "32m");
  private static final int FOLDERS = Math.max(10, FILES / 100);

  @TempDir Path folder;

  /** What runs in the small heap: plans, saves, reads back and applies, with a journal. */
  static final class Client {
    public static void main(String[] args) throws Exception {
      FtpConfig config = FtpConfig.builder("127.0.0.1").port(Integer.parseInt(args[0])).credentials("a", "b").build();
      Path folder = Path.of(args[1]);
      long start = System.nanoTime();
      try (FtpPool pool = FtpPool.of(config, 8)) {
        Path saved = folder.resolve("plan");
        Mirror.download("/pub", folder.resolve("pub")).plan(pool).save(saved);
        long planned = System.nanoTime();
        MirrorReport report = MirrorPlan.read(saved).journal(folder.resolve("journal")).apply(pool).orThrow();
        System.out.println(report.transferred() + " " + report.unchanged());
        System.err.printf(
            "%s; planned in %.1f s, maximum heap %d MiB%n",
            report, (planned - start) / 1e9, Runtime.getRuntime().maxMemory() >> 20);
      }
    }
  }

  private String runClient(ScriptedServer server) throws IOException, InterruptedException {
    Process client =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx" + HEAP,
            "-cp",
            System.getProperty("java.class.path"),
            Client.class.getName(),
            Integer.toString(server.port()),
            folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      String said = new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
      assertTrue(client.waitFor(10, TimeUnit.SECONDS));
      assertEquals(0, client.exitValue());
      return said;
    } finally {
      client.destroyForcibly();
    }
  }

  @Test
  void manyFilesFitIntoASmallHeapAndTheSecondRunCostsOneListingForEachFolder() throws Exception {
    try (ScriptedServer server = ScriptedServer.start()) {
      for (int i = 0; i < FILES; i++) {
        server.file("/pub/folder-" + i % FOLDERS + "/some file of usual length " + i + ".dat", "content of " + i);
      }
      assertEquals(FILES + " 0", runClient(server));
      int before = server.commands().size();
      assertEquals("0 " + FILES, runClient(server));
      List<String> second = server.commands().subList(before, server.commands().size());
      assertEquals(FOLDERS + 1, second.stream().filter(line -> line.startsWith("MLSD")).count());
      List<String> other =
          second.stream()
              .filter(line -> !line.matches("(USER|PASS|FEAT|OPTS|TYPE|EPSV|MLSD|QUIT|SYST|PWD|CLNT)( .*)?"))
              .distinct()
              .toList();
      assertEquals(List.of(), other);
      long logins = second.stream().filter(line -> line.startsWith("USER")).count();
      long others = second.stream().filter(line -> !line.matches("(EPSV|MLSD)( .*)?")).count();
      assertTrue(logins <= 8 && others <= 8 * logins, second.subList(0, Math.min(30, second.size())).toString());
    }
  }
}
