package io.loomftp.examples.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How the demo ends, as the shell sees it: it runs in a JVM of its own. */
@Timeout(180)
class DemoTest {
  @TempDir Path folder;

  private record Ended(int code, String output) {}

  @Test
  void tourEndsWithZeroAndHasCheckedEveryStep() throws Exception {
    Ended demo = demo("");
    assertEquals(0, demo.code, demo.output);
    assertTrue(demo.output.matches("(?s).*\n13\\. .*\n21 checks, all passed.*"), demo.output);
    assertTrue(!demo.output.contains("NOT SO") && !demo.output.contains("PASS demo"), demo.output);
  }

  @Test
  void addressListsAnotherServer() throws Exception {
    try (EmbeddedServer server = EmbeddedServer.start()) {
      Ended demo = demo("ftp://demo@localhost:" + server.port() + "/pub");
      assertEquals(0, demo.code, demo.output);
      assertTrue(demo.output.contains("notes.txt") && demo.output.contains("2 entries"), demo.output);
    }
  }

  @Test
  void untrustedServerEndsWithOneAndTheTranscript() throws Exception {
    try (EmbeddedServer server = EmbeddedServer.start()) {
      Ended demo = demo("ftpes://demo@localhost:" + server.port());
      assertEquals(1, demo.code, demo.output);
      assertTrue(demo.output.contains("> AUTH TLS") && !demo.output.contains("USER"), demo.output);
    }
  }

  @Test
  void serverThatIsNotThereEndsWithOne() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    assertEquals(1, demo("ftp://demo@localhost:" + port).code);
  }

  @Test
  void argumentWithoutSenseEndsWithTwo() throws Exception {
    Ended demo = demo("http://localhost/");
    assertEquals(2, demo.code, demo.output);
    assertTrue(demo.output.contains("not ftp, ftpes or ftps"), demo.output);
  }

  private Ended demo(String argument) throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-classpath", System.getProperty("java.class.path"), Demo.class.getName(), argument));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put(Address.PASSWORD_VARIABLE, EmbeddedServer.PASSWORD);
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(120, TimeUnit.SECONDS), "the demo has not ended");
    } finally {
      process.destroyForcibly();
    }
    return new Ended(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
  }
}
