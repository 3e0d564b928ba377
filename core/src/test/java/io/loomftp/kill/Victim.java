package io.loomftp.kill;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

/** A process that runs a {@link Job} until it is killed. */
final class Victim {
  /** What the process wrote, in the folder for notes. */
  static final String SAID = "said";

  private Victim() {}

  /** The job, the port, the user, the password, the local folder, the remote one and that for notes. */
  public static void main(String[] args) throws IOException {
    Job job = Job.valueOf(args[0]);
    var config = Job.config(Integer.parseInt(args[1]), args[2], args[3], Duration.ofSeconds(10));
    job.run(config, Path.of(args[4]), args[5], Path.of(args[6]));
  }

  static Process start(Job job, int port, Ground ground, Path local, String remote, Path notes) throws IOException {
    return new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-Xshare:auto",
        "-Xmx64m",
        "-Dslf4j.internal.verbosity=ERROR",
        "-cp",
        classPath(),
        Victim.class.getName(),
        job.name(),
        Integer.toString(port),
        ground.user(),
        ground.password(),
        local.toString(),
        remote,
        notes.toString())
        .redirectErrorStream(true)
        .redirectOutput(notes.resolve(SAID).toFile())
        .start();
  }

  /** What is needed and no more: it has to start fast, and writes no log. */
  private static String classPath() {
    Set<String> places = new LinkedHashSet<>();
    for (Class<?> one : Set.of(
        Victim.class, io.loomftp.Ftp.class, org.slf4j.Logger.class, org.apache.commons.io.IOUtils.class)) {
      try {
        places.add(Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
      } catch (URISyntaxException e) {
        throw new IllegalStateException(e);
      }
    }
    return String.join(java.io.File.pathSeparator, places);
  }
}
