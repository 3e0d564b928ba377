package io.loomftp.examples.benchmarks;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A link with latency to the servers of this machine: a small C program behind a TUN device, which delays every packet of a
 * TCP connection. It needs Linux, root and a C compiler.
 */
final class LatencyLink implements Closeable {
  private static final String SOURCE = "latency-link.c";
  private static final long BOUND_SECONDS = 30;
  private static final String NETWORK = "10.199.7.";

  private final Process process;
  private final String far;

  private LatencyLink(Process process, String far) {
    this.process = process;
    this.far = far;
  }

  /**
   * Opens a link.
   *
   * @param work a folder for the program
   * @param roundTrip what a byte and its answer take together
   * @param number a number that no other link has, from 0
   * @throws Unavailable where such a link cannot be made
   */
  static LatencyLink open(Path work, Duration roundTrip, int number) throws IOException, Unavailable {
    if (!System.getProperty("user.name").equals("root") || !Files.exists(Path.of("/dev/net/tun"))) {
      throw new Unavailable("a link with latency needs root and /dev/net/tun");
    }
    Path program = compile(work);
    String near = NETWORK + (4 * number + 1);
    String far = NETWORK + (4 * number + 2);
    String oneWay = String.valueOf(TimeUnit.NANOSECONDS.toMicros(roundTrip.toNanos()) / 2);
    Process process =
        new ProcessBuilder(program.toString(), "loomlag" + number, near, far, oneWay)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader said = process.inputReader(StandardCharsets.US_ASCII);
    if (!"up".equals(said.readLine())) {
      process.destroy();
      throw new Unavailable("the device for a link with latency cannot be made here");
    }
    return new LatencyLink(process, far);
  }

  private static Path compile(Path work) throws IOException, Unavailable {
    Path program = work.resolve("latency-link");
    if (Files.exists(program)) {
      return program;
    }
    Path source = work.resolve(SOURCE);
    try (InputStream text = Objects.requireNonNull(LatencyLink.class.getResourceAsStream(SOURCE))) {
      Files.copy(text, source, StandardCopyOption.REPLACE_EXISTING);
    }
    ExternalProgram compiler =
        ExternalProgram.find("cc").orElseThrow(() -> new Unavailable("a link with latency needs a C compiler, cc"));
    try {
      compiler.run(List.of("-O2", "-o", program.toString(), source.toString()), Duration.ofSeconds(BOUND_SECONDS)).orThrow();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("interrupted while the link was compiled");
    }
    return program;
  }

  /** The address at which the servers of 127.0.0.1 are reached over the link. */
  String farAddress() {
    return far;
  }

  /** The program ends at the end of its input, and the device with it. */
  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      if (!process.waitFor(BOUND_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
