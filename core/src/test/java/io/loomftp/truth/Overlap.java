package io.loomftp.truth;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loomftp.ErrorKind;
import io.loomftp.Ftp;
import io.loomftp.FtpConfig;
import io.loomftp.FtpException;
import io.loomftp.FtpReplyException;
import io.loomftp.FtpSession;
import io.loomftp.RateLimit;
import io.loomftp.TransferOptions;
import io.loomftp.mirror.MirrorException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Several transfers to one target at the same time, in this JVM and in other processes, each of its own version of the file.
 * Each succeeds or fails with a clear kind; the target is at any moment absent or one version in full, and in the end the
 * version of one that succeeded.
 */
final class Overlap {
  static final String NAME = "f.bin";
  static final List<byte[]> VERSIONS = List.of(Truth.content((2 << 20) + 12_345, 1), Truth.content((2 << 20) + 12_345, 2));
  private static final int PATIENCE_SECONDS = 60;
  private static final RateLimit SLOW = RateLimit.of(12 << 20);
  private static final List<ErrorKind> CLEAR =
      List.of(ErrorKind.BUSY, ErrorKind.CHANGED, ErrorKind.CORRUPT, ErrorKind.TRUNCATED, ErrorKind.NOT_FOUND, ErrorKind.EXISTS);

  /** A transfer that takes part; one of the two ways is there. */
  record Part(@Nullable Fetch down, @Nullable Send up, int version, boolean inOtherProcess) {
    static Part of(String name) {
      String[] words = name.split("-");
      boolean isDown = words[0].equals("down");
      return new Part(
          isDown ? Fetch.valueOf(words[1]) : null, isDown ? null : Send.valueOf(words[1]), Integer.parseInt(words[2]),
          words.length > 3);
    }

    @Override
    public String toString() {
      return (down != null ? "down-" + down : "up-" + up) + "-" + version + (inOtherProcess ? "-process" : "");
    }

    /** Transfers {@code remote/version/f.bin} to {@code local/target}, or {@code local/version/f.bin} to {@code remote/target}. */
    void run(FtpConfig config, Path local, String remote) throws IOException {
      if (down != null) {
        TransferOptions options = down.options().rateLimit(SLOW).retry(Truth.AT_ONCE);
        try (Fetch.Way way = down.open(config)) {
          way.fetch(remote + "/" + version, NAME, local.resolve("target").resolve(NAME), options, new ByteArrayOutputStream());
        }
      } else if (up != null) {
        TransferOptions options = up.options().rateLimit(SLOW).retry(Truth.AT_ONCE);
        try (Send.Way way = up.open(config)) {
          way.send(local.resolve(String.valueOf(version)).resolve(NAME), remote + "/target", options);
        }
      }
    }
  }

  private Overlap() {}

  /** Runs all parts at the same time; returns how many succeeded. */
  static String run(List<Part> parts, FtpConfig config, String password, Path local, String remote,
      Callable<byte @Nullable []> target)
      throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      Future<String> seen = threads.submit(() -> watch(target, over));
      List<Future<Boolean>> ends = new ArrayList<>();
      for (Part part : parts) {
        ends.add(threads.submit(() -> part.inOtherProcess ? runElsewhere(part, config, password, local, remote) : runHere(part,
            config, local, remote)));
      }
      List<Integer> good = new ArrayList<>();
      for (int i = 0; i < parts.size(); i++) {
        if (result(ends.get(i))) {
          good.add(parts.get(i).version);
        }
      }
      over.set(true);
      String mixture = seen.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertTrue(mixture.isEmpty(), mixture);
      byte[] last = target.call();
      int version = version(last);
      assertTrue(good.isEmpty() || good.contains(version), "version " + version + " is there, these succeeded: " + good);
      return good.size() + " of " + parts.size() + " succeeded";
    } finally {
      over.set(true); // an interrupt does not end the watch: it would only make it faster
      threads.shutdownNow();
    }
  }

  private static boolean result(Future<Boolean> end) throws Exception {
    try {
      return end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private static boolean runHere(Part part, FtpConfig config, Path local, String remote) throws IOException {
    try {
      part.run(config, local, remote);
      return true;
    } catch (FtpException e) {
      // A server that renames onto nothing may refuse a rename because another upload writes that file in place.
      boolean refused = e instanceof FtpReplyException reply && reply.command().startsWith("RNTO");
      assertTrue(CLEAR.contains(e.kind()) || refused, part + ": " + e);
      return false;
    } catch (MirrorException e) {
      return false;
    }
  }

  private static boolean runElsewhere(Part part, FtpConfig config, String password, Path local, String remote)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", System.getProperty("java.class.path"),
            Overlap.class.getName(), part.toString(), String.valueOf(config.port()), config.credentials().orElseThrow().user(),
            password, local.toString(), remote).redirectErrorStream(true).start();
    try {
      String said = new String(process.getInputStream().readAllBytes());
      assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), part + " does not end");
      assertTrue(process.exitValue() <= 1, part + ": " + said);
      return process.exitValue() == 0;
    } finally {
      process.destroyForcibly();
    }
  }

  /** The other process: exit code 0 for success, 1 for a clear failure, else 2. */
  public static void main(String[] args) {
    int code;
    try {
      FtpConfig config = Truth.config(Integer.parseInt(args[1]), args[2], args[3]);
      code = runHere(Part.of(args[0]), config, Path.of(args[4]), args[5]) ? 0 : 1;
    } catch (IOException | RuntimeException | Error e) {
      System.err.println(e);
      code = 2;
    }
    System.exit(code);
  }

  private static String watch(Callable<byte @Nullable []> target, AtomicBoolean over) throws Exception {
    while (!over.get()) {
      byte[] now = target.call();
      if (now != null && version(now) < 0) {
        return "neither version is under the full name: " + now.length + " bytes";
      }
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
    return "";
  }

  private static int version(byte @Nullable [] bytes) {
    for (int i = 0; i < VERSIONS.size(); i++) {
      if (Arrays.equals(bytes, VERSIONS.get(i))) {
        return i;
      }
    }
    return -1;
  }

  static byte @Nullable [] read(Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** All pairs, and triples, of these kinds, with versions in turn. */
  static List<List<Part>> combinations(boolean down, int size, boolean withProcess) {
    List<String> kinds =
        down ? List.of("TO_PATH", "SEGMENTED", "RESUMED", "MIRROR") : List.of("ATOMIC", "RESUMED", "MIRROR");
    List<List<Part>> all = new ArrayList<>();
    combine(down, kinds, 0, size, List.of(), withProcess, all);
    return all;
  }

  private static void combine(
      boolean down, List<String> kinds, int from, int size, List<Part> chosen, boolean withProcess, List<List<Part>> all) {
    if (chosen.size() == size) {
      all.add(chosen);
      return;
    }
    for (int i = from; i < kinds.size(); i++) {
      List<Part> more = new ArrayList<>(chosen);
      String suffix = withProcess ? "-process" : "";
      more.add(Part.of((down ? "down-" : "up-") + kinds.get(i) + "-" + chosen.size() % 2 + suffix));
      combine(down, kinds, i, size, more, withProcess, all);
    }
  }

  /** A sample of all combinations in folders of a server whose home is a local folder. */
  static void sampleAt(String server, int port, String user, String password, Path home, Path folder) throws Exception {
    List<List<Part>> all = new ArrayList<>();
    for (boolean down : new boolean[] {true, false}) {
      all.addAll(Truth.sample(combinations(down, 2, false), 4, new Random(Truth.SEED)));
      all.addAll(Truth.sample(combinations(down, 3, false), 2, new Random(Truth.SEED)));
      all.addAll(Truth.sample(combinations(down, 2, true), 1, new Random(Truth.SEED)));
    }
    FtpConfig config = Truth.config(port, user, password);
    Cases cases = new Cases("overlap at " + server);
    for (int i = 0; i < all.size(); i++) {
      List<Part> parts = all.get(i);
      String name = "case" + i;
      cases.add(parts.toString(), () -> runIn(name, parts, config, password, home, Files.createDirectories(folder.resolve(
          name))));
    }
    cases.run(2);
  }

  private static String runIn(String name, List<Part> parts, FtpConfig config, String password, Path home, Path local)
      throws Exception {
    Files.createDirectories(local.resolve("target"));
    String remote;
    try (FtpSession ftp = Ftp.open(config)) {
      String start = ftp.pwd();
      remote = (start.endsWith("/") ? start : start + "/") + name;
      ftp.mkdirs(remote + "/target");
      for (int i = 0; i < VERSIONS.size(); i++) {
        Path file = Files.createDirectories(local.resolve(String.valueOf(i))).resolve(NAME);
        Files.write(file, VERSIONS.get(i));
        ftp.mkdir(remote + "/" + i);
        ftp.put(file, remote + "/" + i + "/" + NAME, TransferOptions.defaults());
      }
    }
    Path target = parts.getFirst().down() != null ? local.resolve("target") : home.resolve(name).resolve("target");
    return run(parts, config, password, local, remote, () -> read(target.resolve(NAME)));
  }
}
