package io.loomftp.examples.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.Ftp;
import io.loomftp.async.AsyncFtp;
import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import jdk.jfr.consumer.RecordingFile;
import org.apache.commons.io.IOUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

/** The built modules, and what they depend on, work on the module path. */
@Timeout(120)
class ModulePathTest {
  private static final Path SOURCES = Path.of("src/test/module");

  @TempDir Path folder;

  @Test
  void consumerOnTheModulePathUsesEveryPackage() throws Exception {
    Path classes = folder.resolve("classes");
    compile(classes);
    try (EmbeddedServer server = EmbeddedServer.start()) {
      String[] arguments = {
          EmbeddedServer.HOST,
          Integer.toString(server.port()),
          EmbeddedServer.USER,
          EmbeddedServer.PASSWORD,
          folder.resolve("mirror").toString()
      };
      assertEquals(
          List.of(
              "session 1048576",
              "pool true",
              "mirror 0",
              "watch 0",
              "future 220",
              "module io.loomftp, module io.loomftp.async, module consumer"),
          run(classes, List.of(), arguments));
    }
    assertTrue(Files.isRegularFile(folder.resolve("mirror/numbers.bin")));
  }

  /** The module io.loomftp requires jdk.jfr statically: where a recording runs it is there. */
  @Test
  void eventsAreRecordedOnTheModulePath() throws Exception {
    Path classes = folder.resolve("classes");
    compile(classes);
    Path recording = folder.resolve("recording.jfr");
    try (EmbeddedServer server = EmbeddedServer.start()) {
      run(
          classes,
          List.of("-XX:StartFlightRecording:filename=" + recording),
          EmbeddedServer.HOST,
          Integer.toString(server.port()),
          EmbeddedServer.USER,
          EmbeddedServer.PASSWORD,
          folder.resolve("mirror").toString());
    }
    Set<String> recorded =
        RecordingFile.readAllEvents(recording).stream().map(event -> event.getEventType().getName()).collect(Collectors.toSet());
    assertTrue(
        recorded.containsAll(Set.of("loomftp.Connect", "loomftp.Command", "loomftp.Transfer", "loomftp.PoolWait")),
        recorded.toString());
  }

  @Test
  void modulesExportTheirPublicPackagesOnly() throws Exception {
    assertEquals(Set.of("io.loomftp", "io.loomftp.mirror", "io.loomftp.pool", "io.loomftp.watch"), exports(Ftp.class));
    assertEquals(Set.of("io.loomftp.async"), exports(AsyncFtp.class));
  }

  private static Set<String> exports(Class<?> type) throws URISyntaxException {
    ModuleDescriptor module = ModuleFinder.of(placeOf(type)).findAll().iterator().next().descriptor();
    return module.exports().stream().map(ModuleDescriptor.Exports::source).collect(Collectors.toSet());
  }

  private static void compile(Path classes) throws IOException, URISyntaxException {
    List<String> arguments =
        new ArrayList<>(List.of("--release", "21", "-proc:none", "-d", classes.toString(), "--module-path", modules()));
    try (Stream<Path> sources = Files.walk(SOURCES)) {
      sources.filter(Files::isRegularFile).map(Path::toString).forEach(arguments::add);
    }
    assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)));
  }

  /** What the program printed, once it has ended with 0. */
  private List<String> run(Path classes, List<String> options, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--module-path",
                classes + File.pathSeparator + modules()));
    command.addAll(options);
    command.addAll(List.of("--module", "consumer/consumer.Main"));
    command.addAll(Arrays.asList(arguments));
    Path output = folder.resolve("output");
    Path errors = folder.resolve("errors");
    Process process = new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile()).start();
    try {
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the program did not end");
      assertEquals(0, process.exitValue(), () -> read(errors));
      return read(output).lines().toList();
    } finally {
      process.destroyForcibly();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Both modules and their two dependencies, as jars or, when nothing is packaged, as folders. */
  private static String modules() throws URISyntaxException {
    List<String> path = new ArrayList<>();
    for (Class<?> type : List.of(Ftp.class, AsyncFtp.class, Logger.class, IOUtils.class)) {
      path.add(placeOf(type).toString());
    }
    return String.join(File.pathSeparator, path);
  }

  private static Path placeOf(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
