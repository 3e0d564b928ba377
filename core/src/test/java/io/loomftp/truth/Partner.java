package io.loomftp.truth;

import io.loomftp.RateLimit;
import io.loomftp.TransferOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Another process that transfers what it is told to, one thing after the other. */
final class Partner implements AutoCloseable {
  private static final String END = "-> ";

  private final Process process;
  private final BufferedReader said;
  private final PrintStream orders;
  private final ReentrantLock turn = new ReentrantLock();

  Partner() throws IOException {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-Dslf4j.internal.verbosity=ERROR",
                "-cp",
                classPath(),
                Partner.class.getName())
            .redirectErrorStream(true)
            .start();
    said = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
  }

  /** What it says of the end: "done", or the failure. */
  String run(Overlap.Place place, Overlap.Kind kind, Path local, String remote) throws IOException {
    turn.lock();
    try {
      orders.println(String.join("\t", kind.name(), Integer.toString(place.port()), place.user(), place.password(),
          place.home().toString(), local.toString(), remote));
      StringBuilder before = new StringBuilder();
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        if (line.startsWith(END)) {
          return line.substring(END.length());
        }
        before.append(line).append('\n');
      }
      throw new IOException("the other process has ended: " + before);
    } finally {
      turn.unlock();
    }
  }

  /** Waits until it does nothing. */
  void await() {
    turn.lock();
    turn.unlock();
  }

  @Override
  public void close() throws InterruptedException {
    orders.close();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }

  public static void main(String[] args) throws IOException {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split("\t", -1);
      Overlap.Place place = new Overlap.Place(Integer.parseInt(words[1]), words[2], words[3], Path.of(words[4]));
      String end = "done";
      try {
        TransferOptions how = TransferOptions.defaults().rateLimit(RateLimit.of(12 << 20));
        Overlap.Kind.valueOf(words[0]).run(place.config(), Path.of(words[5]), words[6], how);
      } catch (IOException e) {
        end = Overlap.describe(e);
      } catch (RuntimeException | Error e) {
        end = "broken: " + e;
      }
      System.out.println(END + end);
    }
  }

  /** The library, these tests, and what both need; no log. */
  private static String classPath() {
    Set<String> places = new LinkedHashSet<>();
    for (Class<?> one : Set.of(Partner.class, io.loomftp.Ftp.class, org.slf4j.Logger.class, org.apache.commons.io.IOUtils.class,
        org.junit.jupiter.api.Assertions.class, org.opentest4j.AssertionFailedError.class)) {
      try {
        places.add(Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
      } catch (URISyntaxException e) {
        throw new IllegalStateException(e);
      }
    }
    return String.join(java.io.File.pathSeparator, places);
  }
}
