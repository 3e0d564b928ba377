package io.loomftp.examples.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every sample does on the embedded server what it says. */
@Timeout(120)
class SamplesTest {
  private static final Path SOURCES = Path.of("src/main/java/io/loomftp/examples/samples");

  @FunctionalInterface
  private interface Program {
    void main(String... arguments) throws Exception;
  }

  static Stream<Arguments> samples() {
    return Stream.of(
        sample("Download", Download::main, "(?s).*/pub/numbers.bin is here: 1.048.576 bytes.*226 .*"),
        sample("Upload", Upload::main, "(?s)report.csv has 34 bytes on the server\\s*"),
        sample("ListFolder", ListFolder::main, "(?s)FILE +\\d+ .*notes.txt.*FILE +1048576 .*numbers.bin\\s+2 entries\\s*"),
        sample("Resume", Resume::main, "(?s)cut off; .*\\R\\d{6,} bytes were there, \\d{6,} more were fetched\\s*"),
        sample("CarefulTransfer", CarefulTransfer::main,
            "(?s)1048576 bytes, SHA-256 [0-9a-f]{64}, compared: HASH\\s+the second time it is the same: .*"),
        sample("ExplicitTls", ExplicitTls::main, "(?s)\\d+ bytes over TLSv1.3 with .*session resumed: true.*refused: .*"),
        sample("TrustOwnCa", TrustOwnCa::main, "(?s)logged in, the folder is /\\s*"),
        sample("ManySessions", ManySessions::main, "(?s)100 sessions read \\d{4} bytes in \\d+ ms\\s*"),
        sample("SharedSessions", SharedSessions::main, "(?s)200 jobs by \\d sessions, \\d+ bytes, in \\d+ ms\\s*"),
        sample("MirrorTree", MirrorTree::main,
            "(?s)make .: missing.*send notes.txt .*send numbers.bin .*2 transferred .*again: .* 0 to transfer .* 2 unchanged.*"),
        sample("MicrometerMeters", MicrometerMeters::main,
            "(?s)sessions 3, open 0\\s+downloads 3, bytes \\d{3}\\s+commands \\d{2}, median \\d+.\\d{3} ms\\s*"),
        sample("TraceSpans", TraceSpans::main,
            "(?s)ftp.connect \\{server.address=localhost, server.port=\\d+\\} ok\\s+ftp USER .*"
                + "ftp RETR \\{ftp.reply.code=226\\} ok\\s+"
                + "ftp.transfer \\{file.path=/pub/notes.txt, ftp.bytes=\\d+, ftp.verb=RETR\\} ok\\s+ftp QUIT .*"),
        sample("FuturesChain", FuturesChain::main,
            "(?s)1048576 bytes fetched, and the server said 226\\s+SIZE .* refused: 550.*"),
        sample("EventPrinter", EventPrinter::main, lines(
            "connected", "authenticated", "pwd", "ls_connected", "ls_server", "ls_data", "ls_done", "get_connected",
            "get_server", "get_data", "get_done", "cd_error", "\\d+ .*", "quit")),
        sample("EventList", EventList::main,
            "(?s)refused with 530\\s+FILE +\\d+ +notes.txt\\s+FILE +1048576 +numbers.bin\\s*"),
        sample("Synopsis", Synopsis::main, lines(
            "stored: true", "on its way", "received 32 bytes", "its size is 32")),
        sample("EventUpload", EventUpload::main, "(?s)33554432 bytes are there, of 512 chunks\\s*"),
        sample("EventSync", EventSync::main, "(?s)(16384 bytes flushed\\s+){6}11696 bytes flushed\\s+confirmed: 226\\s*"),
        sample("ManySessionsBus", ManySessionsBus::main, "(?s)500 of 500 sessions read \\d{5} bytes in \\d+ ms\\s*"));
  }

  private static Arguments sample(String name, Program program, String said) {
    return Arguments.of(Named.of(name, program), said);
  }

  /** One event a line, behind the time. */
  private static String lines(String... names) {
    return Stream.of(names).map(name -> "\\s*([\\d.,]+ ms +)?" + name + "\\R").collect(Collectors.joining());
  }

  @ParameterizedTest
  @MethodSource("samples")
  void everySampleSaysWhatItDid(Program program, String said) throws Exception {
    String output = outputOf(program);
    assertTrue(output.matches(said), output);
  }

  private static String outputOf(Program program) throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      program.main();
    } finally {
      System.setOut(before);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** A program that is added is to be run here, and to be found in the package comment. */
  @Test
  void everyProgramIsTestedAndListed() throws IOException {
    String contents = Files.readString(SOURCES.resolve("package-info.java"));
    Set<String> programs = programs();
    for (String program : programs) {
      assertTrue(contents.contains("samples." + program + "}"), program + " is not in package-info.java");
    }
    Set<String> tested = samples().map(row -> ((Named<?>) row.get()[0]).getName()).collect(Collectors.toSet());
    tested.add("Demo");
    assertEquals(programs, tested);
  }

  private static Set<String> programs() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files
          .filter(SamplesTest::hasMain)
          .map(file -> file.getFileName().toString().replace(".java", ""))
          .collect(Collectors.toSet());
    }
  }

  private static boolean hasMain(Path file) {
    try {
      return Files.readString(file).contains("public static void main(");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
