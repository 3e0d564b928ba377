package io.loomftp.examples.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A program of others on the PATH.
 *
 * @param name its name
 * @param path its file
 */
record ExternalProgram(String name, Path path) {
  private static final long SAMPLE_MILLIS = 20;

  /**
   * How a run ended.
   *
   * @param command the program and its arguments
   * @param exit 0 is good
   * @param output what it wrote, errors too
   * @param peakKilobytes the most memory that was seen to be resident; 0 if nothing was seen
   */
  record Run(List<String> command, int exit, String output, long peakKilobytes) {
    /** This run, if it ended well. */
    Run orThrow() throws IOException {
      if (exit != 0) {
        throw new IOException(command + " ended with " + exit + ": " + output);
      }
      return this;
    }
  }

  /** The program, from the folders of the PATH. */
  static Optional<ExternalProgram> find(String name) {
    return Arrays.stream(Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator, -1))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst()
        .map(path -> new ExternalProgram(name, path));
  }

  /** The first line that it says of its version. */
  String version() throws IOException, InterruptedException {
    return run(List.of("--version"), Duration.ofSeconds(10)).output().lines().findFirst().orElse(name);
  }

  /** Runs it to its end, or kills it at the bound. */
  Run run(List<String> arguments, Duration bound) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(path.toString()));
    command.addAll(arguments);
    Path output = Files.createTempFile("loomftp-program", ".txt");
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
      process.getOutputStream().close();
      long end = System.nanoTime() + bound.toNanos();
      long peak = 0;
      while (!process.waitFor(SAMPLE_MILLIS, TimeUnit.MILLISECONDS)) {
        peak = Math.max(peak, Proc.peakKilobytes(process.pid()));
        if (System.nanoTime() > end) {
          process.destroyForcibly();
          throw new IOException(command + " did not end within " + bound);
        }
      }
      return new Run(command, process.exitValue(), Files.readString(output, StandardCharsets.UTF_8).strip(), peak);
    } finally {
      Files.delete(output);
    }
  }
}
