package io.loomftp.kill;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.sun.management.UnixOperatingSystemMXBean;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Whatever interrupts a transfer, and whenever: no file under its full name is half a file, and running it again makes it
 * whole without sending anything twice that was there.
 *
 * <p>Each job is interrupted at random bytes of its conversation and of its data, at every server: by SIGKILL to its process,
 * and by FIN, RST or a stall of its connections. {@code -Dloomftp.kill.points=200} does that thoroughly; what is usual is a
 * sample, always the same. {@code -Dloomftp.kill.seed} repeats the points of an earlier run, {@code -Dloomftp.kill.only} and
 * {@code -Dloomftp.kill.at} name some jobs and servers.
 */
@Timeout(3_600)
class KillTest {
  private static final int USUAL = 4;
  private static final int POINTS = Integer.getInteger("loomftp.kill.points", USUAL);
  private static final long SEED = Long.getLong("loomftp.kill.seed", POINTS > USUAL ? System.nanoTime() & 0xFFFFFF : 7);
  private static final String ONLY = System.getProperty("loomftp.kill.only", "");
  private static final String AT = System.getProperty("loomftp.kill.at", "");
  private static final PrintStream FIGURES = System.out;
  private static final Map<Ground.Kind, Ground> GROUNDS = new EnumMap<>(Ground.Kind.class);

  @TempDir Path folder;

  /** It has a word about every connection that is lost. */
  @BeforeAll
  static void quietServer() {
    ((Logger) LoggerFactory.getLogger("org.apache.ftpserver")).setLevel(Level.OFF);
  }

  static Stream<Arguments> everyJobEverywhere() {
    return Stream.of(Ground.Kind.values())
        .filter(kind -> isNamed(kind, AT))
        .flatMap(kind -> Stream.of(Job.values())
            .filter(job -> isNamed(job, ONLY))
            .filter(job -> !ONLY.isEmpty() || POINTS > 10 || !job.hasPlan() || kind == Ground.Kind.EMBEDDED)
            .map(job -> Arguments.of(job, kind)));
  }

  private static boolean isNamed(Enum<?> one, String names) {
    return names.isEmpty() || List.of(names.split(",", -1)).contains(one.name());
  }

  @ParameterizedTest(name = "{0} at {1}")
  @MethodSource("everyJobEverywhere")
  void runningItAgainAfterAnyInterruptionCompletesIt(Job job, Ground.Kind kind) throws Exception {
    Ground ground = GROUNDS.get(kind);
    if (ground == null) {
      ground = Ground.start(kind);
      GROUNDS.put(kind, ground);
    }
    long start = System.nanoTime();
    Series series = new Series(job, ground, folder, SEED);
    long descriptors = descriptors();
    Tally tally = series.interrupt(POINTS);
    long left = descriptors() - descriptors;
    assertTrue(left < 20, () -> left + " file descriptors stayed open after " + POINTS + " interruptions");
    FIGURES.printf("%s at %s, seed %d: %s; %.1f s%n", job, ground, SEED, tally, (System.nanoTime() - start) / 1e9);
    assertTrue(tally.all() >= POINTS, tally::toString);
  }

  /** Of this JVM; 0 where that is not told. */
  private static long descriptors() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getOpenFileDescriptorCount()
        : 0;
  }

  @AfterAll
  static void end() throws Exception {
    for (Ground ground : GROUNDS.values()) {
      ground.end();
    }
    GROUNDS.clear();
  }
}
